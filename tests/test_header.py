"""Header fields: splitting, folding, encoded words, parameters, ids."""

import pytest

from parsers.encoded_word import decode_words
from parsers.header import ids, read_fields, split_mail
from parsers.parameters import read_parameters


@pytest.mark.parametrize(
    "text, expected",
    [
        ("=?utf-8?Q?Pi=C3=A8ce_80?=", "Pièce 80"),
        ("=?utf-8?B?w6k=?= =?utf-8?Q?_=C3?= =?utf-8?Q?=A9_x?= y", "é é x y"),
        ("=?iso-8859-1?Q?Ren=E9e?=", "Renée"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?Q?with spaces inside?=", "with spaces inside"),
        ("=?nonsense?Q?caf=E9?=", "café"),
        ("=?utf-8?B?w6k", "é"),
        ("=?utf-8?Q?evil=0D=0ABcc:_x?=", "evil Bcc: x"),
        ("plain", "plain"),
    ],
)
def test_encoded_words_are_decoded_even_when_broken(text, expected):
    assert decode_words(text) == expected


def test_the_block_ends_at_the_blank_line_whatever_the_line_ends():
    for end in (b"\r\n", b"\n"):
        headers, body = split_mail(b"A: 1" + end + b"B: 2" + end + b" 3" + end * 2 + b"body")
        assert body == b"body"
        assert headers.text("b") == "2 3"


def test_a_line_that_is_no_field_begins_the_body_when_none_follows():
    headers, body = split_mail(b"Subject: x\nDear all,\nhow are you\nbye\nbye\n\nmore")
    assert headers.text("subject") == "x"
    assert body.startswith(b"Dear all")
    assert body.endswith(b"more")
    assert "broken_header" in headers.defects


def test_raw_bytes_in_a_field_are_read_as_utf8_or_what_they_look_like():
    headers, _ = read_fields("Subject: déjà\nX: caf\xe9".encode())
    assert headers.text("subject") == "déjà"


def test_fields_are_limited_in_number():
    headers, _ = read_fields(b"A: 1\n" * 5_000)
    assert len(headers.fields) == 1_000
    assert headers.defects == ("too_many_fields",)


@pytest.mark.parametrize(
    "value, expected",
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=plain.pdf", "plain.pdf"),
        ("attachment; filename*=utf-8''bon%20n%C2%B0.pdf", "bon n°.pdf"),
        ("attachment; filename*0*=iso-8859-1''caf%E9; filename*1=.pdf", "café.pdf"),
        ("attachment; filename*1=b; filename*0=a", "ab"),
        ('attachment; filename="=?utf-8?B?w6k=?=.pdf"', "é.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ('attachment; filename="open', "open"),
    ],
)
def test_parameters_follow_rfc_2231_and_forgive(value, expected):
    word, parameters = read_parameters(value)
    assert word == "attachment"
    assert parameters["filename"] == expected


def test_ids_are_whole_tokens_with_their_brackets():
    assert ids("<a@b> garbage <c@d> <a@b> <broken id@x> e@f") == ("<a@b>", "<c@d>")
    assert ids("<" + "a" * 2_000 + ">") == ()
