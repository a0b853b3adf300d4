"""Header fields: splitting, folding, encoded words, parameters, ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.mime.encoded_word import decode_words
from parsers.mime.header import ids, split_mail
from parsers.mime.parameters import read_parameters
from parsers.structure import split


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
        ("=?utf-8?B?w6?= =?utf-8?B?lhYg==?=", "éab"),
        ("=?utf-8?Q?Really?=20now?=", "Really? now"),
        ("x=?utf-8?q?b?=y", "xby"),
        ("=?utf-8*fr?Q?=C3=A9?=", "é"),
        ("=? utf-8 ?Q?=C3=A9?=", "é"),
        ("=??Q?caf=E9?=", "café"),
        ("=?utf-7?Q?Fr+APY-sche?=", "Frösche"),
        ("=?gb2312?B?6UY=?=", "镕"),
        ("=?iso-2022-jp?B?GyRCLSEbKEI=?=", "①"),
        ("=?utf-8?Q?open =?utf-8?Q?x?=", "openx"),
        ("2 =? 3 ?= 4", "2 =? 3 ?= 4"),
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
    headers, _ = split_mail("Subject: déjà\nX: caf\xe9".encode())
    assert headers.text("subject") == "déjà"


def test_fields_are_limited_in_number():
    headers, _ = split_mail(b"A: 1\n" * 5_000)
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
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ("attachment; filename=a b.pdf; size=3", "a b.pdf"),
        ("attachment filename=a.pdf", "a.pdf"),
        ("attachment; filename=a.pdf size=3", "a.pdf"),
        ('attachment; filename="the "best" one.pdf"', 'the "best" one.pdf'),
        ("attachment;filename==?utf-8?Q?=C3=A9.pdf?=", "é.pdf"),
        ('attachment; filename="=?utf-8?Q?=C3=A9?=\n =?utf-8?Q?t=C3=A9.pdf?="', "été.pdf"),
        ("attachment; filename*=utf-8'%C3%A9.pdf", "é.pdf"),
        ("attachment; filename*=%C3%A9.pdf", "é.pdf"),
        ("attachment; filename=utf-8''%C3%A9.pdf", "é.pdf"),
        ("attachment; filename*0*=utf-8''%C3; filename*1*=%A9.pdf", "é.pdf"),
        ('attachment; filename*0="=?utf-8?B?"; filename*1="w6k=?=.pdf"', "é.pdf"),
        ("attachment; filename=old.pdf; filename*=utf-8''n%C3%A9w.pdf", "néw.pdf"),
        ("attachment; filename=first.pdf; filename=second.pdf", "first.pdf"),
        ("attachment; filename='a b.pdf'", "a b.pdf"),
        ("attachment; filename=O'Neill's.pdf", "O'Neill's.pdf"),
    ],
)
def test_parameters_follow_rfc_2231_and_forgive(value, expected):
    word, parameters = read_parameters(value)
    assert word == "attachment"
    assert parameters["filename"] == expected


def test_ids_are_whole_tokens_with_their_brackets():
    assert ids("<a@b> garbage <c@d> <a@b> <broken id@x> e@f") == ("<a@b>", "<c@d>")
    assert ids("<" + "a" * 2_000 + ">") == ()


@pytest.mark.parametrize(
    "value, expected",
    [
        ("text/plain charset=utf-8", ("text/plain", {"charset": "utf-8"})),
        ("Text / HTML; Charset=UTF-8", ("text/html", {"charset": "UTF-8"})),
        ("text/plain; charset=us-ascii (plain text)", ("text/plain", {"charset": "us-ascii"})),
        ('multipart/mixed; boundary="a b"', ("multipart/mixed", {"boundary": "a b"})),
        ('"text/html"', ("text/html", {})),
        ('filename="a.pdf"; size=3', ("", {"filename": "a.pdf", "size": "3"})),
        ("", ("", {})),
    ],
)
def test_content_types_are_read_as_programs_write_them(value, expected):
    assert read_parameters(value) == expected


@pytest.mark.parametrize(
    "block, defect",
    [
        (b"A: 1\rFrom: a@b.example\n", "bare_cr"),
        (b"A: 1\x002\n", "nul"),
        (b"From: a@b.example\nFrom: c@d.example\n", "repeated_field"),
        (b"Content-Type: text/plain" + b";" * 200 + b"\n", "overloaded_field"),
        (b"Received: x\n" * 101, "too_many_received"),
        (b"Subject: " + b"x" * 70_000 + b"\n", "field_too_long"),
        (b"A: " + b"x" * 300_000 + b"\n", "header_too_long"),
    ],
)
def test_what_is_odd_in_a_header_is_named(block, defect):
    headers, _ = split_mail(block + b"\nbody")
    assert defect in headers.defects
    assert all(len(value) <= 65_536 for _, value in headers.fields)


def test_no_field_appears_out_of_a_bare_cr():
    headers, body = split_mail(b"Subject: x\rFrom: a@b.example\r\n\r\nbody")
    assert not headers.has("from")
    assert headers.text("subject") == "x From: a@b.example"
    assert body == b"body"


def test_the_body_is_found_behind_a_header_that_is_too_long():
    _, body = split_mail(b"A: " + b"x" * 300_000 + b"\nB: 2\n\nbody")
    assert body == b"body"


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b"From a@b Sun Nov 22 2026\n", b">From x\n"])
def test_what_stands_before_the_first_field_hides_it_not(start):
    headers, _ = split_mail(start + b"From: a@b.example\n\n")
    assert headers.plain("from") == "a@b.example"


def test_a_line_of_spaces_ends_no_header():
    headers, body = split_mail(b"A: 1\n \n\t\nB: 2\n\nbody")
    assert (headers.text("b"), body) == ("2", b"body")


def test_raw_fields_are_read_in_the_charset_of_the_text():
    raw = "Subject: Стиральная машина\nContent-Type: text/plain; charset=koi8-r\n\nx"
    assert split(raw.encode("koi8-r")).headers.text("subject") == "Стиральная машина"


@given(st.text(alphabet="=?utf-8QBw6k= _\n\té", max_size=120))
def test_any_text_is_decoded(text):
    decode_words(text)
    read_parameters("a/b;" + text)
