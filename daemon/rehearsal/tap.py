"""Touch a link of one of our messages, as a mail program opens it (RFC 6068)."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from html.parser import HTMLParser
from urllib.parse import unquote

from handlers.errors import ConfigError


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """The mail that a link opens, and the words that were touched."""

    label: str
    to: str
    subject: str
    body: str


def tap(message: EmailMessage, words: str) -> Prepared:
    """Return the mail that the first link with these words opens, or that writes them.

    Raises ConfigError when there is none.
    """
    known = prepared_in(message)
    found = next((one for one in known if words in one.label or words in one.body), None)
    if found is None:
        told = ", ".join(repr(one.label) for one in known) or "none"
        raise ConfigError(f"taps: no link says {words!r}. There are: {told}.")
    return found


def prepared_in(message: EmailMessage) -> tuple[Prepared, ...]:
    """Return every mail that the HTML page of a message can open, from top to bottom."""
    page = message.get_body(("html",))
    links = _Links()
    links.feed(str(page.get_content()) if page is not None else "")
    return tuple(opened(href, label) for href, label in links.found if href.startswith("mailto:"))


def opened(href: str, label: str = "") -> Prepared:
    """Return the mail that a link opens: "+" is itself, a line ends in CRLF."""
    address, _, fields = href.removeprefix("mailto:").partition("?")
    values = dict(one.partition("=")[::2] for one in fields.split("&"))
    body = unquote(values.get("body", "")).replace("\r\n", "\n")
    subject = unquote(values.get("subject", ""))
    return Prepared(label=label, to=unquote(address), subject=subject, body=body)


class _Links(HTMLParser):
    """Collects the links of a page with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._href, self._words = dict(attrs).get("href"), []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href is not None:
            self.found.append((self._href, " ".join("".join(self._words).split())))
            self._href = None
