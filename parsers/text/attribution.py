"""Recognise the sentence that introduces a quotation: "Le 3 mars 2026, X <x@y> a écrit :"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.mail import Address
from parsers.mail_words import any_of, phrases
from parsers.mime.address import read_address

LINES_LIMIT = 4
LENGTH_LIMIT = 400
SHORT = 100

WROTE_WORDS = tuple(phrases("wrote"))
ENDINGS = (":", "：", *WROTE_WORDS)
# Chinese and Japanese set no space before the verb.
WROTE = re.compile(
    rf"(?<![^\W\d_]){any_of(phrases('wrote'))}|(?<=[^\x00-\u2fff]){any_of(phrases('wrote'))}",
    re.IGNORECASE,
)
START = re.compile(
    rf"^[>\s\-–—*_]*(?:{any_of(phrases('wrote_start'))}[\s,]|\d{{1,4}}[-/. :])", re.IGNORECASE
)
WORDED = re.compile(rf"^[>\s\-–—*_]*{any_of(phrases('wrote_start'))}[\s,]", re.IGNORECASE)
_PART = r"[^\s<>\"'\[\](),;:@]"
MAILBOX = re.compile(rf"({_PART}{{1,90}}@{_PART}{{1,190}}?\.{_PART}{{1,60}})")
TIME = re.compile(r"\b\d{1,2}\s?[:h.]\s?\d{2}\b|\b(?:19|20)\d\d\b")
QUOTED_NAME = re.compile(r"[\"„«“]\s*([^\"„«“”»<>]{1,80}?)\s*[\"“”»]\s*[<(\[]?\s*$")
DATE = re.compile(r"\d")
CLOCK = re.compile(r"\b\d{1,2}\s?(?:[:h]\s?\d{2}|\.\d{2}(?![\d.]))")
# Words that stand between date and name: "28/10/2021 12:46 időpontban John Doe".
NAME_EDGE = re.compile(
    rf"[,:;]|\d{{2,4}}\s|\b(?:AM|PM|um|à|at|om|kl)\b|(?<!\w){any_of(phrases('before_name'))}(?!\w)",
    re.IGNORECASE,
)
BARE = re.compile(
    r"^[>\s]*\d{1,4}[-/. ][\w.]{1,12}[-/. ]\d{1,4}\b.{0,120}<[^\s<>@]+@[^\s<>@]+>\s*:?$"
)
BEGUN = re.compile(
    rf"^[>\s]*{any_of(phrases('wrote_start'))}[\s,]\s*(?:[^\W\d_]+[.,]*\s+){{0,3}}\d", re.IGNORECASE
)
DATED_FIRST = re.compile(r"(?:[^\W\d_]+[.,]*\s+){0,3}\d")
NAMED_END = re.compile(r"@[^\s<>]{1,190}\s*[>)\]]*\s*[:：]$")
# ">:" alone is the wrapped end of an attribution, ">> text <<" is decoration.
QUOTED = re.compile(r"^\s*>(?!:\s*$|[^<]*<<+\s*$)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """Lines [start, end) and the writer, when an address is named.

    `strong` is True when date and writer leave no doubt even if what follows has no quote marks.
    """

    start: int
    end: int
    strong: bool
    writer: Address | None


def is_quoted(line: str) -> bool:
    """Tell whether a line carries a quote mark."""
    return QUOTED.match(line) is not None


def is_bare_attribution(line: str) -> bool:
    """Tell whether a line introduces what is quoted right below it, without a colon.

    That is a date and a mailbox without a verb, "2026/3/3 Ann <ann@x>", or verb and hour alone.
    """
    if len(line) > LENGTH_LIMIT or line[:1] == " ":
        return False
    if BARE.match(line.rstrip()):
        return True
    if BEGUN.match(line) and WROTE.search(line) and CLOCK.search(line):
        return True
    return line.rstrip("\r\n ]\u00a0\u200e\u200f\u202c").endswith((":", "：")) and _introduces(line)


def _introduces(line: str) -> bool:
    """Tell in any language: a mailbox and an hour before a colon; a short line needs only one, or
    a verb: "Zitat von Ann <ann@x>:", "On Monday, Ann wrote:"."""
    if "@" in line and MAILBOX.search(line) and CLOCK.search(line):
        return True
    if len(line) > SHORT:
        return False
    return bool(MAILBOX.search(line) or (WROTE.search(line) and not _goes_on(line)))


def find_attribution(lines: list[str], last: int, floor: int) -> Attribution | None:
    """Read the attribution that ends at line `last` and begins not above `floor`.

    Programs wrap it: of two readings the one that opens as attributions do ("Le ...") wins.
    """
    if len(lines[last]) > LENGTH_LIMIT:
        return None
    if not lines[last].rstrip("\r\n \u00a0*_>-").endswith(ENDINGS):
        return None
    quoted = is_quoted(lines[last])
    text, best = "", None
    for start in range(last, max(floor, last - LINES_LIMIT + 1) - 1, -1):
        line = lines[start].strip()
        if not line or is_quoted(lines[start]) != quoted or len(text) > LENGTH_LIMIT:
            break
        text = f"{line} {text}".strip()
        found = _attribution(text, start, last + 1)
        if found and WORDED.match(line):
            return found
        if found and (not best or line.endswith(("<", "(")) or START.match(line)):
            best = found
            if START.match(line) and not (start > floor and BEGUN.match(lines[start - 1])):
                return found
    return best


def _attribution(text: str, start: int, end: int) -> Attribution | None:
    clues = _clues(text.lstrip("> "))
    if not clues.introduce:
        return None
    writer = _writer(clues.text, clues.mailbox)
    return Attribution(start=start, end=end, strong=clues.leave_no_doubt, writer=writer)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Clues:
    """What speaks for an attribution in a line: a mailbox, a verb, strokes, a date or an hour."""

    text: str
    mailbox: re.Match[str] | None
    wrote: bool
    dashed: bool
    timed: bool
    hour: bool

    @property
    def introduce(self) -> bool:
        """Tell whether there are enough clues, in the order in which programs set them."""
        if not self.wrote:
            return bool(self.mailbox and self.timed and self._begins_dated)
        if self.mailbox or self.timed or self.dashed:
            return True
        return DATE.search(self.text) is not None and START.match(self.text) is not None

    @property
    def _begins_dated(self) -> bool:
        ends_named = NAMED_END.search(self.text) is not None
        opened = START.match(self.text) is not None
        return DATED_FIRST.match(self.text) is not None and (opened or ends_named)

    @property
    def leave_no_doubt(self) -> bool:
        """Tell whether an older mail follows even without quote marks.

        People write "le 3 mars 2026, votre technicien a écrit :" too; programs tell the hour, or
        set the mailbox in brackets.
        """
        if not self.wrote:
            return bool(self.mailbox) and self.hour
        if self.dashed:
            return True
        goes_on = _goes_on(self.text)
        if self.mailbox and self.text[: self.mailbox.start()].endswith(("<", "[", "(", ":")):
            return self.hour or not goes_on
        if self.mailbox and self.hour:
            return True
        return self.hour and not goes_on and not _name_of(self.text)[:1].islower()


def _clues(text: str) -> _Clues:
    return _Clues(
        text=text,
        mailbox=MAILBOX.search(text) if "@" in text else None,
        wrote=WROTE.search(text) is not None,
        dashed=text.startswith("--") and text.endswith("--"),
        timed=TIME.search(text) is not None,
        hour=CLOCK.search(text) is not None,
    )


def _goes_on(text: str) -> bool:
    """Tell whether the sentence goes on behind the verb: "a écrit que :" introduces no mail."""
    verbs = list(WROTE.finditer(text))
    rest = text[verbs[-1].end() :].strip(" :：*_>-") if verbs else ""
    return bool(rest) and rest[0].islower()


def _name_of(text: str) -> str:
    """Give what stands in the place of the writer's name."""
    pieces = NAME_EDGE.split(WROTE.sub(";", text.strip(" :：*_>-")))
    named = [piece.strip(" \"'«»<\u00a0") for piece in pieces]
    return next(filter(None, reversed(named)), "")


def _writer(text: str, mailbox: re.Match[str] | None) -> Address | None:
    address = read_address(mailbox[1]) if mailbox else ""
    if not mailbox or not address:
        return None
    before = text[: mailbox.start()].rstrip(" <[(\"'«\u00a0")
    quoted = QUOTED_NAME.search(text[: mailbox.start()])
    if quoted:
        return Address(address=address, name=quoted[1].strip())
    name = NAME_EDGE.split(WROTE.sub(";", before))[-1]
    return Address(address=address, name=name.strip(" \"'«»<\u00a0"))
