"""Find what a mail carries along: quotations, older mails below, a forwarded mail.

One pass from the top. The first thing found that has no quote marks (Outlook's header block, an
attribution above unmarked text, our own "reply above" line) takes all the rest of the mail;
marked quotations take their own lines only, so answers between and below them stay new (X-10).
"""

from __future__ import annotations

from dataclasses import dataclass

from parsers.mail import SegmentKind
from parsers.text.attribution import (
    Attribution,
    find_attribution,
    is_bare_attribution,
    is_quoted,
)
from parsers.text.block import RULE, Block, block_below, label_of, marker_of, read_block
from parsers.text.hints import FORWARD_SUBJECT, Hints
from parsers.text.separators import CLOSING, GROUPWISE, NOTES, OURS, SEPARATOR

WRAP_WIDTH = 68
ARROWS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class ForwardedMail:
    """Where a forwarded mail stands: `lines` [start, end), its own text from line `body`."""

    lines: list[str]
    start: int
    body: int
    end: int
    quoted: bool
    block: Block | None = None
    attribution: Attribution | None = None


@dataclass(kw_only=True, slots=True)
class _Pass:
    lines: list[str]
    kinds: list[SegmentKind]
    hints: Hints
    quote: SegmentKind = SegmentKind.QUOTE
    floor: int = 0
    refused: int = 0
    answered: bool = False
    forward: ForwardedMail | None = None


def mark_history(lines: list[str], hints: Hints) -> tuple[list[SegmentKind], ForwardedMail | None]:
    """Give a kind to each line (NEW where nothing older was seen) and the forwarded mail."""
    state = _Pass(lines=lines, kinds=[SegmentKind.NEW] * len(lines), hints=hints)
    number = 0
    while number < len(lines):
        number = _step(state, number)
    return state.kinds, state.forward


def _step(state: _Pass, number: int) -> int:
    """Look at one line, mark what begins there, give the next line to look at."""
    line = state.lines[number]
    text = line.strip()
    if not text:
        return number + 1
    if number == state.hints.history:
        return _take_rest(state, number, _block_near(state.lines, number))
    if number in state.hints.older:
        return _take_known(state, number)
    if OURS.search(line):
        return _take_ours(state, number)
    quoted = is_quoted(line)
    if not (quoted and state.answered):
        found = _older_mail(state, number)
        if found:
            return found
    if (quoted and not _are_arrows(state, number)) or _is_wrapped_rest(state, number):
        state.kinds[number] = state.quote
        return number + 1
    state.answered = False
    return _attribution(state, number) or number + 1


def _are_arrows(state: _Pass, number: int) -> bool:
    """Tell whether marked lines are the writer's own: "> 30 V" among the lines of a new mail."""
    if state.hints.answers or state.answered or FORWARD_SUBJECT.match(state.hints.subject):
        return False
    if not number or state.floor:
        return False
    lines, end = state.lines, number
    if is_quoted(lines[number - 1]):  # the first line of a run decides for all of it
        return state.kinds[number - 1] is SegmentKind.NEW
    while end < len(lines) and end - number <= ARROWS and is_quoted(lines[end]):
        end += 1
    if end - number > ARROWS:
        return False
    above = lines[number - 1].rstrip() or lines[number - 2].rstrip()
    below = next((line for line in lines[end : end + 2] if line.strip()), "")
    return above.endswith(":") or bool(lines[number - 1].strip()) or bool(below)


def _is_wrapped_rest(state: _Pass, number: int) -> bool:
    """Tell whether an unmarked line is the rest of the quoted line above, which a relay wrapped.

    Only when nothing else can be meant: the line above is full, its sentence is not finished, and
    this one goes on in lower case. An answer would be lost otherwise.
    """
    lines = state.lines
    if number < 1 or state.kinds[number - 1] is not state.quote:
        return False
    above, text = lines[number - 1].rstrip(), lines[number].strip()
    full = len(above) + 1 + len(text.partition(" ")[0]) > WRAP_WIDTH
    cut_off = not above.endswith((".", "?", "!", ":", ";", ">"))
    return full and cut_off and text[0].islower()


def _take_ours(state: _Pass, number: int) -> int:
    state.quote = SegmentKind.QUOTE_OF_OURS
    if is_quoted(state.lines[number]):
        state.kinds[number] = state.quote
        state.answered = True
        return number + 1
    return _mark(state, number, len(state.lines), SegmentKind.QUOTE_OF_OURS)


def _mark(state: _Pass, start: int, end: int, kind: SegmentKind) -> int:
    for number in range(start, end):
        state.kinds[number] = kind
    return end


def _block_near(lines: list[str], number: int) -> Block | None:
    """Find the header block at the line, or below it over rules and blanks."""
    if label_of(lines[number])[0]:
        return read_block(lines, number)
    return block_below(lines, number)


def _older_mail(state: _Pass, number: int) -> int:
    """Recognise a separator or header block at this line; 0 when there is none."""
    lines = state.lines
    if SEPARATOR.match(lines[number]) or ("---" in lines[number] and NOTES.match(lines[number])):
        return _take_rest(state, number, None)
    if GROUPWISE.match(lines[number]):
        return _mark_older(state, number, len(lines))
    marker = marker_of(lines[number])
    if marker:
        block = block_below(lines, number)
        dashed = lines[number].strip("> ").startswith(("--", "__", "==", "##", "*", "–", "—"))
        if marker == "forwarded" and (block or dashed):
            return _take_forward(state, number, block)
        return _take_rest(state, number, block) if block or dashed else 0
    if RULE.match(lines[number]):
        if is_quoted(next((x for x in lines[number + 1 : number + 3] if x.strip()), "")):
            return _mark(state, number, number + 1, state.quote)
        block = block_below(lines, number)
        sure = block and (
            block.certain or (block.labels >= 2 and "@" in block.fields.get("from", ""))
        )
        return _take_rest(state, number, block) if sure else 0
    if number >= state.refused and label_of(lines[number])[0]:
        block = read_block(lines, number)
        if block and block.certain:
            return _take_rest(state, number, block)
        state.refused = block.end if block else 0
    return 0


def _take_known(state: _Pass, number: int) -> int:
    """Mark the lines that the HTML kept together as an older mail; below them all is looked at."""
    older, end = state.hints.older, number
    while end in older:
        end += 1
    block = _block_near(state.lines, number)
    announced = marker_of(state.lines[number]) == "forwarded"
    if not state.forward and (announced or (block and state.hints.forwards)):
        return _take_forward(state, number, block, end)
    return _mark_older(state, number, end)


def _take_rest(state: _Pass, number: int, block: Block | None) -> int:
    """Mark everything from here as an older mail: forwarded or history."""
    if block and state.hints.forwards and not state.forward:
        return _take_forward(state, number, block)
    if is_quoted(state.lines[number]):
        state.answered = True
        state.kinds[number] = state.quote
        return number + 1
    return _mark_older(state, number, len(state.lines))


def _mark_older(state: _Pass, start: int, end: int) -> int:
    """Mark lines as history; ours from our "reply above" line on."""
    ours = next((n for n in range(start, end) if OURS.search(state.lines[n])), end)
    _mark(state, start, ours, SegmentKind.QUOTE)
    return _mark(state, ours, end, SegmentKind.QUOTE_OF_OURS)


def _take_forward(state: _Pass, number: int, block: Block | None, last: int = 0) -> int:
    """Mark a forwarded mail, to line `last` when that is known."""
    lines = state.lines
    found = None if block else _introduced(lines, number + 1)
    body = block.end if block else found.end if found else number + 1
    body = _behind_marker(lines, body)
    quoted = is_quoted(lines[block.start if block else number])
    end = last or (_end_of_quotation(lines, body) if quoted else len(lines))
    closed = next((n for n in range(body, end) if CLOSING.match(lines[n])), end)
    state.forward = ForwardedMail(
        lines=lines,
        start=number,
        body=body,
        end=closed,
        quoted=quoted,
        block=block,
        attribution=found,
    )
    return _mark(state, number, min(closed + 1, end), SegmentKind.FORWARDED)


def _behind_marker(lines: list[str], start: int) -> int:
    """Step over the marker that Zoho sets a second time, below the header block."""
    below = next((n for n in range(start, min(start + 3, len(lines))) if lines[n].strip()), start)
    again = below < len(lines) and marker_of(lines[below]) == "forwarded"
    return below + 1 if again else start


def _introduced(lines: list[str], start: int) -> Attribution | None:
    """Read an attribution in the place of a header block, as Yandex sets it below its marker."""
    below = next((n for n in range(start, min(start + 4, len(lines))) if lines[n].strip()), -1)
    return find_attribution(lines, below, below) if below >= 0 else None


def _end_of_quotation(lines: list[str], start: int) -> int:
    """Find where a quotation ends: an unmarked line right between marked ones is a wrapped one."""
    end = number = start
    while number < len(lines):
        wrapped = lines[number].strip() and number + 1 < len(lines) and number == end
        if is_quoted(lines[number]) or (wrapped and is_quoted(lines[number + 1])):
            end = number + 1
        elif lines[number].strip():
            break
        number += 1
    return end


def _attribution(state: _Pass, number: int) -> int:
    """Recognise an attribution that ends at this line; 0 when there is none."""
    lines, known = state.lines, number in state.hints.attributions
    found = find_attribution(lines, number, state.floor)
    if not found and not known:
        return _bare_attribution(state, number)
    follows = next((n for n in range(number + 1, len(lines)) if lines[n].strip()), -1)
    quoted = follows >= 0 and is_quoted(lines[follows])
    start = found.start if found else number
    if found and not state.forward and FORWARD_SUBJECT.match(state.hints.subject):
        return _forward_by_attribution(state, found, quoted=quoted)
    if quoted or known or follows < 0:
        state.floor, state.answered = number + 1, True
        return _mark(state, start, number + 1, SegmentKind.ATTRIBUTION)
    if not found or not found.strong:
        return 0
    _mark(state, start, number + 1, SegmentKind.ATTRIBUTION)
    return _take_rest(state, number + 1, None)


def _bare_attribution(state: _Pass, number: int) -> int:
    """Recognise date and mailbox without a verb, when a quotation follows; 0 when there is none."""
    lines = state.lines
    if not is_bare_attribution(lines[number]):
        return 0
    below = next((line for line in lines[number + 1 : number + 3] if line.strip()), "")
    if not is_quoted(below):
        return 0
    state.floor, state.answered = number + 1, True
    return _mark(state, number, number + 1, SegmentKind.ATTRIBUTION)


def _forward_by_attribution(state: _Pass, found: Attribution, *, quoted: bool) -> int:
    lines = state.lines
    end = len(lines)
    if quoted:
        end = max(n for n in range(found.end, len(lines)) if is_quoted(lines[n])) + 1
    state.forward = ForwardedMail(
        lines=lines, start=found.start, body=found.end, end=end, quoted=quoted, attribution=found
    )
    return _mark(state, found.start, end, SegmentKind.FORWARDED)
