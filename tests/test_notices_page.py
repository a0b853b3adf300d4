"""docs/notices.md lists every notice, with a picture that is there."""

import re

import pytest
from PIL import Image

from templates.source import PACKAGE

from . import notices_page
from .golden_notices import PROCESSES
from .notice_pictures import AT_NIGHT, FOLDER, PHONE, WIDE

PAGE = notices_page.PAGE.read_text(encoding="utf-8")
PICTURES = re.findall(r'<img src="([^"]+)"', PAGE)
FOLDERS = (*PROCESSES, "common")
MOST = 6 << 20  # octets of all pictures together


def test_the_page_says_what_the_program_says():
    """`python -m tests.notices_page` renews it."""
    assert notices_page.page() == PAGE


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_notice_is_listed(folder):
    title = "## Every process" if folder == "common" else f"(`{folder}`)\n"
    part = PAGE.split(title, 1)[1].split("\n## ", 1)[0]
    sources = {file.name.split(".")[0] for file in (PACKAGE / folder).glob("[!_]*.md")}
    assert set(re.findall(r"^### `(\w+)`", part, re.MULTILINE)) == sources


def test_every_picture_that_is_named_is_there_and_no_other():
    """`python -m tests.notice_pictures` takes them anew; it needs Chromium."""
    there = {file.relative_to(FOLDER.parent).as_posix() for file in FOLDER.rglob("*.webp")}
    assert set(PICTURES) == there


def test_the_pictures_are_those_of_a_phone_or_a_screen_and_small():
    for name in PICTURES:
        with Image.open(FOLDER.parent / name) as picture:
            assert picture.width == (WIDE if ".night." in name else PHONE)
    assert sum(file.stat().st_size for file in FOLDER.rglob("*.webp")) < MOST
    assert len([name for name in PICTURES if ".night." in name]) == len(AT_NIGHT)


NOTICES = re.split(r"\n### ", PAGE)[1:]


@pytest.mark.parametrize("heading", ["**To**", "**When**", "**Answers**", "**Languages**"])
def test_every_notice_says_who_gets_it_when_and_what_may_be_answered(heading):
    """When the program sends one by itself says tests/occasions.yaml."""
    assert [one.split("\n")[0] for one in NOTICES if f"\n- {heading} " not in one] == []


def test_no_occasion_is_told_of_a_notice_that_is_not_there():
    assert set(notices_page.OCCASIONS) <= {one.split("`")[1] for one in NOTICES}
