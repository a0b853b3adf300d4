"""Forms for rehearsals, as we hand them out: the name of a field is its label; filled in on a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from daemon.rehearsal.business import pdf
from daemon.rehearsal.enclosure import PDF, Enclosure, Given, listed, named
from daemon.rehearsal.pictures import page_picture

TOP, STEP = 606, 30


def form(given: Given, now: datetime) -> Enclosure:  # noqa: ARG001 - what every paper is made with
    """Draw a form with `fields` ("Largeur", or "Largeur = 2400" when handed out so) below the printed
    `lines`, and `typed` values in them. `as: flat` prints it to a PDF without fields, `as: scan` scans it."""
    lines = listed(given.get("lines"))
    handed, typed = values_of(listed(given.get("fields"))), values_of(listed(given.get("typed")))
    data = filled_form(blank_form({**dict.fromkeys(typed, ""), **handed}, lines), typed)
    if given.get("as") == "flat":
        data = pdf([*lines, *(f"{label} :\t{value}" for label, value in (handed | typed).items())])
    if given.get("as") == "scan":
        data = pdf([], picture=page_picture(data))
    return Enclosure(name=named(given, "formulaire.pdf"), content_type=PDF, data=data)


def blank_form(
    fields: Mapping[str, str],
    lines: Iterable[str] = (),
    more: Callable[[Canvas], None] | None = None,
) -> bytes:
    """Return a form with a text field per label, holding what it is handed out with, below printed
    lines. `more` draws whatever else is wanted."""
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    for number, line in enumerate(lines):
        canvas.drawString(60, 780 - 18 * number, line)
    for number, (label, value) in enumerate(fields.items()):
        canvas.drawString(60, TOP - STEP * number, f"{label} :")
        box = {"x": 220, "y": TOP - 6 - STEP * number, "width": 300, "height": 20}
        canvas.acroForm.textfield(name=label, value=value, **box)
    if more is not None:
        more(canvas)
    canvas.save()
    return target.getvalue()


def filled_form(form: bytes, typed: Mapping[str, str]) -> bytes:
    """Return a form with values typed into its fields, as a program for PDFs saves it."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(form)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, dict(typed), auto_regenerate=False)
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


def values_of(lines: Iterable[str]) -> dict[str, str]:
    """Return "label = value" lines as values by label."""
    pairs = (line.partition("=") for line in lines)
    return {label.strip(): value.strip() for label, _, value in pairs}
