"""Read what an organisation tells of a claim in a mail of its own: status, reason, reference, amount."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.desk import Desk, Organisation
from handlers.process.errand_rule import AGREEMENT
from handlers.word_lists import read_words
from parsers.fields.amounts import amounts
from parsers.fields.days import days_in
from parsers.folding import fold, plain
from parsers.mail import ParsedMail

_WORDS = read_words("organisations")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,39}")
_PART = re.compile(r"[.,;:!?()]|\n\s*\n")
_SENTENCE = re.compile(r"[.;!?]|\n\s*\n")
_UNLESS = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _WORDS['unless']))})(?!\w)")
MOST_TOKENS = 40


def organisation_of_mail(mail: ParsedMail, desk: Desk) -> Organisation | None:
    """Return the organisation that wrote a mail, or the mail forwarded in it; None for anybody else."""
    forwarded = mail.forward.sender if mail.forward is not None else None
    writers = [mail.sender.address]
    if desk.agent(mail.sender.address) is not None and forwarded is not None:
        writers = [forwarded.address]
    return next((one for one in desk.organisations if _writes(one, writers[0])), None)


def numbers_told(mail: ParsedMail, desk: Desk) -> tuple[str, ...]:
    """Return what may be claim numbers in a mail of an organisation, () in any other."""
    if organisation_of_mail(mail, desk) is None:
        return ()
    return tokens_in(f"{mail.subject}\n{text_of(mail)}")


def tokens_in(text: str) -> tuple[str, ...]:
    """Return what may be the number of a claim: words with a digit, upper case, the first ones."""
    found = (word.upper() for word in _TOKEN.findall(text) if any(c.isdigit() for c in word))
    return tuple(dict.fromkeys(found))[:MOST_TOKENS]


def told_in(text: str) -> tuple[str, dict[str, str]]:
    """Return what is told (status, agreement, "" for nothing) and its values by our names."""
    by = next((n for n, words in _WORDS["agreement"].items() if _agrees(text, words)), "")
    if by:
        return AGREEMENT, {"result": "ok", "by": by}
    status = next((n for n, words in _WORDS["status"].items() if _says(text, words)), "")
    if not status:
        return "", {}
    values = {"result": "ok", "status": status, **_behind(text)}
    paid = amounts(text)
    if status == "paid" and len({one.cents for one in paid}) == 1:
        values["amount"] = f"{paid[0].cents // 100}.{paid[0].cents % 100:02d}"
    days = {one.day for one in days_in(text, "fr")}
    if status == "paid" and len(days) == 1:
        values["paid_on"] = days.pop().isoformat()
    return "status", values


def _says(text: str, words: list[str]) -> bool:
    """Tell whether a text says one of the phrases, and nothing before it takes it back."""
    return any(not _UNLESS.search(before) for before, _ in _said(_PART.split(text), words))


def _agrees(text: str, words: list[str]) -> bool:
    """Tell whether a text says that somebody agrees, and nothing in the sentence takes it back."""
    said = _said(_SENTENCE.split(text), words)
    return any(not _UNLESS.search(f"{before} {behind}") for before, behind in said)


def _said(parts: list[str], words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what stands before and behind each of the phrases."""
    for part in map(plain, parts):
        for word in words:
            match = re.search(rf"(?<!\w){re.escape(plain(word))}(?!\w)", part)
            if match:
                yield part[: match.start()], part[match.end() :]


def _behind(text: str) -> dict[str, str]:
    """Return the reason code and the payment reference that stand behind their labels."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        for name in ("reason", "reference"):
            value = _value_behind(line, name)
            if value:
                found.setdefault(name, value)
    return found


def _value_behind(line: str, name: str) -> str:
    folded = fold(line)
    for label in _WORDS[name]:
        place = folded.find(fold(label))
        if place < 0:
            continue
        rest = folded[place + len(fold(label)) :]
        match = re.match(r"\s*(?:n[°o]\s*)?[:=]?\s*([a-z0-9][a-z0-9/_-]{0,39})", rest)
        if match and any(c.isdigit() for c in match[1]):
            return match[1].upper()
    return ""


def text_of(mail: ParsedMail) -> str:
    """Return the words that count: those of the mail that was forwarded, else the new ones."""
    return mail.forward.text if mail.forward is not None else mail.new_text or mail.text


def _writes(one: Organisation, address: str) -> bool:
    """Tell whether an organisation writes from this address: a listed one, or one of a listed domain."""
    low = address.lower()
    return bool(low) and (
        low in one.senders or low.rpartition("@")[2] in one.senders or low == one.address.lower()
    )
