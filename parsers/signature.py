"""Find where a writer's own words end: signature, mobile footer, legal text (X-9)."""

from __future__ import annotations

import re
from itertools import pairwise

from parsers.mail import SegmentKind
from parsers.sign_off import find_postscript, find_sign_off
from parsers.wording import any_of, phrases

LIST_RULE = re.compile(r"^[_*-]{20,}\s*$")
DASHES = re.compile(r"^\s{0,2}(?:--|—|–|__|---)[ \t]*$")
FOOTER = re.compile(rf"^\s*[*_<\[(]?\s*(?:{'|'.join(phrases('footers'))})\s*$", re.IGNORECASE)
DISCLAIMER = re.compile(rf"^[\s*_]*(?:{'|'.join(phrases('disclaimers'))})", re.IGNORECASE)
SALUTATION = re.compile(rf"^\s*{any_of(phrases('salutations'))}(?!\w)", re.IGNORECASE)
FOOTER_LENGTH = 200


def mark_signatures(
    lines: list[str], kinds: list[SegmentKind], *, answers: bool = False, writer: str = ""
) -> None:
    """Mark signatures, footers and legal texts inside each run of new lines.

    `answers` tells that the mail answers another, which may stand below without any mark;
    `writer` is the name of the From field.
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
        _mark_run(lines, kinds, start, end, writer)
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


def _mark_run(
    lines: list[str], kinds: list[SegmentKind], start: int, end: int, writer: str
) -> None:
    end = _mark_rest(lines, kinds, start, end, SegmentKind.DISCLAIMER)
    end = _mark_list_footer(lines, kinds, start, end)
    end = _mark_footers(lines, kinds, start, end)
    end = find_postscript(lines, start, end)
    end = _mark_rest(lines, kinds, start, end, SegmentKind.SIGNATURE)
    opener = find_sign_off(lines, start, end, writer)
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
