"""How a paper is signed: typed into the box, drawn, stamped; and orders stamped over quotes."""

from __future__ import annotations

from .draft import Draft
from .sheet import HEIGHT, LEFT, RIGHT

INK = (
    (0, 0, 14, -30, 22, 18, 30, -4), (30, -4, 38, -26, 44, 14, 52, -6),
    (52, -6, 60, -22, 62, 10, 74, -2), (74, -2, 90, -28, 96, 22, 120, -12),
)  # fmt: skip


def mark(draft: Draft) -> None:
    """Print the box to sign in, and the signature if there is one."""
    paper = draft.paper
    if paper.form == "quote" and draft.style.extra.get("box", True):
        _box(draft)
    if paper.extra.get("over"):
        _stamp(draft)


def _box(draft: Draft) -> None:
    sheet = draft.sheet
    sheet.room(92, 775)
    top = sheet.y
    sheet.box(300, top, 245, 84)
    sheet.say(306, top + 12, draft.word("box"), 8.5, bold=True)
    sheet.flow(306, top + 24, draft.word("box_text"), 230, 7.5)
    sheet.y = top + 90
    sheet.signing_box = (306, HEIGHT - top - 80, 520, HEIGHT - top - 36)
    sign = draft.paper.extra.get("sign", {})
    if sign.get("typed"):
        sheet.lines(310, top + 46, sign["typed"].split("|"), 10)
    if sign.get("ink"):
        ink(draft, 330, top + 66)


def ink(draft: Draft, x: float, y: float) -> None:
    """Draw a hand's curve in blue."""
    canvas = draft.sheet.canvas
    canvas.setStrokeColorRGB(0.08, 0.12, 0.55)
    canvas.setLineWidth(1.3)
    for a, b, c, d, e, f, g, h in INK:
        canvas.bezier(
            x + a, HEIGHT - y - b, x + c, HEIGHT - y - d, x + e, HEIGHT - y - f, x + g,
            HEIGHT - y - h,
        )  # fmt: skip


def _stamp(draft: Draft) -> None:
    """Print the customer's order head over what was our quote."""
    sheet, over = draft.sheet, draft.paper.extra["over"]
    wide = sheet.width(over, 10.5, bold=True) + 24
    sheet.box(298 - wide / 2, 6, wide, 24, fill="#ffffff", line="#aa0000")
    sheet.say(298, 22, over, 10.5, bold=True, align="middle", colour="#aa0000")
    sheet.rule(LEFT, RIGHT, 33, 0.3)
