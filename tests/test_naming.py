"""An unsure document goes to a person, and what the person says it is fires what it would have fired."""

from dataclasses import replace

import pytest

from handlers.advance import obey
from handlers.customers.naming import ask_about_files, try_document
from handlers.papers.file_findings import REFUSALS, file_rows, naming_command, reason_of
from handlers.ticket import Document
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.workflow_file import shipped
from parsers.business import DocumentKind
from parsers.mail import Attachment
from templates.language import language
from tests.people import CLAIRE, NOW, desk, ticket

ANA = "ana@desk.example"
RMA = shipped("rma")


def document(kind: str = "order", *flags: str, number: int = 1) -> Document:
    return Document(
        number=number, kind=kind, filename="scan.pdf", content_type="application/pdf", size=1,
        sha256="0", author=CLAIRE, at=NOW, cause="m1", flags=frozenset(flags),
    )  # fmt: skip


def turn(*documents: Document, state: str = "quote_sent", **event: object) -> Turn:
    happened = Event(
        kind=EventKind.COMMAND, actor=Actor(address=ANA), cause="m2", at=NOW, requested_at=NOW,
        **event,  # type: ignore[arg-type]
    )  # fmt: skip
    on = ticket(state=state, documents=documents)
    return Turn(workflow=RMA, desk=desk(), event=happened, ticket=on)


def named(kind: str, *flags: str, was: str = "order", state: str = "quote_sent") -> Turn:
    before = document(was, *flags)
    given = {"number": "1", "kind": kind}
    begun = turn(before, state=state, name="document", arguments=given)
    begun = replace(begun, event=replace(begun.event, actor=Actor(address=ANA, level=4)))  # type: ignore[arg-type]
    return try_document(obey(begun), before)


@pytest.mark.parametrize("kind", [kind.value for kind in DocumentKind])
def test_every_kind_has_a_label_and_a_word_in_the_command(kind: str) -> None:
    assert RMA.documents[kind]["fr"]
    assert RMA.documents[kind]["en"]
    for code in ("fr", "en"):
        written = naming_command(RMA, document(kind), code).rpartition("=")[2]
        assert written in RMA.commands["document"].words["kind"][kind]


def test_what_an_agent_names_fires_what_it_would_have_fired() -> None:
    done = named("order", "unsure")
    assert done.ticket.state == "order_to_check"
    assert done.fired == ("F-T8",)
    assert done.event.kind is EventKind.COMMAND


def test_what_is_another_thing_fires_nothing() -> None:
    assert named("invoice", "unsure").fired == ()


def test_naming_again_what_was_known_fires_nothing() -> None:
    assert named("order").fired == ()


def test_a_document_that_no_longer_counts_fires_nothing() -> None:
    assert named("signed_quote", "replaced").fired == ()


def test_rows_for_any_mail_are_no_answer_to_a_document() -> None:
    assert named("photo", "unsure", state="in_study").fired == ()


def test_one_work_item_asks_unless_another_shows_the_document_anyway() -> None:
    unsure = document("order", "unsure")
    begun = turn(unsure)
    begun = replace(begun, event=replace(begun.event, documents=(unsure,)))
    asked = ask_about_files(begun)
    assert [notice.template for notice in asked.notices] == ["W_document"]
    assert ask_about_files(asked) == asked
    assert ask_about_files(turn(document())).notices == ()


def test_work_items_tell_what_is_unsure_not_scanned_or_refused() -> None:
    refused = Attachment(
        filename="a.zip",
        content_type="",
        declared_type="",
        size=1,
        sha256="",
        data=b"",
        refusal="archive",
    )
    begun = turn(
        document("order", "unsure"),
        document("photo", "unscanned", number=2),
        document("order", "unsure", "disabled", number=3),
        refused=(refused,),
    )
    rows = file_rows(begun, "en")
    assert [one["label"] for one in rows if isinstance(one, dict)] == [
        "Document 1: to be named",
        "Document 2: not scanned",
        "File refused",
    ]
    assert "#document number=1 kind=order" in str(rows[0])
    assert str(rows[2]).endswith("'a.zip – archive'}")


@pytest.mark.parametrize("code", [code for code in REFUSALS if code != "other"])
def test_every_reason_is_told_to_agents_and_to_senders(code: str) -> None:
    assert {"fr", "en"} <= REFUSALS[code].keys()
    for spoken in (language("fr", "Europe/Paris"), language("en", "Europe/Paris")):
        assert spoken.refusal(code, "20") != spoken.refusal("other")
        assert "{" not in spoken.refusal(code, "20")


def test_an_unknown_reason_is_told_as_unreadable() -> None:
    assert reason_of("something new", "fr") == REFUSALS["other"]["fr"]
