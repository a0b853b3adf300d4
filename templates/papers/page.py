"""The page: the one design of all papers, A4, black on white.

A paper that travels in a parcel shows its number as large as the page is wide, to be read from two
metres, with its bar code and QR code; any other is headed by its title. The body follows, and the foot
stands at the bottom. What is too long is set a little smaller, then goes on another page under the same head.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepInFrame

from parsers.business import WRITER
from templates.papers.codes import draw_bars, draw_square
from templates.papers.flow import Flow
from templates.papers.typeface import BOLD, PLAIN, Setting, fitting, mm, printed, register_fonts

WIDTH, HEIGHT = A4
MARGIN = 18 * mm
INNER = WIDTH - 2 * MARGIN
SCALES = (1.0, 0.92, 0.85, 0.78)
NUMBER, TITLE, SMALL = 72, 21, 10.5
SQUARE, BARS = 34 * mm, 22 * mm
RULE, ABOVE_CODES = 10 * mm, 6 * mm  # a code needs white around it
BETWEEN = 7 * mm
MOST_FOOT = 0.45 * HEIGHT


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What stands at the top of each page. A paper that `travels` shows its number above all."""

    title: str
    desk: str
    number: str
    travels: bool


def draw_paper(head: Head, flow: Callable[[Setting], Flow], language: str) -> bytes:
    """Return the paper as PDF: the same bytes for the same words."""
    register_fonts()
    written = BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1, pageCompression=1, lang=language)
    canvas.setTitle(printed(f"{head.title} {head.number}".strip()))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setAuthor(printed(head.desk))
    canvas.setProducer(WRITER)  # whoever signs it on a screen saves it under another name
    for scale in SCALES:
        made = flow(Setting(scale=scale, width=INNER))
        pages = _paged(canvas, head, made)
        if len(pages) != 2:  # it fits, or no smaller setting would make it fit
            break
    foot = _kept(made.foot, INNER, MOST_FOOT)
    for number, page in enumerate(pages, start=1):
        _draw_page(canvas, head, page, foot, f"{number}/{len(pages)}" if len(pages) > 1 else "")
    canvas.save()
    return written.getvalue()


def _draw_page(
    canvas: Canvas, head: Head, body: Iterable[Flowable], foot: Flowable | None, number: str
) -> None:
    y = HEIGHT - MARGIN - _head_height(head) - BETWEEN
    _draw_head(canvas, head)
    for one in body:
        _, used = one.wrapOn(canvas, INNER, y)
        y -= used
        one.drawOn(canvas, MARGIN, y)
    if foot is not None:
        _, used = foot.wrapOn(canvas, INNER, MOST_FOOT)
        canvas.setLineWidth(0.7)
        canvas.line(MARGIN, MARGIN + used + 4 * mm, WIDTH - MARGIN, MARGIN + used + 4 * mm)
        foot.drawOn(canvas, MARGIN, MARGIN)
    if number:
        canvas.setFont(PLAIN, 9)
        canvas.drawRightString(
            WIDTH - MARGIN, MARGIN - 6 * mm, printed(f"{head.number}   {number}")
        )
    canvas.showPage()


def _paged(canvas: Canvas, head: Head, flow: Flow) -> list[list[Flowable]]:
    """Return the body page by page; what no page can hold is drawn smaller."""
    foot = _kept(flow.foot, INNER, MOST_FOOT)
    taken = foot.wrapOn(canvas, INNER, MOST_FOOT)[1] + 4 * mm + BETWEEN if foot else 0
    room = HEIGHT - 2 * MARGIN - _head_height(head) - BETWEEN - taken
    pages: list[list[Flowable]] = [[]]
    left, waiting = room, deque(flow.body)
    while waiting:
        one = waiting.popleft()
        used = one.wrapOn(canvas, INNER, left)[1]
        if used <= left:
            pages[-1].append(one)
            left -= used
            continue
        parts = one.splitOn(canvas, INNER, left)
        if len(parts) < 2 and left == room:
            parts = [_kept([one], INNER, room)]
        waiting.extendleft(reversed(parts or [one]))
        if len(parts) > 1 or left == room:
            first = waiting.popleft()
            first.wrapOn(canvas, INNER, left)
            pages[-1].append(first)
        if waiting:
            waiting.extendleft(reversed(_held(pages[-1])))
            pages.append([])
            left = room
    return pages


def _held(page: list[Flowable]) -> list[Flowable]:
    """Take off the end of a page what must not be parted from what follows; never all of it."""
    end = len(page)
    while end and page[end - 1].getKeepWithNext():
        end -= 1
    held = page[end:] if end else []
    del page[len(page) - len(held) :]
    return held


def _kept(parts: Sequence[Flowable], width: float, height: float) -> Flowable | None:
    """Return what stays together, made smaller where it does not fit."""
    return KeepInFrame(width, height, list(parts), mode="shrink") if parts else None


def _head_height(head: Head) -> float:
    if not head.travels:
        return 14 * mm
    return RULE + _number_size(head) + ABOVE_CODES + SQUARE


def _number_size(head: Head) -> float:
    return fitting(head.number, INNER, NUMBER)


def _draw_head(canvas: Canvas, head: Head) -> None:
    """Draw title and desk, and below a rule the number: large with its codes, or small at the right."""
    top = HEIGHT - MARGIN
    desk = printed(head.desk)
    room = INNER * 0.42
    title = fitting(head.title, INNER - room - 6 * mm, TITLE)
    canvas.setFont(BOLD, title)
    canvas.drawString(MARGIN, top - 6 * mm, printed(head.title))
    canvas.setFont(BOLD, fitting(desk, room, SMALL + 1))
    canvas.drawRightString(WIDTH - MARGIN, top - (6 if head.travels else 2.5) * mm, desk)
    canvas.setLineWidth(1.6)
    if head.travels:
        canvas.line(MARGIN, top - RULE, WIDTH - MARGIN, top - RULE)
        _draw_number(canvas, head, top - RULE)
        return
    canvas.setFont(BOLD, fitting(head.number, room, SMALL + 3))
    canvas.drawRightString(WIDTH - MARGIN, top - 9 * mm, printed(head.number))
    canvas.line(MARGIN, top - 13 * mm, WIDTH - MARGIN, top - 13 * mm)


def _draw_number(canvas: Canvas, head: Head, top: float) -> None:
    size = _number_size(head)
    canvas.setFont(BOLD, size)
    canvas.drawString(MARGIN, top - size * 0.96, printed(head.number))
    y = top - size - ABOVE_CODES - SQUARE
    wide = INNER - SQUARE - 14 * mm
    draw_bars(canvas, head.number, (MARGIN, y + (SQUARE - BARS) / 2), wide, BARS)
    draw_square(canvas, head.number, WIDTH - MARGIN - SQUARE, y, SQUARE)
