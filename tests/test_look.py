"""The look of a desk: its colour can be read, its logo fits and travels inside the message."""

import re
import tomllib
from dataclasses import replace
from email import message_from_bytes, policy
from io import BytesIO

import pytest
from PIL import Image

from daemon.config.desk import LookSection
from daemon.config.look import LOGO_SIZE, look_of
from handlers.desk import Look
from handlers.errors import ConfigError
from templates.look import contrast, mixed, shades_of
from templates.message import compose, render
from templates.sample import sample

from .notice_desk import DESK, KEYS, NOW, WORKFLOW


class Written:
    """A configuration of which only the folder and the place of a key matter."""

    def __init__(self, folder):
        self.folder = folder

    def place(self, *keys):
        return f"savd.toml: {'.'.join(keys)}"


def told(tmp_path, **keys):
    return look_of(Written(tmp_path), "rma", LookSection(**keys))


def picture(tmp_path, kind="png", size=(480, 96)):
    buffer = BytesIO()
    Image.new("RGB", size, "#1c4f8c").save(buffer, kind)
    (tmp_path / f"logo.{kind}").write_bytes(buffer.getvalue())
    return f"logo.{kind}"


@pytest.mark.parametrize(
    "one, other, expected", [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_the_guidelines(one, other, expected):
    assert round(contrast(one, other), 2) == expected
    assert contrast(one, other) == contrast(other, one)


def test_the_standard_look_passes_its_own_check(tmp_path):
    assert told(tmp_path) == Look()


def test_a_colour_too_light_for_white_words_is_refused_with_one_that_is_not(tmp_path):
    with pytest.raises(ConfigError, match=r"contrast of 1\.5, 4\.5 is needed") as caught:
        told(tmp_path, colour="#FFCC33")
    assert "desks.rma.look" in str(caught.value)
    remedy = re.search(r'for example "(#[0-9a-f]{6})"', str(caught.value))[1]
    assert told(tmp_path, colour=remedy).colour == remedy


@pytest.mark.parametrize("colour", ["#1c4f8c", "#000000", "#7a1f1f", "#006b3c", "#6d28d9"])
def test_every_shade_of_a_colour_can_be_read_where_it_stands(colour):
    made = shades_of(colour)
    assert contrast(made.colour, "#ffffff") >= 4.5
    assert contrast(made.colour, made.tint) >= 3
    assert contrast(made.tint, "#1d252d") >= 4.5
    assert contrast(made.light, "#20252b") >= 4.5
    assert contrast(made.light, "#2b323a") >= 4.5


def test_mixing_goes_from_one_colour_to_the_other():
    assert mixed("#000000", "#ffffff", 0) == "#000000"
    assert mixed("#000000", "#ffffff", 1) == "#ffffff"


@pytest.mark.parametrize("kind, type_", [("png", "image/png"), ("jpeg", "image/jpeg")])
def test_a_logo_is_shown_at_the_size_that_fits(tmp_path, kind, type_):
    look = told(tmp_path, logo=picture(tmp_path, kind))
    assert (look.logo_type, look.logo_width, look.logo_height) == (type_, 240, 48)
    tall = told(tmp_path, logo=picture(tmp_path, kind, (100, 400)))
    assert (tall.logo_width, tall.logo_height) == (12, 48)


def refusal(tmp_path, name):
    with pytest.raises(ConfigError) as caught:
        told(tmp_path, logo=name)
    return str(caught.value)


def test_a_logo_that_cannot_be_shown_is_refused_with_a_remedy(tmp_path):
    assert "does not exist" in refusal(tmp_path, "none.png")
    (tmp_path / "text.png").write_bytes(b"no picture")
    assert "Save it as PNG" in refusal(tmp_path, "text.png")
    whole = (tmp_path / picture(tmp_path)).read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    assert "Save it as PNG" in refusal(tmp_path, "half.png")
    (tmp_path / "large.png").write_bytes(whole + b"\0" * LOGO_SIZE)
    assert "Save it smaller" in refusal(tmp_path, "large.png")
    assert "2001 × 10 pixels" in refusal(tmp_path, picture(tmp_path, "png", (2001, 10)))
    assert "no PNG or JPEG" in refusal(tmp_path, picture(tmp_path, "gif", (10, 10)))


def test_the_look_is_written_under_its_desk(tmp_path):
    keys = tomllib.loads('[desks.rma.look]\ncolour = "#7a1f1f"\n')["desks"]["rma"]["look"]
    assert told(tmp_path, **keys).colour == "#7a1f1f"


def sent(desk):
    one = sample("rma", "N1", "fr")
    made = compose(
        one.notice,
        ticket=one.ticket,
        desk=desk,
        workflow=WORKFLOW,
        keys=KEYS,
        cause="m1",
        now=NOW,
        files={},
    )
    return message_from_bytes(made.data, policy=policy.default)


def test_the_logo_travels_inside_the_message_and_is_named_when_pictures_are_off(tmp_path):
    look = told(tmp_path, logo=picture(tmp_path))
    mail = sent(replace(DESK, look=look))
    html = mail.get_body(("html",)).get_content()
    shown = re.search(r'<h1[^>]*><img src="cid:([^"]+)" alt="SAV Exemple"', html)[1]
    inside = [part for part in mail.walk() if part["Content-ID"] == f"<{shown}>"]
    assert [part.get_content_type() for part in inside] == ["image/png"]
    assert inside[0].get_content() == look.logo
    assert inside[0].get_content_disposition() == "inline"


def test_without_a_logo_the_title_of_the_desk_is_the_heading():
    html = sent(DESK).get_body(("html",)).get_content()
    assert "<img" not in html
    assert re.search(r"<h1[^>]*>SAV Exemple</h1>", html)


def test_work_items_carry_no_logo(tmp_path):
    desk = replace(DESK, look=told(tmp_path, logo=picture(tmp_path)))
    one = sample("rma", "W_new", "fr")
    assert "<img" not in render(one.notice, one.ticket, desk, WORKFLOW).html
