"""Authentication-Results: only a real result is a result (RFC 8601)."""

import pytest

from parsers.read import read


def results(*fields):
    head = "".join(f"{field}\r\n" for field in fields)
    return read(f"{head}From: a@b.example\r\n\r\n".encode()).authentication


def one(value):
    (result,) = results(f"Authentication-Results: {value}")
    return result


def test_a_pass_is_read_with_its_domain():
    result = one(
        "mx.desk.example; spf=pass smtp.mailfrom=b.example; dmarc=Pass (p=none) header.from=B.example"
    )
    assert (result.authserv_id, result.dmarc, result.from_domain) == (
        "mx.desk.example",
        "pass",
        "b.example",
    )


def test_hop_counts_the_received_lines_above():
    fields = [
        "Authentication-Results: a; dmarc=pass",
        "Received: by x; now",
        "Authentication-Results: b; none",
    ]
    assert [(result.authserv_id, result.hop) for result in results(*fields)] == [("a", 0), ("b", 1)]


@pytest.mark.parametrize(
    "value",
    [
        "mx (dmarc=pass header.from=b.example); spf=fail",
        'mx; spf=fail reason="; dmarc=pass header.from=b.example"',
        "mx; x-dmarc=pass header.from=b.example",
        "mx; spf=fail smtp.mailfrom=dmarc=pass",
        "mx; dmarc=fail; dmarc=pass header.from=b.example",
        "mx; none",
        "mx",
    ],
)
def test_words_that_only_look_like_a_result_are_none(value):
    assert one(value).dmarc == ""


@pytest.mark.parametrize(
    "value",
    ["mx (never closed; dmarc=pass", 'mx; spf=fail reason="open; dmarc=pass', "", ";dmarc=pass"],
)
def test_a_field_that_breaks_the_grammar_is_left_out(value):
    assert results(f"Authentication-Results: {value}") == ()


def test_the_server_is_compared_without_quotes_comments_and_case():
    assert one('"MX.desk.example" (it is) 1; dmarc=pass').authserv_id == "mx.desk.example"


def test_best_guess_and_two_domains_are_not_a_pass_for_anybody():
    assert one("mx; dmarc=bestguesspass header.from=b.example").dmarc == "bestguesspass"
    assert one("mx; dmarc=pass header.from=a.example header.from=b.example").from_domain == ""
