"""What a file is to the ticket: by content, state, words and name, and what only a person can say."""

from dataclasses import replace

import pytest

from handlers.papers.filing import file_documents, octets_of, sort_attachments
from handlers.papers.surroundings import FiledAs
from handlers.ticket import Visibility
from handlers.turn import Actor, Event, EventKind, Turn
from handlers.workflow_file import shipped
from parsers.business import Barcode, BusinessDocument, Confidence, DocumentKind, Photo, Source
from parsers.mail import Attachment, FileKind, Intent, IntentKind
from tests.people import CLAIRE, NOW, desk, ticket

SURE, LIKELY, UNSURE = Confidence.SURE, Confidence.LIKELY, Confidence.UNSURE
QUOTED = ("order", "signed_quote")
SILENT = Intent(kind=IntentKind.EMPTY)
ASKING = Intent(kind=IntentKind.QUESTION)
NOTHING = Intent()


def file(name: str = "scan.pdf", kind: FileKind = FileKind.PDF, **changes: object) -> Attachment:
    types = {
        FileKind.PDF: "application/pdf",
        FileKind.IMAGE: "image/jpeg",
        FileKind.TEXT: "text/plain",
    }
    known: dict[str, object] = {
        "filename": name, "content_type": types[kind], "declared_type": "", "kind": kind,
        "size": 4, "sha256": name, "data": b"%PDF",
    }  # fmt: skip
    return Attachment(**(known | changes))  # type: ignore[arg-type]


def paper(
    kind: str, confidence: Confidence = SURE, name: str = "scan.pdf", **more: object
) -> Attachment:
    read = BusinessDocument(kind=DocumentKind(kind), confidence=confidence, **more)  # type: ignore[arg-type]
    return file(name, document=read)


def scan(named: str = "other", name: str = "scan.pdf") -> Attachment:
    return paper(named, name=name, readable=False, source=Source.NONE)


def picture(name: str = "IMG_1.jpg", *codes: Barcode, **changes: object) -> Attachment:
    photo = Photo(
        width=800, height=600, barcodes=codes, fingerprint="f" * 16, copy=b"c", thumbnail=b"t"
    )
    return file(name, FileKind.IMAGE, photo=photo, **changes)


def taken(
    one: Attachment, expects: tuple[str, ...] = (), intent: Intent = NOTHING, said: str = ""
) -> FiledAs:
    return sort_attachments((one,), expects, intent, said=said).promoted[0][1]


def told(as_what: FiledAs) -> tuple[str, Confidence]:
    return as_what.kind, as_what.confidence


# --- papers


@pytest.mark.parametrize("kind", ["order", "quote", "invoice", "warranty", "credit_note"])
@pytest.mark.parametrize("confidence", [SURE, LIKELY])
def test_the_content_of_a_paper_goes_before_state_words_and_name(
    kind: str, confidence: Confidence
) -> None:
    one = paper(kind, confidence, name="commande.pdf")
    assert told(taken(one, QUOTED, SILENT, "voici le devis signé")) == (kind, confidence)


def test_what_says_nothing_is_what_the_state_waits_for_when_a_mail_has_no_words() -> None:
    assert told(taken(scan(), QUOTED, SILENT)) == ("order", LIKELY)


def test_what_says_nothing_is_what_the_words_call_it() -> None:
    assert told(taken(scan(), QUOTED, ASKING, "voici le devis signé")) == ("signed_quote", LIKELY)
    assert told(taken(scan(), (), ASKING, "hierbij de getekende offerte")) == (
        "signed_quote",
        LIKELY,
    )
    assert told(taken(scan(), (), ASKING, "anbei unsere Bestellung")) == ("order", LIKELY)


def test_what_the_words_call_another_paper_is_not_the_one_that_is_awaited() -> None:
    said = "Voici la facture d'achat."
    assert told(taken(scan(), QUOTED, NOTHING, said)) == ("invoice", UNSURE)
    assert told(taken(scan(), (), NOTHING, said)) == ("invoice", LIKELY)
    assert taken(picture(), QUOTED, Intent(kind=IntentKind.ACCEPTANCE), said).kind == "photo"
    assert told(taken(scan(), QUOTED, NOTHING, "la facture et le bon de livraison")) == (
        "order",
        UNSURE,
    )


def test_words_that_name_several_papers_name_none() -> None:
    assert told(taken(scan(), (), ASKING, "le bon de commande et la facture")) == ("other", LIKELY)


def test_the_name_of_a_file_makes_no_paper_that_binds() -> None:
    assert told(taken(scan("order", "commande.pdf"))) == ("order", UNSURE)
    assert told(taken(scan("quote", "devis.pdf"))) == ("quote", UNSURE)
    assert told(taken(scan("invoice", "facture.pdf"))) == ("invoice", LIKELY)


def test_name_and_words_together_do() -> None:
    assert told(taken(scan("order", "BC.pdf"), (), ASKING, "notre commande")) == ("order", LIKELY)


def test_clues_that_contradict_one_another_are_for_a_person() -> None:
    assert told(taken(scan("invoice", "facture.pdf"), QUOTED, SILENT)) == ("invoice", UNSURE)
    assert told(taken(paper("other"), QUOTED, SILENT, "voici notre bon de commande")) == (
        "order",
        UNSURE,
    )


def test_a_question_with_a_scan_where_an_order_is_awaited_is_for_a_person() -> None:
    assert told(taken(scan(), QUOTED, ASKING, "est-ce juste ?")) == ("order", UNSURE)


def test_a_paper_in_doubt_is_for_a_person_whatever_is_awaited_unless_the_words_agree() -> None:
    doubtful = paper("order", UNSURE)
    assert told(taken(doubtful, QUOTED, SILENT)) == ("order", UNSURE)
    assert told(taken(doubtful, QUOTED, SILENT, "voici notre bon de commande")) == ("order", LIKELY)
    assert told(taken(doubtful, QUOTED, SILENT, "voici le devis signé")) == ("order", UNSURE)


@pytest.mark.parametrize("confidence", [SURE, UNSURE])
def test_a_paper_that_looks_like_none_is_not_made_an_order_by_what_is_awaited(
    confidence: Confidence,
) -> None:
    manual = paper("other", confidence)
    assert told(taken(manual, QUOTED, SILENT, "notre commande")) == ("order", UNSURE)
    awaited = ("order", UNSURE) if confidence is UNSURE else ("other", LIKELY)
    assert told(taken(manual, QUOTED, SILENT)) == awaited
    assert told(taken(manual, (), ASKING, "voici le mode d'emploi")) == ("other", LIKELY)
    assert told(taken(manual, (), ASKING, "voici la facture")) == ("invoice", LIKELY)


@pytest.mark.parametrize("read", [{"source": Source.GUESS}])
def test_a_guess_alone_is_never_more_than_unsure(read: dict[str, object]) -> None:
    one = file(document=BusinessDocument(kind=DocumentKind.ORDER, **read))  # type: ignore[arg-type]
    assert told(taken(one)) == ("order", UNSURE)
    assert told(taken(one, QUOTED, SILENT)) == ("order", LIKELY)


def test_what_is_neither_paper_nor_photo_is_other() -> None:
    assert told(taken(file("notes.txt", FileKind.TEXT), QUOTED, SILENT)) == ("other", SURE)


# --- photos


def test_a_photo_without_words_is_the_signed_paper_that_is_awaited_else_a_photo() -> None:
    assert told(taken(picture(), QUOTED, SILENT)) == ("signed_quote", LIKELY)
    assert told(taken(picture(), (), SILENT)) == ("photo", SURE)
    assert told(taken(picture(inline=True), QUOTED, SILENT)) == ("photo", SURE)


def test_any_paper_that_a_state_waits_for_has_its_slot() -> None:
    assert told(taken(scan(), ("warranty",), SILENT)) == ("warranty", LIKELY)
    assert told(taken(picture(), ("invoice",), SILENT)) == ("invoice", LIKELY)
    assert told(taken(picture(), ("order", "signed_agreement"), SILENT)) == (
        "signed_agreement",
        LIKELY,
    )
    assert told(taken(picture(), ("photo", "invoice"), SILENT)) == ("photo", SURE)
    assert told(taken(scan(), ("photo", "invoice"), SILENT)) == ("invoice", LIKELY)
    assert told(taken(scan("invoice"), ("warranty", "invoice"), SILENT)) == ("invoice", LIKELY)
    assert told(taken(scan(), ("photo",), SILENT)) == ("other", LIKELY)


def test_a_photo_beside_a_paper_is_no_paper() -> None:
    filed = sort_attachments((scan(), picture()), QUOTED, SILENT, said="voici le devis signé")
    assert [one.kind for _, one in filed.promoted] == ["signed_quote", "photo"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Bonjour, ci-joint une photo du carton.", "photo_parcel"),
        ("voici la photo de la plaque signalétique", "photo_nameplate"),
        ("Hierbij een foto van het kapotte toestel", "photo_damage"),
        ("Anbei ein Foto vom Typenschild", "photo_nameplate"),
        ("pictures of the labels attached", "photo_label"),
        ("photo du carton et de la plaque", "photo"),
        ("Numéro de série : SN1\nvoir photo", "photo"),
        ("le carton est arrivé. Photo jointe.", "photo"),
        ("Voici la photo du lecteur, numéro de série SN1", "photo"),
        ("Voici la photo du numéro de série", "photo_nameplate"),
    ],
)
def test_a_sentence_about_pictures_says_what_a_photo_shows(said: str, kind: str) -> None:
    assert taken(picture(), said=said).kind == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("plaque_signaletique.jpg", "photo_nameplate"),
        ("carton2.jpg", "photo_parcel"),
        ("Typenschild.heic", "photo_nameplate"),
        ("IMG_2041.jpg", "photo"),
    ],
)
def test_the_name_of_a_picture_says_what_it_shows(name: str, kind: str) -> None:
    assert taken(picture(name)).kind == kind


def test_a_picture_whose_name_says_a_paper_is_that_paper_or_asked_about() -> None:
    assert told(taken(picture("devis signé.jpg"), QUOTED)) == ("signed_quote", LIKELY)
    assert told(taken(picture("devis signé.jpg"), QUOTED, ASKING)) == ("signed_quote", UNSURE)
    assert told(taken(picture("devis signé.jpg"))) == ("signed_quote", UNSURE)
    assert told(taken(picture("bon de livraison.jpg"))) == ("delivery_note", LIKELY)


def test_a_code_on_a_picture_tells_it_from_a_signed_paper_unless_the_words_call_it_one() -> None:
    coded = picture("IMG_1.jpg", Barcode(symbology="QRCode", text="SN123456"))
    assert taken(coded, QUOTED, SILENT).kind == "photo_nameplate"
    assert taken(coded, QUOTED, SILENT, "voici le devis signé").kind == "signed_quote"


def test_codes_tell_parcels_labels_and_nameplates() -> None:
    parcel = Barcode(symbology="Code128", text="RR473124829FR")
    article = Barcode(symbology="EAN13", text="4006381333931")
    own = Barcode(symbology="DataMatrix", text="SN123456")
    misread = Barcode(symbology="EAN13", text="4006381333930", valid=False)
    assert taken(picture("a.jpg", parcel), said="photo de la plaque").kind == "photo_parcel"
    assert taken(picture("a.jpg", article)).kind == "photo_label"
    assert taken(picture("a.jpg", article, own)).kind == "photo_nameplate"
    assert taken(picture("a.jpg", misread)).kind == "photo"


def test_the_only_photo_that_a_state_waits_for_is_that_photo() -> None:
    assert taken(picture(), ("photo_nameplate",), SILENT).kind == "photo_nameplate"


def test_any_photo_counts_where_a_photo_is_wanted() -> None:
    turn = filed_on(picture("plaque.jpg"))
    assert turn.ticket.latest("photo") == turn.ticket.documents[0]
    assert turn.ticket.latest("photo_parcel") is None


# --- documents


def filed_on(*files: Attachment, vouched: bool = False) -> Turn:
    event = Event(
        kind=EventKind.MAIL, actor=Actor(address=CLAIRE), cause="m1", at=NOW, requested_at=NOW
    )
    turn = Turn(workflow=shipped("rma"), desk=desk(), event=event, ticket=ticket())
    filed = sort_attachments(files, (), NOTHING)
    return file_documents(turn, filed, Visibility.PUBLIC, vouched=vouched)


def test_an_unsure_paper_is_kept_and_moves_nothing() -> None:
    turn = filed_on(paper("order", UNSURE))
    assert turn.ticket.documents[0].flags == {"unsure"}
    assert turn.ticket.latest("order") is None
    assert "unsure" in turn.filed[0]


def test_what_an_agent_brings_waits_for_nobody() -> None:
    assert filed_on(paper("order", UNSURE), vouched=True).ticket.latest("order") is not None


def test_a_photo_is_kept_with_its_copy_its_thumbnail_and_its_fingerprint() -> None:
    turn = filed_on(picture())
    (made,) = turn.documents
    kept = made.document
    assert made.copies == {kept.copy_sha256: b"c", kept.thumbnail_sha256: b"t"}
    assert kept.fingerprint == "f" * 16
    plain = picture(sha256="own digest")
    plain = replace(plain, photo=Photo(width=1, height=1))
    assert filed_on(plain).ticket.documents[0].fingerprint == "own digest"


def test_a_file_that_no_scanner_has_seen_says_so() -> None:
    assert filed_on(replace(scan(), scan="unscanned")).ticket.documents[0].flags == {"unscanned"}
    assert filed_on(replace(scan(), scan="clean")).ticket.documents[0].flags == set()


def test_what_a_reading_guessed_says_so() -> None:
    guess = file(document=BusinessDocument(kind=DocumentKind.INVOICE, source=Source.GUESS))
    assert "suggested" in filed_on(guess).ticket.documents[0].flags


def test_a_photo_dragged_along_in_a_quotation_is_filed_once() -> None:
    turn = filed_on(picture(inline=True))
    again = sort_attachments((picture(inline=True),), (), NOTHING)
    assert file_documents(turn, again, Visibility.PUBLIC).ticket.documents == turn.ticket.documents


def test_a_ticket_weighs_what_its_documents_weigh() -> None:
    assert octets_of(filed_on(scan(), picture()).ticket) == 8


def test_refused_files_are_told_with_their_reason() -> None:
    turn = filed_on(replace(scan(name="virus.pdf"), refusal="infected"))
    assert turn.ticket.documents == ()
    assert [one.filename for one in turn.event.refused] == ["virus.pdf"]
    assert turn.filed == (f"{turn.ticket.key}: virus.pdf is refused: infected",)
