"""Forms that come back: what somebody typed, ticked or chose on a screen, and nothing else."""

import hashlib
import time
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from daemon.rehearsal.forms import blank_form, filled_form
from parsers.business import WRITER
from parsers.file_report import file_as_lines
from parsers.files.opening import open_file, told_of
from parsers.files.pdf_form import LONGEST_VALUE, MOST_FIELDS
from parsers.files.pdf_state import state_of
from parsers.mail import Attachment, FileKind

from .papers import text_pdf

LABELS = {"N° de garantie": "", "Largeur": "", "Hauteur": "", "Votre référence": "Dupuis"}


def said(data):
    """Return what a form says, by label."""
    form = state_of(data).form
    return {entry.label: entry.value for entry in form.entries} if form else None


def with_boxes(*boxes, **fields):
    """Return a PDF whose page bears these boxes, all fields of its form."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf(["Formulaire"]))))
    made = ArrayObject([writer._add_object(box) for box in boxes])
    writer.pages[0][NameObject("/Annots")] = made
    form = {"/Fields": made, **{f"/{name}": value for name, value in fields.items()}}
    writer.root_object[NameObject("/AcroForm")] = dictionary(form)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def attached(data):
    """Return a PDF as a mail brings it."""
    return Attachment(
        filename="f.pdf",
        content_type="application/pdf",
        declared_type="application/pdf",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        kind=FileKind.PDF,
    )


def dictionary(entries):
    return DictionaryObject({NameObject(name): value for name, value in entries.items()})


def box(label="Largeur", value="2400", **entries):
    rectangle = ArrayObject(map(NumberObject, (10, 10, 90, 40)))
    made = {"/Type": NameObject("/Annot"), "/Subtype": NameObject("/Widget"), "/Rect": rectangle}
    made |= {"/FT": NameObject("/Tx"), "/T": TextStringObject(label)}
    if value is not None:
        made["/V"] = TextStringObject(value) if isinstance(value, str) else value
    return dictionary(made | {f"/{name}": one for name, one in entries.items()})


def test_what_was_typed_is_read_under_the_name_of_its_field():
    data = filled_form(blank_form(LABELS), {"N° de garantie": "GW-100201", "Largeur": " 2400  mm "})
    assert said(data) == {"N° de garantie": "GW-100201", "Largeur": "2400 mm"}


def test_every_field_that_can_be_seen_gives_its_label():
    assert state_of(blank_form(LABELS)).form.labels == tuple(LABELS)


def test_what_it_was_handed_out_with_is_nothing_new():
    data = filled_form(blank_form(LABELS), {"Votre référence": "Dupuis"})
    assert said(data) == {}
    assert [entry.value for entry in state_of(data).form.left] == ["Dupuis"]
    assert said(filled_form(data, {"Votre référence": "Dupuis 2"})) == {
        "Votre référence": "Dupuis 2"
    }


def test_a_field_that_was_emptied_says_nothing():
    assert said(filled_form(blank_form(LABELS), {"Votre référence": ""})) == {}


def test_a_paper_without_fields_has_no_form():
    assert state_of(text_pdf(["DEVIS N° D-2026-118"])).form is None


def test_several_lines_stay_several_lines():
    data = with_boxes(box("Panne", "ne démarre plus\r\net chauffe", Ff=NumberObject(1 << 12)))
    assert said(data) == {"Panne": "ne démarre plus\net chauffe"}


@pytest.mark.parametrize("written", ["Škoda Ελλάδα Київ", "naïve – œuvre €", "🙂 bonjour"])
def test_every_script_arrives(written):
    assert said(filled_form(blank_form(LABELS), {"Largeur": written})) == {"Largeur": written}


def test_bytes_that_are_no_text_are_read_as_what_they_most_likely_are():
    assert said(with_boxes(box(value=ByteStringObject(b"\x80 2400")))) == {"Largeur": "• 2400"}


def test_a_long_text_may_be_a_stream():
    stream = StreamObject()
    stream.set_data(b"\xfe\xff" + "élargi".encode("utf-16-be"))
    assert said(with_boxes(box(value=stream))) == {"Largeur": "élargi"}


def test_ticked_boxes_chosen_options_and_lists():
    def more(canvas):
        form = canvas.acroForm
        form.checkbox(name="Garantie", x=60, y=100)
        form.radio(name="Action", value="repair", x=60, y=140)
        form.radio(name="Action", value="exchange", x=90, y=140)
        form.choice(
            name="Lieu", value="A", options=[("Atelier", "A"), ("Domicile", "D")], x=60, y=180
        )

    data = blank_form({}, ["Formulaire"], more=more)
    assert state_of(data).form.labels == ("Garantie", "Action", "Lieu")
    data = filled_form(data, {"Garantie": "/Yes", "Action": "/exchange", "Lieu": "D"})
    assert said(data) == {"Garantie": "Yes", "Action": "exchange", "Lieu": "Domicile"}


def test_a_box_whose_state_is_a_place_in_a_list_says_what_stands_there():
    options = ArrayObject([TextStringObject("oui"), TextStringObject("non")])
    button = {"FT": NameObject("/Btn"), "Opt": options}
    assert said(with_boxes(box("Garantie", NameObject("/1"), **button))) == {"Garantie": "non"}
    assert said(with_boxes(box("Garantie", NameObject("/Off"), **button))) == {}


def test_several_choices_are_said_together():
    several = ArrayObject([TextStringObject("toile"), TextStringObject("moteur")])
    assert said(with_boxes(box("Pièces", several, FT=NameObject("/Ch")))) == {
        "Pièces": "toile, moteur"
    }


@pytest.mark.parametrize(
    "hidden",
    [
        {"F": NumberObject(2)},
        {"F": NumberObject(32)},
        {"Rect": ArrayObject(map(NumberObject, (10, 10, 10, 10)))},
        {"Ff": NumberObject(1 << 13)},
        {"Ff": NumberObject(1 << 20)},
        {"Ff": NumberObject(1)},
        {"FT": NameObject("/Btn"), "Ff": NumberObject(1 << 16)},
        {"FT": NameObject("/Sig")},
        {"T": TextStringObject(" ")},
    ],
    ids=[
        "hidden",
        "no view",
        "flat",
        "password",
        "file",
        "fixed",
        "push button",
        "signature",
        "nameless",
    ],
)
def test_nobody_typed_what_nobody_could(hidden):
    assert said(with_boxes(box(**hidden))) is None or said(with_boxes(box(**hidden))) == {}


def test_a_field_outside_every_page_says_nothing():
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf(["Formulaire"]))))
    fields = ArrayObject([writer._add_object(box())])
    writer.root_object[NameObject("/AcroForm")] = dictionary({"/Fields": fields})
    target = BytesIO()
    writer.write(target)
    assert said(target.getvalue()) is None


def test_a_form_in_xfa_alone_is_none():
    xfa = StreamObject()
    xfa.set_data(b"<xdp><field name='Largeur'><value>2400</value></field></xdp>")
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf(["Please wait..."]))))
    writer.root_object[NameObject("/AcroForm")] = dictionary({"/XFA": writer._add_object(xfa)})
    target = BytesIO()
    writer.write(target)
    assert said(target.getvalue()) is None


def test_names_above_a_field_belong_to_its_label():
    parent = dictionary({"/T": TextStringObject("Warranty no"), "/FT": NameObject("/Tx")})
    child = box("", "GW-1")
    child[NameObject("/Parent")] = parent
    assert said(with_boxes(child)) == {"Warranty no": "GW-1"}


def test_it_is_told_on_which_page_a_value_stands():
    data = filled_form(blank_form(LABELS, ["Commande de service"]), {"Largeur": "2400"})
    file = attached(data)
    read = told_of(file, open_file(file))
    (entry,) = read.document.form.entries
    assert (entry.place.page, entry.place.line) == (1, "Largeur")
    assert len(entry.place.box) == 4
    assert any("Largeur: 2400   <- page 1: Largeur" in line for line in file_as_lines(read))


def test_a_form_with_a_script_is_refused_as_ever():
    script = dictionary({"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")})
    writer = PdfWriter(clone_from=PdfReader(BytesIO(with_boxes(box()))))
    writer.root_object[NameObject("/OpenAction")] = script
    target = BytesIO()
    writer.write(target)
    opened = open_file(attached(target.getvalue()))
    assert (opened.refusal, opened.document) == ("macro", None)


def test_a_paper_of_ours_is_known_to_be_untouched_until_somebody_saves_it_anew():
    target = BytesIO()
    canvas = Canvas(target, invariant=1)
    canvas.setProducer(WRITER)
    canvas.drawString(60, 700, "Accord de réparation")
    canvas.acroForm.textfield(name="Largeur")
    canvas.save()
    ours = target.getvalue()
    assert state_of(ours).untouched
    assert not state_of(filled_form(ours, {})).untouched
    assert not state_of(ours + b"\n%%EOF").untouched
    assert not state_of(text_pdf(["Accord de réparation"])).untouched


def references_round_and_round():
    """Return a form whose fields are each other's parents, through the file's own objects."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf(["Formulaire"]))))
    first, second = box("a", None), box("b", None)
    one, two = writer._add_object(first), writer._add_object(second)
    for field, other in ((first, two), (second, one)):
        del field["/FT"]
        field[NameObject("/Parent")] = other
        field[NameObject("/Kids")] = ArrayObject([other, other])
    fields = ArrayObject([one, two])
    writer.pages[0][NameObject("/Annots")] = fields
    writer.root_object[NameObject("/AcroForm")] = dictionary({"/Fields": fields})
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def written(boxes):
    """Return a form of these boxes, written down by hand: a program would take minutes."""
    head = [b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields 4 0 R >> >>"]
    head += [b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    head += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots 4 0 R >>"]
    head += [b"[%s]" % b" ".join(b"%d 0 R" % number for number in range(5, 5 + len(boxes)))]
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, made in enumerate([*head, *boxes], 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, made)
    start, count = len(body), len(places) + 1
    body += b"xref\n0 %d\n0000000000 65535 f \n" % count
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (count, start)
    return bytes(body)


def crowd(count, name=b"f", value=b""):
    """Return so many boxes, each with a name and a value of its own."""
    one = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (%s%d) /V (%s%d) /Rect [1 1 9 9] >>"
    return written([one % (name, number, value, number) for number in range(count)])


HOSTILE = {
    "round and round": references_round_and_round,
    "100,000 fields": lambda: crowd(100_000),
    "a value of 2 MB": lambda: crowd(1, value=b"9" * 2_000_000),
    "a name of 2 MB": lambda: crowd(1, name=b"L" * 2_000_000),
    "1,000 values of 5 kB": lambda: crowd(1_000, value=b"9" * 5_000),
    "no field at all": lambda: with_boxes(dictionary({}), NumberObject(7), ArrayObject()),
    "values of other kinds": lambda: with_boxes(
        box("a", dictionary({})), box("b", NumberObject(7)), box("c", ArrayObject([dictionary({})]))
    ),
}


@pytest.mark.parametrize("made", HOSTILE)
def test_hostile_forms_cost_little_and_give_little(made):
    data = HOSTILE[made]()
    began = time.process_time()
    form = state_of(data).form
    assert time.process_time() - began < 5
    if form is not None:
        assert len(form.labels) <= MOST_FIELDS
        assert all(len(entry.value) <= LONGEST_VALUE for entry in form.entries)
        assert all(len(label) <= 100 for label in form.labels)
        assert sum(len(entry.value) for entry in form.entries) <= 30_000


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.integers(min_value=0, max_value=3_000))
def test_a_damaged_form_raises_nothing(noise, at):
    whole = filled_form(blank_form(LABELS), {"Largeur": "2400"})
    at = min(at, len(whole))
    state_of(whole[:at] + noise + whole[at + len(noise) :])
