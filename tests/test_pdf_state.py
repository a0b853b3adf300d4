"""PDFs before they are read: locked, dangerous, signed, filled in."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from parsers.files.layout import read_pages
from parsers.files.pdf_state import PdfState, state_of
from parsers.files.typed_text import Typed, with_typed

from .einvoices import cii, packed
from .papers import text_pdf


def name(text):
    return NameObject(f"/{text}")


def dictionary(**entries):
    return DictionaryObject({name(key): value for key, value in entries.items()})


def text(words):
    return TextStringObject(words)


def script(words):
    return dictionary(S=name("JavaScript"), JS=text(words))


LAUNCH = dictionary(S=name("Launch"), F=text("cmd.exe"))
SCRIPT = script("app.alert('x')")


def changed(change, lines=("DEVIS N° D-2026-118",)):
    """Return a PDF that `change(writer)` has done something to."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(text_pdf(lines))))
    change(writer)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def in_root(**entries):
    return changed(lambda writer: writer.root_object.update(dictionary(**entries)))


def on_page(*annotations, page=0, lines=("DEVIS",)):
    def add(writer):
        made = ArrayObject([writer._add_object(one) for one in annotations])
        writer.pages[page][name("Annots")] = made

    return changed(add, lines)


def annotation(kind, **entries):
    box = ArrayObject(map(NumberObject, (10, 10, 90, 40)))
    return dictionary(Type=name("Annot"), Subtype=name(kind), Rect=box, **entries)


def form(*fields):
    return in_root(AcroForm=dictionary(Fields=ArrayObject(fields)))


def filled(value, given="", **entries):
    default = {"DV": text(given)} if given else {}
    return dictionary(FT=name("Tx"), T=text("number"), V=text(value), **default, **entries)


# Locked


def locked(user, owner="boss", algorithm="AES-256"):
    return changed(lambda writer: writer.encrypt(user, owner, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_needs_a_password_is_locked_and_one_that_only_forbids_is_not(algorithm):
    assert state_of(locked("secret", algorithm=algorithm)).refusal == "encrypted"
    forbidding = locked("", algorithm=algorithm)
    assert state_of(forbidding) == PdfState(pages=1)
    assert "D-2026-118" in read_pages(forbidding)[0].rows[0].text


def test_a_pdf_locked_by_reportlab_or_by_a_method_nobody_knows_is_locked():
    assert state_of(text_pdf(["x"], password="secret")).refusal == "encrypted"
    unknown = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R/Encrypt<</Filter/Odd/V 9>>>>"
    assert state_of(unknown + b"\nstartxref\n0\n%%EOF").refusal == "encrypted"


# Dangerous


@pytest.mark.parametrize(
    "data, refusal",
    [
        (in_root(OpenAction=SCRIPT), "macro"),
        (in_root(OpenAction=dictionary(S=name("GoTo"), Next=ArrayObject([SCRIPT]))), "macro"),
        (in_root(AA=dictionary(WC=SCRIPT)), "macro"),
        (in_root(Names=dictionary(JavaScript=dictionary(Names=ArrayObject([text("a"), SCRIPT])))), "macro"),
        (in_root(OpenAction=LAUNCH), "executable"),
        (on_page(annotation("Link", A=LAUNCH)), "executable"),
        (on_page(annotation("Link", A=SCRIPT)), "macro"),
        (on_page(annotation("Screen", A=dictionary(S=name("Rendition"), JS=text("app.alert(1)")))), "macro"),
        (in_root(Outlines=dictionary(First=dictionary(Next=dictionary(A=LAUNCH)))), "executable"),
        (on_page(annotation("Widget", AA=dictionary(K=SCRIPT))), "macro"),
        (changed(lambda writer: writer.pages[0].update(dictionary(AA=dictionary(O=SCRIPT)))), "macro"),
        (form(filled("1", AA=dictionary(F=script("AFNumber_Format(2);this.submitForm('http://a.example')")))), "macro"),
        (form(filled("1", AA=dictionary(F=script("this['ev'+'al'](x)")))), "macro"),
        (packed(("facture.pdf.exe", b"MZ\x90\x00")), "executable"),
        (packed(("notes.txt", b"MZ\x90\x00")), "executable"),
        (packed(("run.js", b"var a")), "executable"),
        (packed(("a.docm", b"PK\x03\x04word/vbaProject.bin")), "macro"),
        (packed(*[(f"{n}.txt", b"a") for n in range(60)], ("z.vbs", b"a")), "executable"),
    ],
    ids=range(18),
)  # fmt: skip
def test_what_acts_by_itself_is_refused(data, refusal):
    assert state_of(data).refusal == refusal


def test_a_program_that_hangs_at_a_place_of_a_page_is_found():
    def hang(writer):
        writer.add_attachment("a.exe", b"MZ\x90\x00")
        tree = writer.root_object["/Names"]["/EmbeddedFiles"]
        specification = tree["/Names"][1]
        del writer.root_object["/Names"]
        mark = writer._add_object(annotation("FileAttachment", FS=specification))
        writer.pages[0][name("Annots")] = ArrayObject([mark])

    assert state_of(changed(hang)).refusal == "executable"


@pytest.mark.parametrize(
    "data",
    [
        text_pdf(["DEVIS"]),
        packed(("factur-x.xml", cii())),
        in_root(OpenAction=dictionary(S=name("GoTo"), D=ArrayObject())),
        on_page(annotation("Link", A=dictionary(S=name("URI"), URI=text("https://a.example")))),
        form(filled("1", AA=dictionary(F=script('AFNumber_Format(2, 0, 0, 0, "€ ", true);')))),
        form(filled("1", AA=dictionary(C=script('AFSimple_Calculate("SUM", new Array ("p[0].a", "b"));')))),
    ],
    ids=["plain", "invoice", "jump", "link", "format", "sum"],
)  # fmt: skip
def test_what_does_nothing_or_only_adds_up_a_form_is_not_refused(data):
    assert state_of(data).refusal == ""


# Signed and filled in

SIGNATURE = dictionary(
    Type=name("Sig"), SubFilter=name("adbe.pkcs7.detached"), Contents=ByteStringObject(b"\x30")
)
STAMPED = dictionary(
    Type=name("DocTimeStamp"), SubFilter=name("ETSI.RFC3161"), Contents=ByteStringObject(b"\x30")
)


def signature_field(**entries):
    return dictionary(FT=name("Sig"), T=text("sign here"), **entries)


def test_a_digital_signature_is_a_sign_and_an_empty_field_or_a_time_stamp_is_none():
    assert state_of(form(signature_field(V=SIGNATURE))).signs == ("digital signature",)
    assert state_of(form(signature_field())).signs == ()
    assert state_of(form(signature_field(V=STAMPED))).signs == ()


def test_a_signature_below_its_field_is_found():
    kid = dictionary(FT=name("Sig"), V=SIGNATURE)
    assert state_of(form(dictionary(T=text("a"), Kids=ArrayObject([kid])))).signs


@pytest.mark.parametrize("page", [0, -1])
def test_what_was_drawn_stamped_or_typed_on_a_page_is_a_sign(page):
    data = on_page(
        annotation("Ink"),
        annotation("Stamp"),
        annotation("FreeText", Contents=text("Bon pour\raccord")),
        annotation("Ink"),
        page=page,
        lines=["x"] * 49 * 60,
    )
    state = state_of(data)
    assert (state.pages, state.refusal) == (59, "")
    assert state.signs == ("ink", "stamp", "typed")
    (typed,) = state.typed
    assert (typed.text, typed.page) == ("Bon pour\naccord", 1 if page == 0 else 59)
    assert typed.box == pytest.approx((10, 801.9, 90, 831.9), abs=0.1)


def test_what_nobody_sees_and_what_says_nothing_is_no_sign():
    hidden = annotation("Ink", F=NumberObject(2))
    data = on_page(hidden, annotation("FreeText"), annotation("Link"), annotation("Highlight"))
    assert state_of(data) == PdfState(pages=1)


def test_a_field_somebody_filled_in_tells_what_and_one_left_as_given_does_not():
    state = state_of(form(filled("BC-4471"), filled("Total", given="Total"), filled("  ")))
    assert (state.signs, state.typed) == (("typed",), (Typed(text="BC-4471"),))


def test_a_field_is_of_the_kind_the_one_above_it_says():
    def add(writer):
        above = dictionary(FT=name("Tx"), T=text("number"))
        reference = writer._add_object(above)
        above[name("Kids")] = ArrayObject([dictionary(Parent=reference, V=text("BC-9"))])
        writer.root_object[name("AcroForm")] = dictionary(Fields=ArrayObject([reference]))

    assert state_of(changed(add)).typed == (Typed(text="BC-9"),)


def test_what_stands_in_the_box_of_a_form_is_told_once_and_with_its_place():
    def add(writer):
        field = annotation("Widget", FT=name("Tx"), T=text("number"), V=text("BC-4471"))
        reference = writer._add_object(field)
        writer.pages[0][name("Annots")] = ArrayObject([reference])
        writer.root_object[name("AcroForm")] = dictionary(Fields=ArrayObject([reference]))

    (typed,) = state_of(changed(add)).typed
    assert (typed.text, typed.page, len(typed.box)) == ("BC-4471", 1, 4)


def test_typed_words_stand_among_the_printed_ones_of_their_page():
    data = text_pdf(["Bon pour accord :", "Total TTC 412,80 EUR"])
    pages = read_pages(data)
    box = pages[0].rows[0].box
    note = Typed(
        text="Claire Martin\nle 05/11/2026",
        page=1,
        box=(box[2] + 20, box[1], box[2] + 150, box[1] + 28),
    )
    rows = [
        row.text
        for row in with_typed(pages, [note, Typed(text="x"), Typed(text="y", page=9)])[0].rows
    ]
    assert rows == [
        "Bon pour accord : Claire Martin",
        "Total TTC 412,80 EUR le 05/11/2026",
    ]
    assert with_typed(pages, []) == pages


def test_on_a_page_that_is_turned_the_place_is_unknown():
    def add(writer):
        note = writer._add_object(annotation("FreeText", Contents=text("Accepted")))
        writer.pages[0].update(dictionary(Annots=ArrayObject([note]), Rotate=NumberObject(90)))

    assert state_of(changed(add)).typed == (Typed(text="Accepted", page=1),)


# Broken and hostile


def test_a_broken_pdf_is_not_refused_here():
    assert state_of(b"") == PdfState()
    assert state_of(b"%PDF-1.7\n%%EOF").refusal == ""
    data = text_pdf(["DEVIS"])
    for part in range(0, len(data), 211):
        assert state_of(data[:part]).refusal == ""


def test_trees_that_bite_their_tail_end():
    def loop(writer):
        field = dictionary(T=text("a"))
        reference = writer._add_object(field)
        field[name("Kids")] = ArrayObject([reference, reference])
        field[name("Parent")] = reference
        action = dictionary(S=name("GoTo"))
        following = writer._add_object(action)
        action[name("Next")] = ArrayObject([following, following])
        tree = dictionary()
        node = writer._add_object(tree)
        tree[name("Kids")] = ArrayObject([node, node])
        names = dictionary(JavaScript=node, EmbeddedFiles=node)
        writer.root_object.update(
            dictionary(
                AcroForm=dictionary(Fields=ArrayObject([reference])),
                OpenAction=following,
                Names=names,
            )
        )

    assert state_of(changed(loop)) == PdfState(pages=1)


@given(st.data())
def test_a_pdf_with_octets_changed_is_answered(data):
    whole = bytearray(SIGNED)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert state_of(bytes(whole)).refusal in {"", "encrypted", "macro", "executable"}


SIGNED = on_page(annotation("Ink"), annotation("FreeText", Contents=text("Bon pour accord")))


@given(st.binary(max_size=300))
def test_any_octets_are_answered_for_a_pdf(data):
    assert state_of(b"%PDF-1.7\n" + data).signs == ()


def test_crowds_of_annotations_files_and_fields_are_not_all_looked_at():
    def crowd(writer):
        note = writer._add_object(annotation("FreeText", Contents=text("x" * 50_000)))
        tree = dictionary()
        node = writer._add_object(tree)
        tree[name("Kids")] = ArrayObject([node] * 20_000)
        form = dictionary(Fields=ArrayObject([writer._add_object(filled("1"))] * 20_000))
        for page in writer.pages:
            page[name("Annots")] = ArrayObject([note] * 5_000)
        names = dictionary(EmbeddedFiles=node, JavaScript=node)
        writer.root_object.update(dictionary(Names=names, AcroForm=form))

    state = state_of(changed(crowd, ["x"] * 49 * 30))
    assert (state.refusal, state.pages, state.signs) == ("", 30, ("typed",))
    assert len(state.typed) <= 30
