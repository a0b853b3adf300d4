"""Find where a writer signs: the closing formula, the own name, a stroke before it (X-9)."""

from __future__ import annotations

import re

from parsers.folding import plain
from parsers.mail_words import any_of, phrases

SIGN_OFFS = frozenset(map(plain, phrases("sign_offs")))
FORMULA_WORDS = frozenset(
    word
    for formula in (*SIGN_OFFS, *map(plain, phrases("formula_words")))
    for word in formula.split()
)
SIGN_OFF_WORDS = 18
LINES_LIMIT = 14
LINE_LENGTH = 100
NAME_WORDS = 6
GREETING_WORDS = 4
CLOSING_WORDS = 2
POSTSCRIPT = re.compile(r"^\s*(?:P\.?\s?S\.?|N\.?\s?B\.?)\s*[:.,]?\s", re.IGNORECASE)
# "/John": a stroke before the name, as Scandinavians sign.
STROKE = re.compile(r"^\s*/ ?([^\W\d_][^\W\d_]*(?:[ .'-]+[^\W\d_]+){0,3})\s*$")
SENTENCE = re.compile(r"[?]|[.!]\s*$")
WORDS = re.compile(r"[^\W\d_]{2,}")
# Where a label stands that is none of a visiting card, the lines are an answer and no signature.
LABEL = re.compile(r"^\s*([^\W\d_][^:=\n]{0,40}?)\s*[:=]")
# What people call devices and parcels; "B-1000 Bruxelles" and "D-50667 Köln" are places.
CODE = re.compile(r"\b(?![A-Z]{1,2}-\d{4,5}\s)[A-Z]{1,8}-?\d{3,}[A-Z0-9-]*\b")
LISTED = re.compile(
    r"(?:[-*•·–]|\d{1,2}[.)])\s+\w|\d{1,4} ?(?:[x×]|Stück|stuks|pcs|pièces)\b", re.IGNORECASE
)
CONTACT = re.compile(r"@|www\.|https?:|\+?\d[\d ./()-]{7,}\d")
SALUTATION = re.compile(rf"^\s*{any_of(phrases('salutations'))}(?!\w)", re.IGNORECASE)
CARD = re.compile(rf"^{any_of(phrases('card_labels'))}\b", re.IGNORECASE)
ANNOUNCED = re.compile(rf"[:：]\s*$|(?<!\w){any_of(phrases('address_words'))}(?!\w)", re.IGNORECASE)


def is_sign_off(line: str) -> bool:
    """Tell whether a line is a closing formula, alone, in two languages or with a name behind."""
    text = line.strip(" \t.,!;:-–—*_")
    if not text or len(text) > LINE_LENGTH:
        return False
    if "/" in text:
        return all(is_sign_off(part) for part in text.split("/"))
    folded = plain(text)
    if folded in SIGN_OFFS:
        return True
    words = text.replace(",", "").split()
    if len(words) > SIGN_OFF_WORDS or not all(map(_closes, words)):
        return False
    named = "," in text or (len(words) <= 3 and text.replace(" ", "").isalpha())
    words = folded.replace(",", "").split()
    return any(
        " ".join(words[:size]) in SIGN_OFFS for size in range(2, min(6, len(words)) + 1)
    ) or (named and words[0] in SIGN_OFFS)


def _runs_on(lines: list[str], number: int, end: int) -> bool:
    """Tell whether the sentence goes on below: "Best," above "we think, is a refund"."""
    below = lines[number + 1].strip() if number + 1 < end else ""
    return below[:1].islower() and len(below.split()) > 2


def _closes(word: str) -> bool:
    """Tell whether a word may stand in a closing line: a word of formulas, or a name."""
    return not word[0].islower() or plain(word) in FORMULA_WORDS


def find_sign_off(lines: list[str], start: int, end: int, writer: str) -> int:
    """Find the line where the writer signs between two lines; `end` when nobody does.

    `writer` is the name of the From field: a last paragraph that begins with it is a signature
    without any formula, as many programs set it.
    """
    written = [number for number in range(start, end) if lines[number].strip()]
    found = written[-1] if _is_signed_by_stroke(lines, written) else end
    for number in reversed(written[-LINES_LIMIT:]):
        text = lines[number].strip()
        if is_sign_off(text) and not _runs_on(lines, number, end):
            found = number
        elif len(text) > LINE_LENGTH or POSTSCRIPT.match(text) or _is_sentence(text):
            break
    return found if found < end else _own_name(lines, written, writer, end)


def end_of_card(lines: list[str], start: int, end: int) -> int:
    """Find where a signature ends: a paragraph below it that tells something is the writer's own.

    "Cordialement, Claude" may be followed by the list of devices, or by "ah, le numéro : FX-80233".
    """
    below = next((n for n in range(start + 1, end) if not lines[n].strip()), end)
    first = below
    for number in range(below, end):
        if not lines[number].strip():
            first = number + 1
        elif _tells(lines[number].strip()):
            return first
    return end


def _tells(text: str) -> bool:
    """Tell whether a line holds a code, a value behind a label, or a sentence."""
    label = LABEL.match(text)
    if label:
        return not CARD.match(label[1]) and "//" not in text
    if LISTED.match(text):
        return True
    return CODE.search(text) is not None or (_is_sentence(text) and not CONTACT.search(text))


def find_postscript(lines: list[str], start: int, end: int) -> int:
    """Find a postscript near the end: it is the writer's own, below a signature too; else `end`."""
    written = [number for number in range(start, end) if lines[number].strip()]
    return next((n for n in written[-LINES_LIMIT:] if POSTSCRIPT.match(lines[n])), end)


def _own_name(lines: list[str], written: list[int], writer: str, end: int) -> int:
    """Find the writer's name at the head of the last lines, when they read like a visiting card."""
    names = {plain(word) for word in WORDS.findall(writer)}
    greets = bool(written) and only_greets(lines[written[0]])
    last = written[1 if greets else 0 :]
    last = last[-LINES_LIMIT:]
    for place in range(len(last) - 1, 0, -1):
        text, above = lines[last[place]], lines[last[place - 1]]
        if not _is_card_line(text):
            return end
        if _names(text, names):
            alone = last[place] - last[place - 1] > 1 or _closes_line(above)
            return last[place] if alone and not ANNOUNCED.search(above) else end
    return end


def _closes_line(above: str) -> bool:
    """Tell whether a name below this line begins a signature: "Many thanks," or "Merci"."""
    return above.rstrip().endswith((",", "!", ".")) or len(above.split()) <= CLOSING_WORDS


def only_greets(line: str) -> bool:
    """Tell whether a line is a salutation and no more."""
    return SALUTATION.match(line) is not None and len(line.split()) <= GREETING_WORDS


def _names(line: str, names: set[str]) -> bool:
    """Tell whether a line is little more than the name."""
    words = [plain(word) for word in WORDS.findall(line)]
    same = sum(word in names for word in words)
    return same >= min(2, len(names)) > 0 and len(words) <= NAME_WORDS


def _is_card_line(line: str) -> bool:
    text = line.strip()
    label = LABEL.match(text)
    answer = label is not None and not CARD.match(label[1]) and "//" not in text
    return len(text) <= LINE_LENGTH and not _is_sentence(text) and not answer


def _is_signed_by_stroke(lines: list[str], written: list[int]) -> bool:
    """Tell whether the last line, below a blank one, is a name behind a stroke."""
    if len(written) < 2 or written[-1] - written[-2] < 2:
        return False
    name = STROKE.match(lines[written[-1]])
    return name is not None and name[1].replace(" ", "").isalpha() and name[1].istitle()


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and len(text.split()) > 5
