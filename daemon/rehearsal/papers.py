"""Papers for rehearsals: orders, quotes, photos and worse, made on the spot and all invented."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path

from daemon.rehearsal import business, forms, pictures
from daemon.rehearsal.enclosure import PDF, Enclosure, Given, listed, named
from handlers.errors import ConfigError


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


def _archive(given: Given, now: datetime) -> Enclosure:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("commande.txt", now.timetuple()[:6]), "BC 12")
    name = named(given, "commande.zip")
    return Enclosure(name=name, content_type="application/zip", data=target.getvalue())


def _mail(given: Given, now: datetime) -> Enclosure:
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Subject"] = str(given["from"]), str(given.get("subject", ""))
    inner["To"], inner["Date"] = str(given.get("to", "info@desk.example")), format_datetime(now)
    inner["Message-ID"] = "<inner@elsewhere.example>"
    inner.set_content(str(given.get("text", "")))
    name = named(given, "mail.eml")
    return Enclosure(name=name, content_type="message/rfc822", data=inner.as_bytes())


def _table(given: Given, now: datetime) -> Enclosure:  # noqa: ARG001
    """Make a CSV file of lines ("invoice;date"), the last one as often as `times` says, declared and
    encoded as wanted."""
    rows = listed(given.get("rows"))
    text = "\n".join([*rows, *rows[-1:] * (int(str(given.get("times", 1))) - 1), ""])
    data = text.encode(str(given.get("encoding", "utf-8-sig")))
    kind = str(given.get("declared", "text/csv"))
    return Enclosure(name=named(given, "table.csv"), content_type=kind, data=data)


def _type_of(file: Path) -> str:
    kinds = {".pdf": PDF, ".jpg": "image/jpeg", ".png": "image/png", ".xml": "text/xml"}
    return kinds.get(file.suffix.lower(), "application/octet-stream")


MAKERS: dict[str, Callable[[Given, datetime], Enclosure]] = {
    "order": business.order,
    "order_x": business.order_x,
    "quote": business.quote,
    "signed_quote": business.signed_quote,
    "invoice": business.invoice,
    "delivery_note": business.delivery_note,
    "form": forms.form,
    "scan": business.scan,
    "locked": business.locked,
    "photo": pictures.photo,
    "heic": pictures.heic,
    "logo": pictures.logo,
    "pixels": pictures.pixels,
    "archive": _archive,
    "mail": _mail,
    "table": _table,
}
