"""Find where a writer's own words end: signature, mobile footer, legal text (X-9)."""

from __future__ import annotations

import re
from itertools import pairwise

from parsers.mail import SegmentKind
from parsers.mail_words import any_of, phrases
from parsers.text.sign_off import (
    CONTACT,
    SALUTATION,
    end_of_card,
    find_postscript,
    find_sign_off,
    only_greets,
)

LIST_RULE = re.compile(r"^[_*-]{20,}\s*$")
DASHES = re.compile(r"^\s{0,2}(?:--|—|–|__|---)[ \t]*$")
FOOTER = re.compile(rf"^\s*[*_<\[(]?\s*(?:{'|'.join(phrases('footers'))})\s*$", re.IGNORECASE)
ADDRESS = re.compile(r" ?<https?://[^<>]*>")
MARKDOWN = re.compile(r"\[([^\[\]]{1,80})\]\([^()\s]*\)")
LOOSE = re.compile(rf"^\s*[*_<\[(]?\s*(?:{'|'.join(phrases('loose_footers'))})\s*$", re.IGNORECASE)
LINK = re.compile(r"^\s*[<\[]?(?:https?://|#)\S+\s*$")
DISCLAIMER = re.compile(rf"^[\s*_]*(?:{'|'.join(phrases('disclaimers'))})", re.IGNORECASE)
LEGAL = re.compile(rf"(?<!\w){any_of(phrases('legal_words'))}", re.IGNORECASE)
PAPER = re.compile(rf"(?<!\w){any_of(phrases('paper_words'))}", re.IGNORECASE)
LEGAL_LINES = 12
SIGNATURE_LINES = 25
DEVICE = re.compile(rf"(?<!\w){any_of(phrases('devices'))}(?!\w)", re.IGNORECASE)
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
    _give_back(lines, kinds)


def _give_back(lines: list[str], kinds: list[SegmentKind]) -> None:
    """Take no legal text and no doubtful footer from a writer who would have said nothing else."""
    left = (lines[n] for n, kind in enumerate(kinds) if kind is SegmentKind.NEW)
    if any(line.strip() and not only_greets(line) for line in left):
        return
    for number, kind in enumerate(kinds):
        footer = kind is SegmentKind.FOOTER and not _is_certain(lines[number])
        if footer or kind is SegmentKind.DISCLAIMER:
            kinds[number] = SegmentKind.NEW


def _is_certain(line: str) -> bool:
    """Tell a footer that names a program or device from one that a person may have written."""
    return _is_footer(line) and DEVICE.search(line) is not None


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
    text = line.strip()[: 2 * FOOTER_LENGTH]
    if "://" in text:
        text = ADDRESS.sub("", MARKDOWN.sub(r"\1", text)).strip()
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
    for number in range(opener, end_of_card(lines, opener, end)):
        if kinds[number] is SegmentKind.NEW:
            kinds[number] = SegmentKind.SIGNATURE


def _mark_rest(
    lines: list[str], kinds: list[SegmentKind], start: int, end: int, kind: SegmentKind
) -> int:
    """Mark from the first opening line of this kind to the end of the run; give the new end."""
    pattern = DISCLAIMER if kind is SegmentKind.DISCLAIMER else DASHES
    for number in range(start, end):
        text = lines[number]
        if len(text) < 2 or not pattern.match(text):
            continue
        if kind is SegmentKind.SIGNATURE and not _is_signed(lines[number:end]):
            return end
        if kind is SegmentKind.SIGNATURE or _is_legal(
            lines[number : min(end, number + LEGAL_LINES)]
        ):
            for rest in range(number, end):
                if kinds[rest] is SegmentKind.NEW:
                    kinds[rest] = kind
            return number
    return end


def _is_legal(lines: list[str]) -> bool:
    """Tell a legal text from a customer's "This message contains ...": it speaks of secrecy, and not
    only once, or of saving paper."""
    if PAPER.search(lines[0]):
        return True
    words = " ".join(lines).split(" ", 3)
    return len(words) > 3 and len(LEGAL.findall(words[3])) > 1


def _is_signed(lines: list[str]) -> bool:
    """Tell the line above a signature from a rule between two pieces of text.

    Only "-- " with its space is a convention (RFC 3676 section 4.3); below mere dashes a question
    or more dashes show that the writer goes on.
    """
    below = [line for line in lines[1:] if line.strip()]
    if lines[0].rstrip("\r") == "-- ":
        return len(below) <= SIGNATURE_LINES
    goes_on = any("?" in line or DASHES.match(line) for line in below)
    short = lines[0].strip() != "---" or any(map(CONTACT.search, below))
    return len(below) <= SIGNATURE_LINES and short and not goes_on


def _mark_list_footer(lines: list[str], kinds: list[SegmentKind], start: int, end: int) -> int:
    """Mark what mailing lists hang below a mail: a rule, then a few lines with a link."""
    for number in range(max(start, end - 8), end):
        below = "".join(lines[number + 1 : end])
        if LIST_RULE.match(lines[number]) and ("http" in below or "@" in below):
            kinds[number:end] = [SegmentKind.FOOTER] * (end - number)
            return number
    return end


def _may_be_footer(line: str) -> bool:
    return _is_footer(line) or (len(line) < FOOTER_LENGTH and LOOSE.match(line) is not None)


def _mark_links(
    lines: list[str], kinds: list[SegmentKind], number: int, start: int, end: int
) -> None:
    """Mark the bare links that a virus scanner sets around its footer."""
    for step in (-1, 1):
        near = number + step
        while start <= near < end and (not lines[near].strip() or LINK.match(lines[near])):
            kinds[near] = SegmentKind.FOOTER if lines[near].strip() else kinds[near]
            near += step


def _stands_alone(lines: list[str], number: int, start: int, end: int) -> bool:
    """Tell a footer from a sentence: it is a paragraph of its own and not the first."""
    above = number > start and not lines[number - 1].strip()
    return above and (number + 1 == end or not lines[number + 1].strip())


def _mark_footers(lines: list[str], kinds: list[SegmentKind], start: int, end: int) -> int:
    for number in range(start, end):
        line = lines[number]
        if _is_certain(line) or (_stands_alone(lines, number, start, end) and _may_be_footer(line)):
            kinds[number] = SegmentKind.FOOTER
            _mark_links(lines, kinds, number, start, end)
    while end > start and (kinds[end - 1] is SegmentKind.FOOTER or not lines[end - 1].strip()):
        end -= 1
    return end
