"""Answers prepared for the reader: links that open a mail with address, subject and body filled in.

RFC 6068: every octet that could mean something else is percent-encoded, a line ends in %0D%0A, and
"+" is never a space. The address is the reply address of the message, so the answer finds its ticket
without References; the subject ends in the code that names the message (`handlers.prepared_answer`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from handlers.decision import Notice
from handlers.process.question_rule import ChoiceRule
from handlers.process.questions import choices_of, written_answer
from handlers.process.workflow import Workflow, said
from handlers.ticket import Ticket
from templates.block import Block, clean, html_of

LONGEST = 1900
"""Characters of a link: Outlook and some telephones cut off longer ones."""
SUBJECT = 80
UNSUBSCRIBE = "unsubscribe"
"""Subject of the mail that leaves; programs send it without words, and the address says the rest."""

_TABLE = "border-collapse:separate;width:100%;max-width:420px;margin:8px 0"
_GAP = '<tr><td style="font-size:1px;line-height:8px">&nbsp;</td></tr>'
_CELL = (
    "border:2px solid {colour};border-radius:6px;background-color:#ffffff;text-align:center;"
    "mso-padding-alt:14px 16px"
)
_LINK = (
    "display:block;padding:14px 16px;font-size:17px;line-height:22px;font-weight:bold;"
    "color:{colour};text-decoration:none"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answering:
    """Where answers to a message go, and how they say what they answer."""

    address: str = ""
    key: str = ""
    code: str = ""

    def link(self, about: str, body: str) -> str:
        """Return the link that opens an answer; a subject of ours is shortened, a body never: one
        that makes the link too long is left out."""
        named = f"[{self.key}] {_short(about)}" if self.key else _short(about)
        subject = " ".join(filter(None, (f"Re: {named}", self.code)))
        whole = mailto(self.address, subject=subject, body=body)
        return whole if len(whole) < LONGEST else mailto(self.address, subject=subject)

    def form_link(self, about: str, pairs: Sequence[tuple[str, str]], colon: str) -> str:
        """Return the link that opens an answer with a form, as far as there is room for it."""
        bare = self.link(about, "")
        return self.link(about, form_body(pairs, colon, LONGEST - len(bare) - len("&body=") - 1))

    def plain_link(self, body: str) -> str:
        """Return the link that opens a mail about the ticket with this body."""
        return mailto(self.address, subject=f"[{self.key}]" if self.key else "", body=body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One answer that is offered: what its button says, and what it writes."""

    label: str
    body: str


def offers_of(
    notice: Notice, ticket: Ticket | None, workflow: Workflow, language: str
) -> tuple[Offer, ...]:
    """Return the answers that a notice offers; none when the field it asks for is known."""
    rule = workflow.notices.get(notice.template)
    asked = str(notice.values.get("asks") or (rule.asks if rule is not None else ""))
    question = workflow.questions.get(asked)
    if question is None or ticket is None or ticket.fields.get(question.field):
        return ()
    choices = choices_of(workflow, asked)
    numbers = range(1, len(choices) + 1) if question.numbered else [0] * len(choices)
    return tuple(_offer(one, n, language) for one, n in zip(choices, numbers, strict=True))


def _offer(choice: ChoiceRule, number: int, language: str) -> Offer:
    label = said(choice.label, language)
    shown = f"{number}. {label}" if number else label
    return Offer(label=shown, body=f"{written_answer(choice, number, language)}\n")


def mailto(address: str, *, subject: str = "", body: str = "") -> str:
    """Return a link to write to an address (RFC 6068 section 2)."""
    fields = [f"{name}={_encoded(value)}" for name, value in _filled(subject, body)]
    return f"mailto:{quote(address, safe='@')}{'?' if fields else ''}{'&'.join(fields)}"


def leave_link(address: str) -> str:
    """Return the link that opens a mail which leaves a ticket or a digest (RFC 2369 section 3.2)."""
    return mailto(address, subject=UNSUBSCRIBE)


def _filled(subject: str, body: str) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in (("subject", subject), ("body", body)) if value)


def _encoded(value: str) -> str:
    return quote(clean(value).replace("\n", "\r\n"), safe="")


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= SUBJECT else f"{flat[: SUBJECT - 1].rstrip()}…"


def buttons(offers: Iterable[tuple[str, str]], colour: str) -> Block:
    """Return (label, link) pairs as buttons, big enough for a thumb; in text a line each. Without
    styles they are links, one below the other."""
    read = [(clean(label), link) for label, link in offers]
    text = "\n".join(f"  {label}" for label, _ in read)
    cell, style = _CELL.format(colour=colour), _LINK.format(colour=colour)
    rows = "".join(
        f'<tr><td class="panel button" bgcolor="#ffffff" style="{cell}">'
        f'<a class="touch" href="{html_of(link)}" style="{style}">{html_of(label)}</a></td></tr>{_GAP}'
        for label, link in read
    )
    table = f'<table role="presentation" class="buttons" cellpadding="0" cellspacing="0" style="{_TABLE}">'
    return Block(text, f"{table}{rows}</table>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Telephone:
    """How photos come from a telephone: the address, a link to it, and its code as a picture of the
    message ("" when there is none)."""

    address: str
    link: str
    picture: str = ""


def telephone(shown: Telephone, label: str, colour: str) -> Block:
    """Return the code to be photographed with the address beside it, and a button for whoever reads
    this on the telephone itself; in text the address."""
    address = html_of(shown.address)
    code = (
        f'<td width="124" style="padding:0 16px 0 0"><img src="{html_of(shown.picture)}" width="124"'
        f' height="124" alt="QR: {address}" style="display:block;border:0"></td>'
    )
    beside = f'<td style="vertical-align:middle;font-size:14px;line-height:20px;word-break:break-all">{address}</td>'
    table = (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0"'
        f' style="border-collapse:collapse;margin:0 0 8px"><tr>{code if shown.picture else ""}{beside}</tr></table>'
    )
    button = buttons([(label, shown.link)], colour)
    return Block(f"  {clean(shown.address)}", table + button.html)


def form_body(pairs: Sequence[tuple[str, str]], colon: str, room: int) -> str:
    """Return a form as the body of a mail that is `room` characters long in a link.

    What is known is left out from the longest on where it does not fit, empty lines only when nothing
    else helps: a value is never shortened, it would come back as another one.
    """
    kept = list(pairs)
    while kept and len(_encoded(_written(kept, colon))) > room:
        kept.remove(max(kept, key=lambda pair: len(_encoded(pair[1] or "")) or -1))
    return _written(kept, colon)


def _written(pairs: Sequence[tuple[str, str]], colon: str) -> str:
    lines = (f"{label}{colon}{value}" for label, value in pairs)
    return "".join(f"{line.replace(chr(10), chr(10) + '    ')}\n" for line in lines)
