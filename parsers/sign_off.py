"""Find where a writer signs: the closing formula, the own name, a stroke before it (X-9)."""

from __future__ import annotations

import re

from parsers.wording import any_of, fold, phrases

SIGN_OFFS = frozenset(map(fold, phrases("sign_offs")))
SIGN_OFF_WORDS = 9
LINES_LIMIT = 14
LINE_LENGTH = 100
NAME_WORDS = 6
POSTSCRIPT = re.compile(r"^\s*(?:P\.?\s?S\.?|N\.?\s?B\.?)\s*[:.,]?\s", re.IGNORECASE)
# "/John": a stroke before the name, as Scandinavians sign.
STROKE = re.compile(r"^\s*/ ?([^\W\d_][^\W\d_]*(?:[ .'-]+[^\W\d_]+){0,3})\s*$")
SENTENCE = re.compile(r"[?]|[.!]\s*$")
WORDS = re.compile(r"[^\W\d_]{2,}")
# Where a label stands that is none of a visiting card, the lines are an answer and no signature.
LABEL = re.compile(r"^\s*([^\W\d_][^:=\n]{0,40}?)\s*[:=]")
CARD = re.compile(rf"^{any_of(phrases('card_labels'))}\b", re.IGNORECASE)
ANNOUNCED = re.compile(rf"[:：]\s*$|(?<!\w){any_of(phrases('address_words'))}(?!\w)", re.IGNORECASE)


def is_sign_off(line: str) -> bool:
    """Tell whether a line is a closing formula, alone or with a name behind its comma."""
    text = fold(line).strip(" .,!;:-–—*_")
    if not text or len(text) > LINE_LENGTH:
        return False
    if text in SIGN_OFFS or text.partition(",")[0].strip() in SIGN_OFFS:
        return True
    words = text.replace(",", "").split()
    if len(words) > SIGN_OFF_WORDS:
        return False
    return any(
        " ".join(words[:size]) in SIGN_OFFS for size in range(2, min(6, len(words)) + 1)
    ) or (len(words) <= 3 and words[0] in SIGN_OFFS and len(words[0]) > 3)


def find_sign_off(lines: list[str], start: int, end: int, writer: str) -> int:
    """Find the line where the writer signs between two lines; `end` when nobody does.

    `writer` is the name of the From field: a last paragraph that begins with it is a signature
    without any formula, as many programs set it.
    """
    written = [number for number in range(start, end) if lines[number].strip()]
    found = written[-1] if _is_signed_by_stroke(lines, written) else end
    for number in reversed(written[-LINES_LIMIT:]):
        text = lines[number].strip()
        if is_sign_off(text):
            found = number
        elif len(text) > LINE_LENGTH or POSTSCRIPT.match(text) or _is_sentence(text):
            break
    return found if found < end else _own_name(lines, written, writer, end)


def find_postscript(lines: list[str], start: int, end: int) -> int:
    """Find a postscript near the end: it is the writer's own, below a signature too; else `end`."""
    written = [number for number in range(start, end) if lines[number].strip()]
    return next((n for n in written[-LINES_LIMIT:] if POSTSCRIPT.match(lines[n])), end)


def _own_name(lines: list[str], written: list[int], writer: str, end: int) -> int:
    """Find the writer's name at the head of the last lines, when they read like a visiting card."""
    names = {fold(word) for word in WORDS.findall(writer)}
    last = written[-LINES_LIMIT:]
    for place in range(len(last) - 1, 0, -1):
        text, above = lines[last[place]], lines[last[place - 1]]
        if not _is_card_line(text):
            return end
        if _names(text, names):
            alone = last[place] - last[place - 1] > 1 or above.rstrip().endswith((",", "!", "."))
            return last[place] if alone and not ANNOUNCED.search(above) else end
    return end


def _names(line: str, names: set[str]) -> bool:
    """Tell whether a line is little more than the name."""
    words = [fold(word) for word in WORDS.findall(line)]
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
