"""Composed messages: exact, safe, and read back by the library and by our own parsers."""

import email
import re
from dataclasses import replace
from email import policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import token
from handlers.decision import Notice, Recipient
from handlers.errors import PermanentFailure
from handlers.ticket import Role
from parsers.mail import Machine
from parsers.read import read as parse
from templates import encode
from templates.message import compose
from templates.mime import File, file_part
from templates.sample import sample

from .golden_notices import cases
from .notice_desk import DESK, KEYS, NOW, WORKFLOW

LONG = f"<{'x' * 130}@PR3PR01MB6841.eurprd01.prod.outlook.example>"
ODD_TEXT = st.text(st.characters(codec="utf-8"), max_size=200)


def composed(name="N1", code="fr", *, cause="m412", desk=DESK, ticket=None, **changes):
    one = sample("rma", name, code)
    return compose(
        replace(one.notice, **changes),
        ticket=ticket or one.ticket,
        desk=desk,
        workflow=WORKFLOW,
        keys=KEYS,
        cause=cause,
        now=NOW,
        files=one.files,
    )


def read(message):
    return email.message_from_bytes(message.data, policy=policy.default)


def text_of(message):
    return read(message).get_body(("plain",)).get_content()


def raw_header(message, name):
    head = message.data.split(b"\r\n\r\n", 1)[0].decode("ascii")
    found = re.search(rf"^{name}:([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", head, re.MULTILINE)
    return found and found[1]


@pytest.mark.parametrize("name, code", cases())
def test_every_notice_is_seven_bit_crlf_and_reads_back(name, code):
    message = composed(name, code)
    assert message.data.isascii()
    assert b"\n" not in message.data.replace(b"\r\n", b"")
    assert b"\r" not in message.data.replace(b"\r\n", b"")
    lines = message.data.split(b"\r\n")
    links = [line for line in lines if line.startswith(b"List-Unsubscribe: <")]
    assert max(len(line) for line in lines if line not in links) <= 78 + 20
    assert all(len(line) <= 998 for line in links), "a link is one word (RFC 2369)"
    back = read(message)
    assert back.defects == []
    assert back["subject"] == message.subject
    assert text_of(message).startswith("--- ")


def test_the_headers_are_those_of_the_contract():
    message = composed(in_reply_to="<asked@client.example>")
    back = read(message)
    to = "jeanne.martin@dupont.example"
    assert back["from"] == "SAV Exemple <rma@desk.example>"
    assert back["to"] == f"Jeanne Martin <{to}>"
    assert back["subject"] == "[RMA-2026-000412] Votre demande de retour est prise en compte"
    assert back["date"].datetime == NOW
    assert back["auto-submitted"] == "auto-replied"
    assert back["x-auto-response-suppress"] == "OOF, AutoReply"
    assert back["x-savd"] == "rma"
    assert back["in-reply-to"] == "<asked@client.example>"
    found = token.read_reply_address(KEYS, DESK.address, back["reply-to"].addresses[0].addr_spec)
    assert found == token.Token(ticket_id=412000, role=Role.CONTACT, who=token.digest_of(to))


def test_the_same_cause_gives_the_same_message_to_the_byte():
    assert composed() == composed()
    assert composed().message_id != composed(cause="m413").message_id
    assert token.read_message_id(KEYS, DESK.address, composed().message_id).ticket_id == 412000


def test_a_bounce_of_the_reverse_path_names_the_message():
    message = composed()
    assert token.read_reverse_path(DESK.address, message.reverse_path) == message.bounce_key


def test_a_relay_of_a_persons_words_is_no_machine():
    back = read(composed("N_comment"))
    assert "auto-submitted" not in back
    assert "x-auto-response-suppress" not in back
    assert back["x-savd"] == "rma"


def test_a_notice_nobody_asked_for_is_generated_and_a_work_item_answers_as_agent():
    assert read(composed())["auto-submitted"] == "auto-generated"
    work = read(composed("W_order"))
    assert work["auto-submitted"] == "auto-generated"
    reply = work["reply-to"].addresses[0].addr_spec
    assert token.read_reply_address(KEYS, DESK.address, reply).role is Role.AGENT


def test_a_notice_without_ticket_is_signed_for_ticket_zero_and_has_no_key():
    message = composed("N_account_unknown")
    back = read(message)
    assert message.ticket_id is None
    assert not back["subject"].startswith("[")
    reply = back["reply-to"].addresses[0].addr_spec
    assert token.read_reply_address(KEYS, DESK.address, reply).ticket_id == 0


def test_long_message_ids_are_neither_encoded_nor_broken():
    ticket = replace(sample("rma", "N1", "fr").ticket, thread=(LONG, "<b@c.example>"))
    message = composed(ticket=ticket, in_reply_to=LONG.replace("x", "y"))
    assert raw_header(message, "In-Reply-To").strip() == LONG.replace("x", "y")
    ids = raw_header(message, "References").split()
    assert ids == [LONG, "<b@c.example>", LONG.replace("x", "y")]


def test_a_long_thread_keeps_its_first_and_latest_ids():
    ticket = replace(sample("rma", "N1", "fr").ticket, thread=tuple(f"<{n}@c>" for n in range(99)))
    ids = raw_header(composed(ticket=ticket), "References").split()
    assert len(ids) == 20
    assert (ids[0], ids[-1]) == ("<0@c>", "<98@c>")


def test_ids_that_would_break_a_header_are_left_out():
    bad = ("<a@b>\r\nBcc: x@y", "no brackets", "<a b@c>", "<é@c>", "<ok@c>")
    assert encode.message_ids(bad) == ["<ok@c>"]


@pytest.mark.parametrize(
    "evil", ["a\r\nBcc: x@evil.example", "a\nb", "a\x00b", "a\u2028b", "\udcff"]
)
def test_no_value_can_add_a_header(evil):
    to = Recipient(address="a@b.example", role=Role.CONTACT, language="fr", name=evil)
    desk = replace(DESK, title=evil, name=f"rma{evil}")
    ticket = replace(sample("rma", "N1", "fr").ticket, key=f"RMA-1{evil}")
    message = composed(to=to, desk=desk, ticket=ticket)
    names = [name.lower() for name in read(message)]
    assert names == [name.lower() for name in read(composed())]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "bad", ["", "a@b\r\nBcc: c@d", "a b@c.example", "<a@b>", "a", "jé@b.example"]
)
def test_an_address_no_header_can_carry_is_refused_with_a_remedy(bad):
    with pytest.raises(PermanentFailure, match="Correct it"):
        composed(to=Recipient(address=bad, role=Role.CONTACT, language="fr"))


@given(ODD_TEXT)
def test_any_subject_comes_back_and_no_line_is_too_long(text):
    raw = encode.field("Subject", encode.unstructured(text))
    lines = raw.decode("ascii").split("\r\n")
    assert all(len(line) <= 78 for line in lines)
    assert all(len(word) <= 75 for word in raw.split() if word.startswith(b"=?"))
    back = email.message_from_bytes(raw + b"\r\n", policy=policy.default)["subject"]
    assert (
        re.sub(r"[ \t]+", " ", str(back)).strip()
        == re.sub(r"[ \t]+", " ", encode.one_line(text)).strip()
    )


@given(ODD_TEXT)
def test_any_display_name_comes_back(name):
    raw = encode.field("To", encode.mailbox("a@b.example", name))
    assert all(len(line) <= 90 for line in raw.decode("ascii").split("\r\n"))
    back = email.message_from_bytes(raw + b"\r\n", policy=policy.default)["to"].addresses
    assert [one.addr_spec for one in back] == ["a@b.example"]
    # The library leaves a blank between the encoded words of a long name (RFC 2047 section 6.2).
    assert "".join(back[0].display_name.split()) == "".join(encode.one_line(name).split())


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.binary(max_size=3000))
def test_any_file_comes_back_whatever_its_name(name, data):
    part = email.message_from_bytes(
        file_part(File(name=name, content_type="application/pdf", data=data)), policy=policy.default
    )
    assert part.get_content() == data
    shown = part.get_filename()
    safe = encode.one_line(name).replace("/", "_").replace("\\", "_")
    assert (
        shown == safe or (len(safe) > 120 and len(shown) == 120) or (not safe and shown == "file")
    )
    assert not set(shown) & set("\r\n/\\\0")


def test_a_file_name_keeps_accents_and_its_ending():
    part = email.message_from_bytes(
        file_part(File(name="é" * 200 + ".pdf", content_type="x", data=b"")), policy=policy.default
    )
    assert part.get_filename() == "é" * 116 + ".pdf"
    assert part.get_content_type() == "application/octet-stream"


def test_documents_and_table_travel_along():
    quote = read(composed("N3"))
    assert [part.get_filename() for part in quote.iter_attachments()] == ["devis D-2026-077.pdf"]
    assert quote.get_content_type() == "multipart/mixed"
    rows = next(read(composed("N_list")).iter_attachments())
    assert rows.get_filename() == "demandes.csv"
    assert rows.get_payload(decode=True).decode("utf-8-sig").startswith("Demande;Produit")


def test_a_promised_document_without_bytes_is_an_accident():
    one = sample("rma", "N3", "fr")
    with pytest.raises(KeyError):
        compose(
            one.notice, ticket=one.ticket, desk=DESK, workflow=WORKFLOW, keys=KEYS,
            cause="m1", now=NOW, files={},
        )  # fmt: skip


def test_a_pending_participant_answers_as_observer():
    to = Recipient(address="a@b.example", role=Role.PENDING, language="fr")
    reply = read(composed(to=to))["reply-to"].addresses[0].addr_spec
    assert token.read_reply_address(KEYS, DESK.address, reply).role is Role.OBSERVER


@pytest.mark.parametrize("wanted, got", [("en", "Reply"), ("en-GB", "Reply"), ("pt", "Répondez")])
def test_a_language_savd_does_not_write_becomes_the_desks(wanted, got):
    to = Recipient(address="a@b.example", role=Role.CONTACT, language=wanted)
    assert text_of(composed(to=to)).startswith(f"--- {got}")


def test_words_of_any_kind_survive_the_encoding():
    words = "Œuvre € 漢字 😀 = . \n.\nFrom here\n" + "long " * 400 + "\n  trailing  "
    message = composed("N_comment", values={"text": words, "agent_name": "Zoé"})
    shown = text_of(message).replace("\r\n", "\n")
    assert words.strip("\n") in shown


def test_a_notice_is_a_plain_value():
    assert isinstance(sample("rma", "N1", "fr").notice, Notice)


@pytest.mark.parametrize("name, code", cases())
def test_our_own_parsers_read_it_back_as_ours(name, code):
    message = composed(name, code)
    mail = parse(message.data)
    assert (mail.message_id, mail.subject) == (message.message_id, message.subject)
    assert mail.sender.address == DESK.address
    assert mail.text.startswith("--- ")
    assert mail.machine is not Machine.NONE or name == "N_comment"
    kept = [part.get_filename() for part in read(message).iter_attachments()]
    assert [one.filename for one in mail.attachments if not one.inline] == kept


@pytest.mark.parametrize("prefix", ["> ", ""], ids=["quoted", "bare"])
@pytest.mark.parametrize("name, code", cases())
def test_nothing_we_wrote_is_taken_for_the_words_of_who_answers(name, code, prefix):
    """X-9: clients that quote without a mark leave only our first line to tell."""
    ours = text_of(composed(name, code)).splitlines()
    body = "Merci, c’est noté.\n\n" + "\n".join(prefix + line for line in ours)
    mail = (
        "From: jeanne@client.example\r\nTo: rma@desk.example\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    ) + body.replace("\n", "\r\n")
    assert parse(mail.encode()).new_text == "Merci, c’est noté."
