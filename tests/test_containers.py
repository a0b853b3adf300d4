"""Containers: S/MIME, PGP, winmail.dat, .msg and uuencode give their texts and their files (X-14)."""

import base64
import binascii
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.containers.cms import open_cms
from parsers.containers.compound import read_compound
from parsers.containers.mapi import SUBJECT
from parsers.containers.outlook import as_mail, read_msg
from parsers.containers.rtf import DICTIONARY, from_compressed, read_rtf
from parsers.containers.tnef import read_tnef
from parsers.mail import FileKind
from parsers.read import read

from .outlook_files import attribute, message, msg, prop, properties, tnef

SIGNED = bytes.fromhex("06092a864886f70d010702")
ENVELOPED = bytes.fromhex("06092a864886f70d010703")
PLAIN = bytes.fromhex("06092a864886f70d010701")
INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\nJ'accepte le devis, Ren\xc3\xa9e\r\n"
JPEG = b"\xff\xd8\xff\xe0 photo" + bytes(5_000)


def der(tag, *contents):
    content = b"".join(contents)
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    count = (size.bit_length() + 7) // 8
    return bytes((tag, 0x80 | count)) + size.to_bytes(count, "big") + content


def ber(tag, *contents):
    """Write with an indefinite length, as programs do that sign while they read."""
    return bytes((tag, 0x80)) + b"".join(contents) + b"\x00\x00"


def signed(content, write=der):
    wrapped = write(0x30, PLAIN, write(0xA0, content)) if content else der(0x30, PLAIN)
    algorithms = der(0x31, der(0x30, bytes.fromhex("0609608648016503040201")))
    data = write(0x30, b"\x02\x01\x01", algorithms, wrapped, der(0xA0, b"certificates"))
    return write(0x30, SIGNED, write(0xA0, data))


def mailed(data, head=b"application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"):
    return (
        b"From: a@b.example\nSubject: x\nContent-Type: " + head
        + b"\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(data)
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        signed(der(0x04, INNER)),
        signed(ber(0x24, der(0x04, INNER[:30]), der(0x04, INNER[30:])), ber),
        signed(ber(0x24, ber(0x24, der(0x04, INNER[:9])), der(0x04, INNER[9:])), ber),
        signed(der(0x24, der(0x04, INNER[:30]), der(0x04, INNER[30:]))),
    ],
    ids=["der", "ber", "pieces of pieces", "pieces"],
)
def test_the_text_of_an_opaque_signed_mail_is_its_text(data):
    mail = read(mailed(data))
    assert mail.text.strip() == "J'accepte le devis, Renée"
    assert mail.attachments == ()


def test_files_of_an_opaque_signed_mail_are_its_files():
    inner = (
        b"Content-Type: multipart/mixed; boundary=i\n\n--i\n\nhello\n--i\n"
        b"Content-Type: application/pdf; name=a.pdf\n\n%PDF-1.4\n%%EOF\n--i--\n"
    )
    mail = read(mailed(signed(der(0x04, inner))))
    assert mail.text == "hello"
    assert [file.filename for file in mail.attachments] == ["a.pdf"]


def test_an_encrypted_mail_says_so():
    assert "encrypted" in read(mailed(der(0x30, ENVELOPED, der(0xA0, b"?")))).defects
    garbage = mailed(b"garbage", b"application/pkcs7-mime; smime-type=enveloped-data")
    assert "encrypted" in read(garbage).defects
    pgp = b'Content-Type: multipart/encrypted; boundary=b; protocol="application/pgp-encrypted"\n\n'
    pgp += b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
    pgp += b"Content-Type: application/octet-stream; name=encrypted.asc\n\n-----BEGIN\n--b--\n"
    mail = read(pgp)
    assert "encrypted" in mail.defects
    assert [file.filename for file in mail.attachments] == ["encrypted.asc"]
    assert "encrypted" in read(b"\n-----BEGIN PGP MESSAGE-----\n\nhQ\n").defects


def test_a_signed_file_is_the_file_that_was_signed():
    data = signed(der(0x04, b"%PDF-1.4\n%%EOF"))
    head = b'application/pkcs7-mime; name="offre.pdf.p7m"'
    (file,) = read(mailed(data, head)).attachments
    assert (file.filename, file.kind) == ("offre.pdf", FileKind.PDF)


def test_a_detached_or_broken_signature_stays_a_file():
    for data in (signed(b""), signed(der(0x04, INNER))[:20], b""):
        assert [file.filename for file in read(mailed(data)).attachments] == ["smime.p7m"]


def test_signatures_in_signatures_are_opened_to_a_limit():
    data = INNER
    for _ in range(8):
        data = mailed(signed(der(0x04, data)))
    assert "too_deep" in read(data).defects


def test_the_nameless_part_of_a_signature_is_no_file():
    raw = b"Content-Type: multipart/signed; boundary=b\n\n--b\n\nyes\n--b\n"
    assert read(raw + b"Content-Type: application/pgp-signature\n\n0x\n--b--\n").attachments == ()


def test_the_resource_half_of_an_apple_double_is_no_file():
    raw = (
        b"Content-Type: multipart/appledouble; boundary=b\n\n--b\n"
        b"Content-Type: application/applefile; name=photo.jpg\n\nresources\n--b\n"
        b"Content-Type: image/jpeg; name=photo.jpg\n\n\xff\xd8\xff\n--b--\n"
    )
    assert [file.kind for file in read(raw).attachments] == [FileKind.IMAGE]


def winmail(*attributes, text=b""):
    data = base64.encodebytes(tnef(*attributes))
    return (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n" + text
        + b"\n--b\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        b"Content-Transfer-Encoding: base64\n\n" + data + b"\n--b--\n"
    )  # fmt: skip


PLAIN_BODY = attribute(0x00069003, properties(prop(0x1E, 0x1000, b"La pompe fuit.\x00")))
HTML_BODY = attribute(0x00069003, properties(prop(0x102, 0x1013, b"<p>La pompe <b>fuit</b>.</p>")))
RTF_BODY = attribute(
    0x00069003,
    properties(
        prop(
            0x102,
            0x1009,
            struct.pack("<IIII", 40, 28, 0x414C454D, 0) + b"{\\rtf1 La pompe fuit.\\par}",
        )
    ),
)


@pytest.mark.parametrize("body", [PLAIN_BODY, HTML_BODY, RTF_BODY], ids=["plain", "html", "rtf"])
def test_winmail_gives_the_text_when_the_mail_has_no_other(body):
    assert read(winmail(body)).text.strip() == "La pompe fuit."
    assert read(winmail(body, text=b"Other words")).text.strip() == "Other words"


def test_winmail_is_known_by_its_first_bytes_whatever_its_name():
    data = base64.encodebytes(tnef(attribute(0x0002800C, b"It leaks.\x00")))
    head = b"Content-Type: application/octet-stream; name=ATT00001.dat\n"
    mail = read(head + b"Content-Transfer-Encoding: base64\n\n" + data)
    assert (mail.text.strip(), mail.attachments) == ("It leaks.", ())


def test_a_multipart_encoded_whole_is_opened():
    inner = b"--b\n\nIt leaks.\n--b\nContent-Type: image/png; name=a.png\n\nx\n--b--\n"
    head = b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n"
    mail = read(head + base64.encodebytes(inner))
    assert mail.text.strip() == "It leaks."
    assert [file.filename for file in mail.attachments] == ["a.png"]


def test_enriched_text_is_read_where_there_is_no_other():
    text = b"<bold>It</bold> leaks\n<param>red</param>a << b\n\nnow<nl>or never"
    enriched = b"Content-Type: text/enriched\n\n" + text
    mail = read(enriched)
    assert (mail.text.split("\n"), mail.attachments) == (["It leaks a < b", "now", "or never"], ())
    both = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nplain\n--b\n" + enriched
    assert read(both).text.strip() == "plain"


def test_a_message_inside_winmail_is_an_attached_mail():
    inner = tnef(
        attribute(0x00018004, b"Commande 12\x00"),
        attribute(
            0x00069003,
            properties(
                prop(0x1F, 0x5D01, "lea@c.example\x00".encode("utf-16-le")),
                prop(0x1F, 0x1000, "Le texte\x00".encode("utf-16-le")),
            ),
        ),
    )
    row = prop(0x0D, 0x3701, bytes(16) + inner)
    raw = winmail(
        attribute(0x00069002, b"\x01"), attribute(0x00069005, properties(row)), text=b"fyi"
    )
    mail = read(raw)
    assert mail.forward.sender.address == "lea@c.example"
    assert (mail.forward.subject, mail.forward.text) == ("Commande 12", "Le texte")


def outlook_message():
    tree = message(
        p0037="Machine cassée", p0c1a="Ana Duarte", p0c1f="/O=EXCHANGE/CN=ANA",
        p5d01="ana@b.example", p1000="Bonjour,\r\nvoici la photo.\r\n",
    )  # fmt: skip
    tree["__attach_version1.0_#00000000"] = message(8, p3707="été.jpg", p3701=JPEG)
    inner = message(24, p0037="Inner", p1000="deeper", p5d01="x@y.example")
    tree["__attach_version1.0_#00000001"] = message(8, p3701=inner)
    return msg(tree)


def test_an_outlook_file_is_read_like_an_attached_mail():
    mail = read(mailed(outlook_message(), b'application/vnd.ms-outlook; name="x.msg"'))
    assert mail.forward.sender.address == "ana@b.example"
    assert mail.forward.sender.name == "Ana Duarte"
    assert mail.forward.subject == "Machine cassée"
    assert mail.forward.text == "Bonjour,\nvoici la photo."
    assert [(file.filename, file.kind) for file in mail.attachments] == [
        ("x.msg", FileKind.MAIL),
        ("été.jpg", FileKind.IMAGE),
        ("Inner", FileKind.MAIL),
    ]
    assert mail.attachments[1].data == JPEG


def test_the_header_an_outlook_file_keeps_is_believed():
    head = "Received: x\r\nFrom: Zoë <zoe@d.example>\r\nContent-Type: text/html\r\n more\r\n"
    raw = as_mail(msg(message(p007d=head, p1000="words", p5d01="other@b.example")))
    mail = read(raw)
    assert (mail.sender.address, mail.text) == ("zoe@d.example", "words")


def test_codepages_of_outlook_files_are_followed():
    item = read_msg(
        msg({**message(codepage=1250), "__substg1.0_0037001E": "Łódź".encode("cp1250")})
    )
    assert item.text(SUBJECT) == "Łódź"


def test_rich_text_is_unpacked():
    # the example of MS-OXRTFCP section 4.1.1
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c64"
        "7d0a800fa0"
    )
    assert len(DICTIONARY) == 207
    assert from_compressed(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize(
    "rtf, expected",
    [
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}Caf\'e9\par{\b gras} \u8364?\line fin}", "Café\ngras €\nfin"),
        (rb"{\rtf1{\*\generator Riched;}a\~b \{c\}\tab d}", "a\xa0b {c}\td"),
        (rb"{\rtf1\ansicpg1251 \'cf\'f0\'e8}", "При"),
        (rb"{\rtf1\uc2\u8364 ??x\u55357 ??\u56832 ??}", "€x😀"),
    ],
)  # fmt: skip
def test_the_words_of_rich_text_are_read(rtf, expected):
    assert read_rtf(rtf) == ("text/plain", expected)


def test_html_inside_rich_text_is_taken_out():
    rtf = (
        rb"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}Bonjour \htmlrtf {\b\htmlrtf0 gras"
        rb"\htmlrtf }\htmlrtf0 {\*\htmltag84 &nbsp;}{\*\mhtmltag4 x}{\*\htmltag72 </p>}\htmlrtf\par}"
    )
    assert read_rtf(rtf) == ("text/html", "<p>Bonjour gras&nbsp;</p>")


def uu(name, data):
    lines = b"".join(binascii.b2a_uu(data[n : n + 45]) for n in range(0, len(data), 45))
    return b"begin 644 " + name + b"\n" + lines + b"`\nend\n"


def test_uuencoded_files_are_taken_out_of_the_text():
    body = b"\nHello,\nhere it is.\n" + uu(b"p.jpg", JPEG) + b"\n" + uu(b"b.txt", b"two") + b"Bye\n"
    mail = read(body)
    assert [(file.filename, file.data) for file in mail.attachments] == [
        ("p.jpg", JPEG),
        ("b.txt", b"two"),
    ]
    assert mail.text == "Hello,\nhere it is.\n\nBye\n"


def test_words_that_look_like_uuencode_stay_words():
    body = b"\nwe must\nbegin 644 times\nwith everything\nand the\nend\n"
    assert read(body).text == body[1:].decode()
    assert read(b"\n=ybegin line=128 size=9 name=a\nxx\n=yend size=9\n").text.startswith("=ybegin")


@given(st.binary(max_size=300), st.integers(0, 100_000))
def test_any_bytes_are_survived_by_every_container(noise, cut):
    whole = outlook_message()
    place = cut % len(whole)
    as_mail(whole[:place] + noise + whole[place + len(noise) :])
    as_mail(whole[:place])
    read_compound(whole[:512] + noise)
    read_rtf(b"{\\rtf1 " + noise)
    from_compressed(struct.pack("<4xIII", 5_000, 0x75465A4C, 0) + noise)
    read_tnef(tnef(PLAIN_BODY)[:6] + noise)
    container = signed(der(0x04, INNER))
    place = cut % len(container)
    open_cms(container[:place] + noise)
    open_cms(noise)
