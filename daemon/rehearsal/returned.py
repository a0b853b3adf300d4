"""A paper that we sent comes back in a rehearsal: filled in, photographed, scanned, or as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from email.message import EmailMessage

from daemon.rehearsal.business import pdf
from daemon.rehearsal.enclosure import PDF, Enclosure, Given, listed, named
from daemon.rehearsal.forms import filled_form, values_of
from daemon.rehearsal.pictures import page_picture, photographed
from handlers.errors import ConfigError

Finder = Callable[[str, str, str], "tuple[object, EmailMessage] | None"]


def returned_paper(
    paper: Mapping[str, object], find: Finder, address: Callable[[str], str], sender: str
) -> Enclosure | None:
    """Return the PDF that an `attach` line asks for as `{sent: {of: "A:C1"}}`, None for any other line.

    `find` looks up the last message about a ticket to an address with a notice, `address` reads a short
    name. Raises ConfigError when no such message brought a PDF.
    """
    given = paper.get("sent")
    if not isinstance(given, Mapping):
        return None
    name, _, notice = str(given.get("of", "")).partition(":")
    found = find(name, address(str(given.get("to") or sender)), notice)
    papers = [part for part in found[1].walk() if part.get_content_type() == PDF] if found else []
    wanted = [part for part in papers if str(given.get("file", "")) in str(part.get_filename())]
    if not wanted:
        raise ConfigError(f"attach: sent: no PDF went with {given.get('of')!r}.")
    return _handed(given, str(wanted[0].get_filename()), wanted[0].get_payload(decode=True))


def _handed(given: Given, usual: str, data: object) -> Enclosure:
    assert isinstance(data, bytes), "a PDF is no multipart"
    typed = values_of(listed(given.get("typed")))
    data = filled_form(data, typed) if typed else data
    if given.get("as") == "photo":
        return photographed(data, str(given.get("name") or "IMG_2041.jpg"))
    if given.get("as") == "scan":
        data = pdf([], picture=page_picture(data))
    return Enclosure(name=named(given, usual), content_type=PDF, data=data)
