"""Which files a desk takes: type by the first bytes, size of one, size of all."""

import pytest

from handlers.desk import FILE_TYPES, FilePolicy
from handlers.papers.file_policy import limit_of, type_of, under_policy
from parsers.files.attachment import sniff
from parsers.mail import Attachment

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
FILES = {
    "pdf": (b"%PDF-1.7", ""),
    "jpeg": (b"\xff\xd8\xff\xe0", ""),
    "png": (b"\x89PNG\r\n\x1a\n", ""),
    "heic": (b"\0\0\0\x18ftypheic", ""),
    "webp": (b"RIFF\0\0\0\0WEBP", ""),
    "avif": (b"\0\0\0\x18ftypavif", ""),
    "gif": (b"GIF89a", ""),
    "tiff": (b"II*\0", ""),
    "bmp": (b"BM" + bytes(12), ""),
    "mp4": (b"\0\0\0\x18ftypisom\0\0\0\1", "video/mp4"),
    "doc": (OLE + "WordDocument".encode("utf-16-le"), ""),
    "xls": (OLE + "Workbook".encode("utf-16-le"), ""),
    "ppt": (OLE + "PowerPoint Document".encode("utf-16-le"), ""),
    "msg": (OLE + "__substg1.0_".encode("utf-16-le"), ""),
    "docx": (b"PK\x03\x04word/document.xml", ""),
    "xlsx": (b"PK\x03\x04xl/workbook.xml", ""),
    "pptx": (b"PK\x03\x04ppt/presentation.xml", ""),
    "odt": (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text", ""),
    "ods": (
        b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "",
    ),
    "odp": (
        b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.presentation",
        "",
    ),
    "rtf": (b"{\\rtf1", ""),
    "xml": (b"<?xml version='1.0'?>", ""),
    "txt": (b"hello", "application/octet-stream"),
    "csv": (b"a;b", "text/csv"),
    "html": (b"<p>", "text/html"),
    "eml": (b"From: a@b.example\r\nSubject: x\r\n", "message/rfc822"),
    "other": (b"\0\1\2\3\4\5\6\7", "application/pdf"),
}


def file(data: bytes = b"%PDF-", declared: str = "", **changes: object) -> Attachment:
    nature = sniff(data, declared)
    known: dict[str, object] = {
        "filename": "commande.pdf", "content_type": nature.content_type, "declared_type": declared,
        "kind": nature.kind, "size": len(data), "sha256": "0", "data": data,
    }  # fmt: skip
    return Attachment(**(known | changes))  # type: ignore[arg-type]


def refusals(*files: Attachment, policy: FilePolicy = FilePolicy(), held: int = 0) -> list[str]:  # noqa: B008
    return [one.refusal for one in under_policy(files, policy, held)]


def test_every_type_has_an_example_here() -> None:
    assert set(FILES) == set(FILE_TYPES)


@pytest.mark.parametrize("kind", FILES)
def test_the_type_of_a_file_stands_in_its_bytes_never_in_its_name(kind: str) -> None:
    assert type_of(file(*FILES[kind])) == kind


@pytest.mark.parametrize("kind", [kind for kind in FILES if kind != "other"])
def test_a_desk_takes_what_people_send_unless_it_says_otherwise(kind: str) -> None:
    assert refusals(file(*FILES[kind])) == [""]


def test_a_desk_takes_no_other_type_than_it_names() -> None:
    pdf_alone = FilePolicy(types=("pdf",))
    assert refusals(file(), file(*FILES["png"]), policy=pdf_alone) == ["", "type"]
    assert refusals(file(*FILES["heic"]), policy=pdf_alone) == ["heic"]
    assert refusals(file(*FILES["other"])) == ["type"]


def test_a_file_has_a_size_and_a_ticket_has_one_too() -> None:
    policy = FilePolicy(size=10, ticket_size=25)
    assert refusals(file(size=10), file(size=11), policy=policy) == ["", "too_big"]
    assert refusals(file(size=10), file(size=10), file(size=10), file(size=5), policy=policy) == [
        "", "", "ticket_full", "",
    ]  # fmt: skip
    assert refusals(file(size=10), policy=policy, held=16) == ["ticket_full"]


def test_what_was_refused_already_keeps_its_reason_and_weighs_nothing() -> None:
    policy = FilePolicy(types=("png",), ticket_size=10)
    assert refusals(file(refusal="infected", size=99), policy=policy) == ["infected"]
    assert refusals(file(refusal="macro", size=99), file(*FILES["png"]), policy=policy) == [
        "macro",
        "",
    ]


def test_a_file_of_a_wrong_type_need_not_be_repaired_first() -> None:
    png_alone = FilePolicy(types=("png",))
    assert refusals(file(refusal="broken"), file(refusal="too_heavy"), policy=png_alone) == [
        "type",
        "type",
    ]
    assert refusals(file(refusal="broken")) == ["broken"]


def test_a_limit_is_said_in_megabytes() -> None:
    policy = FilePolicy(size=20 << 20, ticket_size=1 << 19)
    assert (limit_of("too_big", policy), limit_of("ticket_full", policy)) == ("20", "0.5")
    assert limit_of("macro", policy) == ""
