"""The code that opens a mail on a telephone: read back from the message as a camera would."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from daemon.rehearsal.tap import opened, prepared_in
from handlers.papers.file_kind import kind_of
from handlers.papers.filing import sort_attachments
from handlers.papers.photo_codes import keys_of_our_page
from handlers.papers.surroundings import Surroundings
from handlers.token import read_reply_address
from handlers.workflow_file import shipped
from parsers.business import Barcode, Photo
from parsers.files.opening import with_opened_files
from parsers.mail import Attachment, FileKind, Intent, IntentKind
from parsers.read import read
from templates.message import compose
from templates.qr import qr_png
from templates.sample import NOON, sample

from .notice_desk import DESK, KEYS

ASKING = [
    (name, notice)
    for name in ("rma", "complaints", "dossier", "repair_bonus", "claims")
    for notice, rule in shipped(name).notices.items()
    if rule.telephone
]


def sent(workflow: str, notice: str, language: str) -> EmailMessage:
    """The message of a sample notice."""
    one = sample(workflow, notice, language)
    made = compose(
        one.notice,
        ticket=one.ticket,
        desk=DESK,
        workflow=shipped(workflow),
        keys=KEYS,
        cause="m412",
        now=NOON,
        files=one.files,
    )
    return message_from_bytes(made.data, policy=policy.default)


def code_in(message: EmailMessage) -> str:
    """What a camera reads on the page."""
    parts = (part for part in message.walk() if str(part["Content-ID"]).startswith("<qr."))
    data = next(parts).get_payload(decode=True)
    assert isinstance(data, bytes)
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(data)).convert("L"))
    return str(found.text)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("workflow", "notice"), ASKING)
def test_the_code_opens_a_mail_to_the_ticket(workflow: str, notice: str, language: str) -> None:
    """To the signed address, with the key in its subject; the address stands beside it and in the text."""
    message = sent(workflow, notice, language)
    made = opened(code_in(message))
    assert made.to == str(message["Reply-To"])
    known = read_reply_address(KEYS, DESK.address, made.to)
    assert known is not None
    assert known.ticket_id == sample(workflow, notice, language).ticket.id  # type: ignore[union-attr]
    page, text = message.get_body(("html",)), message.get_body(("plain",))
    assert page is not None
    assert text is not None
    assert f'alt="QR: {made.to}"' in page.get_content()
    assert made.to in text.get_content()
    assert any(one.to == made.to and not one.body for one in prepared_in(message))
    assert len(bytes(message)) < 40_000


def test_other_notices_have_no_code() -> None:
    """Only where photos are asked for."""
    message = sent("rma", "N5", "fr")
    assert not [part for part in message.walk() if part["Content-ID"]]


@pytest.mark.parametrize("length", [20, 80, 200, 400])
def test_a_code_of_any_length_is_read_back(length: int) -> None:
    """Up to far more than an address with its subject needs."""
    text = ("mailto:desk%2Bt1@desk.example?" + "x" * length)[:length]
    picture = Image.open(BytesIO(qr_png(text)))
    assert [one.text for one in zxingcpp.read_barcodes(picture.convert("L"))] == [text]
    assert len(qr_png(text)) < 4_000


@pytest.mark.parametrize("cid", ["qr.abc@savd", "image001.png@01DC5A.1234"])
def test_our_code_that_comes_back_is_no_photo(cid: str) -> None:
    """Mail programs send the pictures of what they answer along, some under names of their own (X-21)."""
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"], mail["To"], mail["Subject"] = "c@client.example", DESK.address, "Re: photos"
    mail.set_content("Voici.")
    mail.add_alternative(f'<p>Voici.</p><img src="cid:{cid}">', subtype="html")
    png = qr_png("mailto:rma%2Bt412000.c.k1.mac@desk.example?subject=%5BRMA-2026-000412%5D")
    mail.get_payload()[1].add_related(png, "image", "png", cid=f"<{cid}>", filename="image001.png")  # type: ignore[index,union-attr]
    read_back = with_opened_files(read(bytes(mail)))
    (file,) = read_back.attachments
    assert file.decor
    assert sort_attachments(read_back.attachments, ("photo",), read_back.intent).promoted == ()


AGREEMENT = "mailto:bonus%2Bt1.o.k1.mac@desk.example?subject=%5BQR-2026-000031%5D"


def pictured(code: str, expects: tuple[str, ...], intent: IntentKind, said: str = "") -> str:
    """What a photo with a code on it is taken for."""
    barcodes = (Barcode(symbology="QRCode", text=code),) if code else ()
    file = Attachment(
        filename="IMG_2041.jpg",
        content_type="image/jpeg",
        declared_type="image/jpeg",
        size=1,
        sha256="",
        data=b"",
        kind=FileKind.IMAGE,
        inline=True,
        photo=Photo(width=3000, height=4000, barcodes=barcodes),
    )
    around = Surroundings(expects=expects, intent=Intent(kind=intent), said=said, papers=True)
    return kind_of(file, around).kind


SIGNING = ("signed_agreement", "signed_quote", "invoice")


def test_a_photo_of_the_page_we_sent_to_be_signed_is_that_page() -> None:
    """With no word, few words, inside the text, beside other papers: its code says what it is (X-11)."""
    for intent in (IntentKind.EMPTY, IntentKind.UNKNOWN, IntentKind.ACCEPTANCE):
        assert pictured(AGREEMENT, SIGNING, intent) == "signed_agreement"
        assert pictured(AGREEMENT, ("photo_nameplate", *SIGNING), intent) == "signed_agreement"


def test_a_code_of_ours_makes_nothing_else_of_a_photo() -> None:
    """Where no signature is awaited, where the writer asks or names something else, and for other codes."""
    assert pictured(AGREEMENT, ("order", "signed_quote"), IntentKind.EMPTY) == "photo"
    assert pictured(AGREEMENT, SIGNING, IntentKind.QUESTION) == "photo"
    assert (
        pictured(AGREEMENT, SIGNING, IntentKind.UNKNOWN, "voici la facture") != "signed_agreement"
    )
    assert pictured("https://elsewhere.example", SIGNING, IntentKind.EMPTY) == "photo"


def test_the_code_says_of_which_request_the_page_is() -> None:
    """The key stands in the subject of the mail that it opens."""
    codes = (Barcode(symbology="QRCode", text=AGREEMENT),)
    assert keys_of_our_page(codes) == ("QR-2026-000031",)
    assert keys_of_our_page((Barcode(symbology="QRCode", text="QR-2026-000031"),)) == ()
