"""The parts of a mail: nesting, broken boundaries, limits, encodings."""

import pytest

from parsers.mime.part import safe_filename
from parsers.mime.transfer import undo_encoding
from parsers.structure import DEPTH_LIMIT, split


def types(raw):
    return [part.content_type for part in split(raw).parts]


def test_leaves_come_in_order_with_their_containers():
    raw = (
        b"Content-Type: multipart/mixed; boundary=o\n\nprologue\n--o\n"
        b'Content-Type: multipart/alternative; boundary="i"\n\n'
        b"--i\nContent-Type: text/plain\n\nplain\n--i\nContent-Type: text/html\n\n<p>rich\n--i--\n"
        b"--o\nContent-Type: application/pdf; name=a.pdf\n\n%PDF-\n--o--\nepilogue"
    )
    mail = split(raw)
    assert [part.content_type for part in mail.parts] == [
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert [bool(part.alternative) for part in mail.parts] == [True, True, False]
    assert mail.parts[0].raw == b"plain"
    assert mail.parts[2].filename == "a.pdf"
    assert mail.defects == []


def test_a_missing_closing_boundary_keeps_the_last_part():
    mail = split(b"Content-Type: multipart/mixed; boundary=o\n\n--o\n\none\n--o\n\ntwo")
    assert [part.raw for part in mail.parts] == [b"one", b"two"]
    assert mail.defects == ["unclosed_multipart"]


def test_a_multipart_without_its_boundary_is_kept_as_text():
    mail = split(b"Content-Type: multipart/mixed; boundary=o\n\nonly words")
    assert [part.content_type for part in mail.parts] == ["text/plain"]
    assert mail.parts[0].raw == b"only words"
    assert "broken_multipart" in mail.defects


def test_a_boundary_that_begins_another_is_not_taken_for_it():
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n\ninner\n--bb--\n--b--\n"
    )
    assert [part.raw for part in split(raw).parts] == [b"inner"]


def test_depth_and_number_are_limited():
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n)
        for n in range(DEPTH_LIMIT + 5)
    )
    assert "too_deep" in split(deep).defects
    many = split(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 2_000)
    assert len(many.parts) <= 501
    assert "too_many_parts" in many.defects


@pytest.mark.parametrize(
    "raw, encoding, expected",
    [
        (b"w6k", "base64", "é".encode()),
        (b"w6k=\n!!", "base64", "é".encode()),
        (b"A", "base64", b""),
        (b"=C3=A9=\nx=ZZ", "quoted-printable", "éx=ZZ".encode()),
        (b"a=  \nb= c", "quoted-printable", b"ab= c"),
        (b"begin 644 a.txt\n#0V%T\n`\nend\n", "x-uuencode", b"Cat"),
        (b"as it is", "unknown", b"as it is"),
    ],
)
def test_transfer_encodings_are_undone_and_forgiven(raw, encoding, expected):
    assert undo_encoding(raw, encoding) == expected


@pytest.mark.parametrize(
    "name, expected",
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("..", ""),
    ],
)
def test_file_names_are_harmless(name, expected):
    assert safe_filename(name) == expected


def test_a_mail_without_headers_is_text():
    assert types(b"") == ["text/plain"]
    assert types(b"\nhello") == ["text/plain"]


def bodies(raw):
    return [part.raw for part in split(raw).parts]


def mixed(boundary, *parts):
    delimiter = b"\n--" + boundary
    body = b"".join(delimiter + b"\n" + part for part in parts)
    head = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\n\n'
    return head + body + delimiter + b"--\n"


def test_boundaries_made_of_dashes_are_told_apart():
    inner = mixed(b"a----", b"\none", b"\ntwo")
    assert bodies(mixed(b"a--", inner, b"\nthree")) == [b"one", b"two", b"three"]


@pytest.mark.parametrize("outer, inner", [(b"abc", b"ab"), (b"ab", b"abc"), (b"b", b"b")])
def test_boundaries_that_begin_or_are_the_other_are_told_apart(outer, inner):
    raw = mixed(outer, mixed(inner, b"\none", b"\ntwo"), b"\nthree")
    assert bodies(raw) == [b"one", b"two", b"three"]


def test_an_outer_delimiter_ends_what_was_never_closed():
    raw = (
        b"Content-Type: multipart/mixed; boundary=o\n\n--o\n"
        b"Content-Type: multipart/alternative; boundary=i\n\n--i\n\none\n--o\n\ntwo\n--o--\n"
    )
    assert bodies(raw) == [b"one", b"two"]
    assert [part.container for part in split(raw).parts] == [
        "multipart/alternative",
        "multipart/mixed",
    ]


def test_delimiters_may_have_spaces_behind_and_any_line_end():
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b \t\r\n\r\none\n--b\n\ntwo\r\n--b-- \n"
    assert bodies(raw) == [b"one", b"two"]


def test_a_closing_delimiter_glued_to_the_last_line_is_no_text():
    assert bodies(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords--b--\n") == [b"words"]


def test_preamble_and_epilogue_are_not_shown():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\nbefore\n--b\n\nx\n--b--\nafter\n--b\n\ny"
    assert bodies(raw) == [b"x"]


def test_a_part_of_headers_only_ends_at_the_next_delimiter():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n--b\n\nx\n--b--"
    assert [(part.content_type, part.raw) for part in split(raw).parts] == [
        ("text/html", b""),
        ("text/plain", b"x"),
    ]


def test_words_right_below_the_fields_of_a_part_are_its_text():
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\nIt leaks.\n--b--"
    assert bodies(raw) == [b"It leaks."]


@pytest.mark.parametrize("above", [b"\n", b"\r\n\r\n", b" \n\n"])
def test_empty_lines_above_a_saved_mail_hide_no_header(above):
    mail = split(above + b"Subject: x\r\n\r\nwords")
    assert (mail.headers.text("subject"), mail.parts[0].raw) == ("x", b"words")


def test_words_below_an_empty_line_are_no_header():
    assert bodies(b"\nNote: the pump leaks") == [b"Note: the pump leaks"]


def test_the_first_of_two_content_types_counts():
    mail = split(b"Content-Type: text/html\nContent-Type: text/plain\n\nx")
    assert (mail.parts[0].content_type, mail.defects) == ("text/html", ["repeated_field"])


def test_parts_of_a_digest_are_mails_unless_they_say_otherwise():
    raw = b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: a@b.example\n\nx\n--b--"
    assert types(raw) == ["message/rfc822"]


def test_the_charset_of_a_page_is_taken_from_it_when_the_part_has_none():
    page = b"Content-Type: text/html\n\n<meta http-equiv=x content='text/html; charset=koi8-r'>x"
    assert split(page).parts[0].parameters == {"charset": "koi8-r"}


@pytest.mark.parametrize(
    "raw, encoding, expected",
    [
        (b"YWI=YWI=", "base64", b"abab"),
        (b"YWI=\n-- \nthe list's footer", "base64", b"ab"),
        (b"YWJj\n\n____\nthe list's footer", "base64", b"abc"),
        (b"YWJj\r\n\r\nsent from a list\r\n", "base64", b"abc"),
        (b"YWJj\n\nZGVm\n", "base64", b"abcdef"),
        (b"YWJj!ZGVm", "base64", b"abcdef"),
        (b"Bonjour, je vous\nremercie", "base64", b"Bonjour, je vous\nremercie"),
    ],
)
def test_base64_in_pieces_or_with_words_behind_is_read(raw, encoding, expected):
    assert undo_encoding(raw, encoding) == expected
