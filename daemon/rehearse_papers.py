"""Papers for rehearsals: orders, quotes, photos and worse, made on the spot and all invented."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from handlers.errors import ConfigError

Given = Mapping[str, object]
PDF = "application/pdf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """A file as it travels in a mail. `content_id` makes it an inline picture."""

    name: str
    content_type: str
    data: bytes = field(repr=False)
    content_id: str = ""


def make_paper(given: Mapping[str, object], folder: Path, now: datetime) -> Enclosure:
    """Make the paper an `attach` line asks for: `{order: {number: BC-1}}`, `{photo: panne.jpg}`.

    A bare word is the file's name. Raises ConfigError for an unknown kind of paper.
    """
    kind, details = next(iter(given.items()), ("", {}))
    values = dict(details) if isinstance(details, Mapping) else {"name": str(details)}
    if kind == "file":
        file = folder / str(values["name"])
        return Enclosure(name=file.name, content_type=_type_of(file), data=file.read_bytes())
    maker = MAKERS.get(kind)
    if maker is None or len(given) != 1:
        raise ConfigError(f"attach: no paper is called {kind!r}. Known: {', '.join(MAKERS)}, file.")
    return maker(values, now)


def _pdf(lines: list[str], *, password: str = "", picture: Image.Image | None = None) -> bytes:
    target = BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(target, pagesize=A4, encrypt=lock)
    for number, line in enumerate(lines):
        for column, cell in enumerate(line.split("\t")):
            canvas.drawString(50 + 130 * column, A4[1] - 50 - 15 * number, cell)
    if picture is not None:
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
    canvas.save()
    return target.getvalue()


def _listed(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _amounts(given: Given) -> list[str]:
    """Return the total lines; amounts are written the French way, as they are printed."""
    names = (("net", "Total HT"), ("gross", "Total TTC"))
    return [f"{label}\t{_comma(given[name])} €" for name, label in names if given.get(name)]


def _comma(amount: object) -> str:
    return str(amount).replace(".", ",")


def _order(given: Given, now: datetime) -> Enclosure:
    number, quotes = str(given.get("number", "BC-1")), _listed(given.get("quotes"))
    lines = ["Dupont SA", "4 place du Marché", "75011 Paris", "", f"BON DE COMMANDE N° {number}"]
    lines += [f"Date : {now:%d/%m/%Y}", "Fournisseur : SAV Exemple"]
    lines += [f"Selon votre devis n° {', '.join(quotes)}"] if quotes else []
    lines += [f"Votre référence {key}" for key in _listed(given.get("rma"))]
    lines += ["Référence\tDésignation\tQté\tPU HT", *_rows(given), *_amounts(given)]
    return Enclosure(name=_name(given, f"{number}.pdf"), content_type=PDF, data=_pdf(lines))


def _quote_lines(given: Given, now: datetime) -> list[str]:
    lines = ["SAV Exemple", "1 rue des Ateliers", "75000 Paris", "", f"DEVIS N° {_number(given)}"]
    lines += [f"Date : {now:%d/%m/%Y}", "Dupont SA", "Référence\tDésignation\tQté\tPU HT"]
    lines += [*_rows(given), *_amounts(given)]
    lines += [f"Devis valable jusqu'au {given['valid']}"] if given.get("valid") else []
    return [*lines, "Bon pour accord, date, cachet et signature :"]


def _number(given: Given) -> str:
    return str(given.get("number", "D-2026-118"))


def _rows(given: Given) -> list[str]:
    serials = _listed(given.get("serials"))
    return [f"LECT-400\tLecteur, n° de série {one}\t1\t" for one in serials] or [
        "LECT-400\tLecteur"
    ]


def _quote(given: Given, now: datetime) -> Enclosure:
    name = _name(given, f"{_number(given)}.pdf")
    return Enclosure(name=name, content_type=PDF, data=_pdf(_quote_lines(given, now)))


def _signed_quote(given: Given, now: datetime) -> Enclosure:
    lines = [*_quote_lines(given, now), f"Bon pour accord, le {now:%d/%m/%Y}", "Claire Martin"]
    name = _name(given, f"{_number(given)} signé.pdf")
    return Enclosure(name=name, content_type=PDF, data=_pdf(lines))


def _invoice(given: Given, now: datetime) -> Enclosure:
    number = str(given.get("number", "F-2026-118"))
    lines = ["Revendeur SARL", f"FACTURE N° {number}", f"Date : {now:%d/%m/%Y}", "Dupont SA"]
    lines += [*_rows(given), *_amounts(given), "Net à payer"]
    return Enclosure(name=_name(given, f"{number}.pdf"), content_type=PDF, data=_pdf(lines))


def _scan(given: Given, now: datetime) -> Enclosure:
    del now
    name = _name(given, "scan.pdf")
    return Enclosure(name=name, content_type=PDF, data=_pdf([], picture=_noise(name, 120)))


def _locked(given: Given, now: datetime) -> Enclosure:
    name = _name(given, "commande.pdf")
    data = _pdf(["BON DE COMMANDE N° 7", f"{now:%d/%m/%Y}"], password="secret")  # noqa: S106
    return Enclosure(name=name, content_type=PDF, data=data)


def _photo(given: Given, now: datetime) -> Enclosure:
    del now
    name, target = _name(given, "photo.jpg"), BytesIO()
    _noise(name, 240).save(target, "JPEG", quality=90)
    inline = "photo" if given.get("inline") else ""
    return Enclosure(
        name=name, content_type="image/jpeg", data=target.getvalue(), content_id=inline
    )


def _logo(given: Given, now: datetime) -> Enclosure:
    del now
    target = BytesIO()
    _noise("logo", 32).save(target, "PNG")
    name = _name(given, "image001.png")
    return Enclosure(name=name, content_type="image/png", data=target.getvalue(), content_id="logo")


def _archive(given: Given, now: datetime) -> Enclosure:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("commande.txt", now.timetuple()[:6]), "BC 12")
    name = _name(given, "commande.zip")
    return Enclosure(name=name, content_type="application/zip", data=target.getvalue())


def _mail(given: Given, now: datetime) -> Enclosure:
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Subject"] = str(given["from"]), str(given.get("subject", ""))
    inner["To"], inner["Date"] = str(given.get("to", "info@desk.example")), format_datetime(now)
    inner["Message-ID"] = "<inner@elsewhere.example>"
    inner.set_content(str(given.get("text", "")))
    name = _name(given, "mail.eml")
    return Enclosure(name=name, content_type="message/rfc822", data=inner.as_bytes())


def _noise(seed: str, side: int) -> Image.Image:
    """Return a picture that is the same for the same seed, and as heavy as a real one."""
    return Image.frombytes("RGB", (side, side), random.Random(seed).randbytes(3 * side * side))


def _name(given: Given, usual: str) -> str:
    return str(given.get("name") or usual)


def _type_of(file: Path) -> str:
    kinds = {".pdf": PDF, ".jpg": "image/jpeg", ".png": "image/png", ".xml": "text/xml"}
    return kinds.get(file.suffix.lower(), "application/octet-stream")


MAKERS: dict[str, Callable[[Given, datetime], Enclosure]] = {
    "order": _order,
    "quote": _quote,
    "signed_quote": _signed_quote,
    "invoice": _invoice,
    "scan": _scan,
    "locked": _locked,
    "photo": _photo,
    "logo": _logo,
    "archive": _archive,
    "mail": _mail,
}
