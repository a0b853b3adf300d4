"""Find where a writer's own words end: signature, mobile footer, legal text (X-9)."""

from __future__ import annotations

import re
from itertools import pairwise

from parsers.mail import SegmentKind
from parsers.wording import any_of, fold, phrases

LIST_RULE = re.compile(r"^[_*-]{20,}\s*$")
DASHES = re.compile(r"^\s{0,2}(?:--|—|–|__|-- )[ \t]*$")
FOOTER = re.compile(rf"^\s*[*_<\[(]?\s*(?:{'|'.join(phrases('footers'))})\s*$", re.IGNORECASE)
DISCLAIMER = re.compile(rf"^[\s*_]*(?:{'|'.join(phrases('disclaimers'))})", re.IGNORECASE)
SIGN_OFFS = frozenset(map(fold, phrases("sign_offs")))
SALUTATION = re.compile(rf"^\s*{any_of(phrases('salutations'))}(?!\w)", re.IGNORECASE)
FOOTER_LENGTH = 200
SIGN_OFF_WORDS = 9
POSTSCRIPT = re.compile(r"^\s*(?:P\.?\s?S\.?|N\.?\s?B\.?)\s*[:.,]?\s", re.IGNORECASE)
# "/John": a stroke before the name, as Scandinavians sign.
STROKE = re.compile(r"^\s*/ ?([^\W\d_][^\W\d_]*(?:[ .'-]+[^\W\d_]+){0,3})\s*$")
SENTENCE = re.compile(r"[?]|[.!]\s*$")
LINES_LIMIT = 14
LINE_LENGTH = 100


def mark_signatures(lines: list[str], kinds: list[SegmentKind], *, answers: bool = False) -> None:
    """Mark signatures, footers and legal texts inside each run of new lines.

    `answers` tells that the mail answers another, which may stand below without any mark.
    """
    if answers:
        _mark_unmarked_history(lines, kinds)
    start = 0
    while start < len(lines):
        if kinds[start] is not SegmentKind.NEW:
            start += 1
            continue
        end = start
        while end < len(lines) and kinds[end] is SegmentKind.NEW:
            end += 1
        _mark_run(lines, kinds, start, end)
        start = end


def _mark_unmarked_history(lines: list[str], kinds: list[SegmentKind]) -> None:
    """Take what stands below a mobile footer for history when it greets: nobody greets twice.

    Some telephones set the mail they answer below their footer and nothing between. Any other
    text there may be a postscript, and stays new.
    """
    written = [n for n, line in enumerate(lines) if line.strip() and kinds[n] is SegmentKind.NEW]
    for above, below in pairwise(written[1:]):
        if _is_footer(lines[above]) and SALUTATION.match(lines[below]):
            kinds[below:] = [SegmentKind.QUOTE] * (len(kinds) - below)
            return


def _is_footer(line: str) -> bool:
    text = line.strip()
    return bool(text) and len(text) < FOOTER_LENGTH and FOOTER.match(text) is not None


def _mark_run(lines: list[str], kinds: list[SegmentKind], start: int, end: int) -> None:
    end = _mark_rest(lines, kinds, start, end, SegmentKind.DISCLAIMER)
    end = _mark_list_footer(lines, kinds, start, end)
    end = _mark_footers(lines, kinds, start, end)
    end = _mark_rest(lines, kinds, start, end, SegmentKind.SIGNATURE)
    opener = _sign_off(lines, start, end)
    for number in range(opener, end):
        if kinds[number] is SegmentKind.NEW:
            kinds[number] = SegmentKind.SIGNATURE


def _mark_rest(
    lines: list[str], kinds: list[SegmentKind], start: int, end: int, kind: SegmentKind
) -> int:
    """Mark from the first opening line of this kind to the end of the run; give the new end."""
    pattern = DISCLAIMER if kind is SegmentKind.DISCLAIMER else DASHES
    for number in range(start, end):
        text = lines[number]
        if len(text) > 1 and pattern.match(text) and not _is_answer_below(lines, number, end):
            for rest in range(number, end):
                if kinds[rest] is SegmentKind.NEW:
                    kinds[rest] = kind
            return number
    return end


def _is_answer_below(lines: list[str], number: int, end: int) -> bool:
    """Tell a rule between two long pieces of text from the line above a signature."""
    return sum(1 for line in lines[number + 1 : end] if line.strip()) > 25


def _mark_list_footer(lines: list[str], kinds: list[SegmentKind], start: int, end: int) -> int:
    """Mark what mailing lists hang below a mail: a rule, then a few lines with a link."""
    for number in range(max(start, end - 8), end):
        below = "".join(lines[number + 1 : end])
        if LIST_RULE.match(lines[number]) and ("http" in below or "@" in below):
            kinds[number:end] = [SegmentKind.FOOTER] * (end - number)
            return number
    return end


def _mark_footers(lines: list[str], kinds: list[SegmentKind], start: int, end: int) -> int:
    for number in range(start, end):
        if _is_footer(lines[number]):
            kinds[number] = SegmentKind.FOOTER
    while end > start and (kinds[end - 1] is SegmentKind.FOOTER or not lines[end - 1].strip()):
        end -= 1
    return end


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


def _sign_off(lines: list[str], start: int, end: int) -> int:
    """Find the line where the closing formula stands; `end` when there is none."""
    written = [number for number in range(start, end) if lines[number].strip()]
    found = written[-1] if _is_signed_by_stroke(lines, written) else end
    for number in reversed(written[-LINES_LIMIT:]):
        text = lines[number].strip()
        if is_sign_off(text):
            found = number
        elif len(text) > LINE_LENGTH or POSTSCRIPT.match(text) or _is_sentence(text):
            break
    return found


def _is_signed_by_stroke(lines: list[str], written: list[int]) -> bool:
    """Tell whether the last line, below a blank one, is a name behind a stroke."""
    if len(written) < 2 or written[-1] - written[-2] < 2:
        return False
    name = STROKE.match(lines[written[-1]])
    return name is not None and name[1].replace(" ", "").isalpha() and name[1].istitle()


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and len(text.split()) > 5
