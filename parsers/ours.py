"""Recognise what we sent ourselves in a mail that answers it (X-9), and what was typed into it.

Programs mark a quotation in a hundred ways, and some not at all; our own words are known. A line
is ours when its words stand in our message in that order, however it was wrapped. Lines that the
writer seems to have written count as ours only in a longer run: one sentence of ours may well be
repeated as an answer ("Bon pour accord").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from parsers.folding import plain
from parsers.intents.intent import intent_of_mail
from parsers.mail import IntentKind, ParsedMail, Segment, SegmentKind
from parsers.text.block import bare

WORD = re.compile(r"\w+")
FORM_LINE = re.compile(r"^\s*[-*•]?\s*([^:：\n]{2,60}?)\s*[:：][ \t\u00a0*_]*(.*)$")
IN_A_ROW = 4
RUN_WORDS = 20
RUN_LINES = 2
SENT_LIMIT = 60_000
MOSTLY = 0.6
LINES_KNOWN = 4
OLDER = frozenset({SegmentKind.QUOTE, SegmentKind.QUOTE_OF_OURS})
SAYS_LITTLE = frozenset(
    {IntentKind.EMPTY, IntentKind.UNKNOWN, IntentKind.QUESTION, IntentKind.FORM}
)
DOUBTFUL = frozenset({SegmentKind.NEW, SegmentKind.SIGNATURE})


@dataclass(frozen=True, slots=True)
class _Sent:
    """What we sent: its runs of four words, its lines, the short ones, and its form by label."""

    runs: frozenset[tuple[str, ...]]
    lines: tuple[tuple[str, ...], ...]
    short: frozenset[tuple[str, ...]]
    form: dict[str, frozenset[str]]


def may_hold_ours(mail: ParsedMail) -> bool:
    """Tell whether it is worth knowing what the mail answers.

    That is when a copy of ours may stand there unmarked, or when the new words say so little that
    the answer may stand in the quotation.
    """
    if not mail.in_reply_to:
        return False
    if any(segment.kind in OLDER for segment in mail.segments):
        return mail.intent.kind in SAYS_LITTLE
    return len(mail.new_text.split()) >= RUN_WORDS


def recognise(mail: ParsedMail, sent: str) -> ParsedMail:
    """Return the mail with the lines of our message marked as ours, answers typed into it as new.

    `sent` is the text of the message that the mail answers. The intent follows the new text.
    Linear in both texts; segments joined stay the text.
    """
    if not sent or not mail.segments:
        return mail
    known = _known(sent[:SENT_LIMIT])
    lines = [(s.kind, line) for s in mail.segments for line in s.text.splitlines(keepends=True)]
    kinds = _claim([kind for kind, _ in lines], [line for _, line in lines], known)
    segments = _joined(_unmarked(lines, kinds))
    if segments == mail.segments:
        return mail
    changed = replace(mail, segments=segments)
    if changed.new_text == mail.new_text:
        return changed
    intent = intent_of_mail(mail.subject, changed.new_text, mail.language)
    return replace(changed, intent=intent)


def _known(sent: str) -> _Sent:
    words = _words(sent)
    lines = [line for line in sent.split("\n") if line.strip()]
    form: dict[str, frozenset[str]] = {}
    for found in filter(None, map(FORM_LINE.match, lines)):
        label = plain(found[1])
        form[label] = form.get(label, frozenset()) | set(_words(found[2]))
    runs = zip(*(words[shift:] for shift in range(IN_A_ROW)), strict=False)
    each = tuple(filter(None, map(_words, lines)))
    short = frozenset(line for line in each if len(line) < IN_A_ROW)
    return _Sent(frozenset(runs), each or ((),), short, form)


def _words(text: str) -> tuple[str, ...]:
    return tuple(WORD.findall(text.casefold()))


def _claim(kinds: list[SegmentKind], lines: list[str], sent: _Sent) -> list[SegmentKind]:
    """Give each line its kind again."""
    words = [_words(line) for line in lines]
    ours = [_is_ours(one, sent) for one in words]
    for number in _copied(kinds, words, ours, sent):
        kinds[number] = SegmentKind.QUOTE_OF_OURS
    between = _between(kinds, words, ours)
    for number, line in enumerate(lines):
        if not words[number]:
            above = kinds[number - 1] if number else kinds[0]
            kinds[number] = above if not line.strip() or above in OLDER else kinds[number]
        elif kinds[number] not in OLDER:
            continue
        elif _is_answer(lines, number, sent):
            kinds[number] = SegmentKind.NEW
        elif ours[number]:
            kinds[number] = SegmentKind.QUOTE_OF_OURS
        elif number in between and not _goes_on(words, number, sent):
            kinds[number] = SegmentKind.NEW
    return kinds


def _between(kinds: list[SegmentKind], words: list[tuple[str, ...]], ours: list[bool]) -> range:
    """Find the lines from the first of ours to the last, when nearly all of them are ours.

    What else stands among them was typed in, in another colour perhaps (X-10).
    """
    held = [n for n, own in enumerate(ours) if own and words[n] and kinds[n] in OLDER]
    if not held:
        return range(0)
    span = range(held[0], held[-1] + 1)
    written = sum(1 for n in span if words[n])
    return span if len(held) >= written * MOSTLY and written >= LINES_KNOWN else range(0)


def _goes_on(words: list[tuple[str, ...]], number: int, sent: _Sent) -> bool:
    """Tell whether a line is the wrapped rest of ours: its words follow the line above in ours."""
    above = next((words[n] for n in range(number - 1, max(-1, number - 4), -1) if words[n]), ())
    joined = (*above[1 - IN_A_ROW :], *words[number])
    if "http" in joined or "https" in joined or "mailto" in joined:
        return True  # programs rewrite links
    return _is_ours(joined, sent) if len(joined) >= IN_A_ROW else not words[number]


def _is_ours(words: tuple[str, ...], sent: _Sent) -> bool:
    if len(words) < IN_A_ROW:
        return words in sent.short
    return all(words[n : n + IN_A_ROW] in sent.runs for n in range(len(words) - IN_A_ROW + 1))


def _copied(
    kinds: list[SegmentKind], words: list[tuple[str, ...]], ours: list[bool], sent: _Sent
) -> Iterable[int]:
    """Find the lines of an unmarked copy of our message.

    It begins with a run so long that nobody typed it again. From there on our lines are ours, a
    short one as often as we wrote it: "Bon pour accord" once more below is the answer.
    """
    left = Counter(sent.lines)
    for number in range(_start_of_copy(kinds, words, ours, sent), len(words)):
        if kinds[number] not in DOUBTFUL or not ours[number]:
            continue
        left[words[number]] -= 1
        if len(words[number]) >= IN_A_ROW or left[words[number]] >= 0:
            yield number


def _start_of_copy(
    kinds: list[SegmentKind], words: list[tuple[str, ...]], ours: list[bool], sent: _Sent
) -> int:
    """Find the first run of doubtful lines that can only be a copy; the end when there is none."""
    start = count = size = 0
    for number, line in enumerate(words):
        if not line:
            continue
        begins = len(line) >= IN_A_ROW or line == sent.lines[0]
        if kinds[number] not in DOUBTFUL or not ours[number] or not (count or begins):
            count = size = 0
            continue
        start = start if count else number
        count, size = count + 1, size + len(line)
        if count >= RUN_LINES and size >= RUN_WORDS:
            return start
    return len(words)


def _is_answer(lines: list[str], number: int, sent: _Sent) -> bool:
    """Tell whether something was typed behind a label of our form, or on the line below it."""
    text = bare(lines[number]).strip()
    found = FORM_LINE.match(text)
    if found and plain(found[1]) in sent.form:
        return bool(set(_words(found[2])) - sent.form[plain(found[1])])
    above = FORM_LINE.match(bare(lines[number - 1]).strip()) if number else None
    asked = above is not None and not above[2] and sent.form.get(plain(above[1])) == frozenset()
    return asked and bool(text) and not _is_ours(_words(text), sent)


def _unmarked(
    lines: list[tuple[SegmentKind, str]], kinds: list[SegmentKind]
) -> Iterable[tuple[SegmentKind, str]]:
    """Give the pieces of the text; the quote mark before an answer belongs to the quotation."""
    for (before, line), kind in zip(lines, kinds, strict=True):
        answer = bare(line) if kind is SegmentKind.NEW and before in OLDER else line
        if len(answer) < len(line):
            yield SegmentKind.QUOTE_OF_OURS, line[: len(line) - len(answer)]
        yield kind, answer


def _joined(pieces: Iterable[tuple[SegmentKind, str]]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    for kind, text in pieces:
        if segments and segments[-1].kind is kind:
            segments[-1] = Segment(kind=kind, text=segments[-1].text + text)
        else:
            segments.append(Segment(kind=kind, text=text))
    return tuple(segments)
