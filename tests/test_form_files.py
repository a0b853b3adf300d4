"""What a form that comes back says of a ticket: only ours, only what was typed, under labels that its process asks for."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.rehearsal.forms import blank_form, filled_form
from handlers.papers.form_doubt import FormDoubt
from handlers.words.form_files import (
    contradictions,
    filled_by,
    read_form_files,
    unread,
    with_forms,
    written_in,
)
from handlers.words.line_sheets import read_requests
from handlers.workflow_file import shipped
from parsers.business import BusinessDocument, DocumentKind, Form, FormEntry, Place
from parsers.files.opening import open_file, told_of
from parsers.mail import Attachment, FileKind

DOSSIER, RMA = shipped("dossier"), shipped("rma")
LABELS = ("N° de garantie", "Largeur", "Hauteur", "Votre référence")


def attached(form, name="formulaire.pdf", **changes):
    """Return a file whose form was read."""
    known = {
        "filename": name,
        "content_type": "application/pdf",
        "declared_type": "application/pdf",
        "size": 1,
        "sha256": f"digest of {name}",
        "data": b"%PDF",
        "kind": FileKind.PDF,
        "document": BusinessDocument(form=form),
    }
    return Attachment(**(known | changes))


def a_form(typed, labels=LABELS, left=()):
    """Return a form with these entries, all on page 1."""
    return Form(
        labels=tuple(dict.fromkeys((*labels, *typed, *dict(left)))),
        entries=tuple(map(entry, typed.items())),
        left=tuple(map(entry, dict(left).items())),
    )


def entry(pair):
    return FormEntry(label=pair[0], value=pair[1], place=Place(page=1, line=pair[0]))


def read(*forms, workflow=DOSSIER):
    files = [attached(form, f"{n}.pdf") for n, form in enumerate(forms, 1)]
    return read_form_files(files, workflow)


def test_typed_values_become_fields_as_in_the_words_of_a_mail():
    data = filled_form(blank_form(dict.fromkeys(LABELS, "")), {"N° de garantie": "n° GW-100201"})
    file = attached(None, data=data, size=len(data), document=None)
    (form,) = read_form_files([told_of(file, open_file(file))], DOSSIER)
    assert form.values == {"warranty_number": "GW-100201"}
    assert filled_by([form]).sources == {"warranty_number": "formulaire.pdf, page 1"}


@pytest.mark.parametrize(
    "labels",
    [
        ("Garantienummer", "Breedte", "Hoogte", "Uw referentie"),
        ("Garantienummer", "Breite", "Höhe", "Ihre Referenz"),
        ("Warranty no.", "Width", "Height", "Your reference"),
        ("N° DE GARANTIE :", "largeur", "hauteur", "votre  référence"),
    ],
    ids=["nl", "de", "en", "written otherwise"],
)
def test_labels_count_in_every_language(labels):
    (form,) = read(a_form(dict(zip(labels, "ABCD", strict=True)), labels=()))
    assert form.values == {
        "warranty_number": "A",
        "width": "B",
        "height": "C",
        "your_reference": "D",
    }


def test_a_form_of_somebody_else_is_no_form():
    foreign = a_form({"Largeur": "9999", "Firme": "Zon", "TVA": "BE 1"}, labels=())
    assert read(foreign) == ()
    half = a_form({"Largeur": "9999", "Firme": "Zon"}, labels=())
    assert read(half) == ()


def test_a_paper_to_sign_asks_for_a_name_and_is_no_form_of_ours():
    """Who signs a quote on a screen is not the consumer of the request for that."""
    bonus = shipped("repair_bonus")
    one = a_form({"Nom": "Alain Delcourt"}, labels=())
    assert read(one, workflow=bonus) == ()
    signed = a_form({"Nom": "Delcourt", "Prénom": "Alain", "Date": "24/11/2026"}, labels=())
    paper = BusinessDocument(kind=DocumentKind.SIGNED_QUOTE, form=signed)
    assert read_form_files([attached(signed, document=paper)], bonus) == ()


def test_a_form_that_bears_our_labels_alone_is_ours_whatever_its_title():
    form = a_form({"Largeur": "2400"})
    paper = BusinessDocument(kind=DocumentKind.ORDER, form=form)
    (read_back,) = read_form_files([attached(form, document=paper)], DOSSIER)
    assert read_back.values == {"width": "2400"}


def test_what_the_desk_keeps_is_no_label_of_the_form():
    """The number of the order, the state, the customer number are never a form's to change."""
    kept = a_form({"Statut": "Terminé", "N° de client": "70001", "Référence": "X"}, labels=LABELS)
    (form,) = read(kept)
    assert form.values == {}
    assert [one.label for one in form.strange] == ["Statut", "N° de client", "Référence"]


def test_a_file_that_may_not_be_used_says_nothing():
    whole = a_form({"Largeur": "2400"})
    assert read_form_files([attached(whole, refusal="macro")], DOSSIER) == ()
    assert read_form_files([attached(whole, decor=True)], DOSSIER) == ()
    assert read_form_files([attached(None)], DOSSIER) == ()


def test_unknown_values_say_nothing_and_odd_ones_are_shown():
    (form,) = read(
        a_form(
            {"N° de série": "?", "Nature du retour": "peut-être", "Référence": "LECT-400"},
            labels=(),
        ),
        workflow=RMA,
    )
    assert form.values == {"reference": "LECT-400"}
    assert [one.label for one in form.strange] == ["Nature du retour"]


def test_only_a_long_text_keeps_its_lines():
    (form,) = read(
        a_form(
            {"Référence": "LECT-400", "Description": "ne lit plus\nni badge ni carte"}, labels=()
        ),
        workflow=RMA,
    )
    assert form.values["description"] == "ne lit plus\nni badge ni carte"
    (form,) = read(a_form({"Votre référence": "Dupuis\n2"}))
    assert form.values["your_reference"] == "Dupuis 2"


def test_two_forms_that_agree_are_one_and_what_they_dispute_is_nobodys():
    same, other = a_form({"Largeur": "2400"}), a_form({"Largeur": "2500", "Hauteur": "1800"})
    assert filled_by(read(same, same)).values == {"width": "2400"}
    found = filled_by(read(same, other))
    assert found.values == {"height": "1800"}
    assert found.doubts == (FormDoubt(label="Largeur", value="2500", source="2.pdf, page 1"),)


def test_what_we_proposed_counts_with_the_rest_of_a_form_that_was_filled_in():
    proposed = {"N° de garantie": "GW-100201"}
    found = filled_by(read(a_form({"Votre référence": "Dupuis"}, left=proposed)))
    assert written_in(found, {}) == {"warranty_number": "GW-100201", "your_reference": "Dupuis"}
    assert written_in(found, {"warranty_number": "GW-7"}) == {"your_reference": "Dupuis"}
    assert written_in(filled_by(read(a_form({}, left=proposed))), {}) == {}


def test_a_line_of_the_mail_goes_before_the_form_and_the_form_before_running_text():
    typed = {"Référence": "LECT-500", "Nature du retour": "sous garantie"}
    forms = read(a_form(typed, labels=()), workflow=RMA)
    text = "Référence : LECT-400\n\nLe lecteur est muet et hors garantie."
    (said,) = read_requests(text, RMA)
    assert said.values["return_kind"] == "out_of_warranty"
    (sheet,) = with_forms((said,), text, forms, RMA)
    assert (sheet.values["reference"], sheet.values["return_kind"]) == ("LECT-400", "warranty")


def test_of_several_devices_nobody_can_tell_which_a_form_means():
    forms = read(a_form({"Description": "muet"}, labels=("Référence",)), workflow=RMA)
    text = "N° de série : SN100001\n\nN° de série : SN100002"
    sheets = read_requests(text, RMA)
    assert with_forms(sheets, text, forms, RMA) == sheets
    assert unread(forms) == (FormDoubt(label="Description", value="muet", source="1.pdf, page 1"),)


def test_a_contradiction_is_told_and_the_same_said_twice_is_none():
    found = filled_by(read(a_form({"Largeur": "2400", "Hauteur": "1800 mm"})))
    said = {"width": "2500", "height": "1800 MM"}
    (doubt,) = contradictions(found, said, said)
    assert (doubt.name, doubt.said, doubt.kept, doubt.value) == ("width", "2500", "2500", "2400")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=40), st.text(max_size=60), max_size=12))
def test_no_form_fills_what_its_process_does_not_ask_for(typed):
    for workflow in (DOSSIER, RMA):
        for form in read(a_form(typed), workflow=workflow):
            rules = [workflow.fields[name] for name in (*form.values, *form.left)]
            assert all(rule.form and not rule.kept for rule in rules)
