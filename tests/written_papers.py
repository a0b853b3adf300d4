"""The papers we write, drawn with sample values, and what can be seen on them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

import pypdfium2
import zxingcpp
from PIL import ImageChops

from handlers.process.workflow import Workflow
from templates.message import papers_of
from templates.papers.page import MARGIN
from templates.papers.typeface import register_fonts
from templates.sample import sample

from .golden_notices import PROCESSES, workflow_of
from .notice_desk import DESK

DPI = 200
CODES = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128)
LONG = "Établissements Łukasz Dvořák-Œuvré & Fils"  # 41 characters
REFERENCE = "LECT-400/ÄÖÜ-ß-2026-000412-Rév.B-№7-€Ωж9"  # 40
HARD = {
    "company": LONG,
    "consumer_last_name": "d’Œuvré-Włodarczyk-Ångström-Πετρόπουλος",
    "consumer_first_name": "Anne-Sophie Чайковская",
    "reference": REFERENCE,
    "article": REFERENCE,
    "serial": REFERENCE,
    "product": LONG,
    "brand": LONG,
    "organisation": "ecologic",
    "contact": f"{'a' * 40}@{'b' * 30}.example",
    "return_address": f"{LONG}\nService réception 😀, quai nº 12 bis, porte ΔΩ\nZone d’activités de l’Été\n99999 Ӝ",
    "description": "Ça grince 😀👍🏽 <b>gras</b> & {{7*7}}, l’écran «\u202fnoir\u202f» – Ελλάδα, Россия.",
    "comment": "Ça grince 😀👍🏽 <b>gras</b> & {{7*7}}, l’écran «\u202fnoir\u202f» – Ελλάδα, Россия.",
}
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u200d]")


def all_papers() -> list[tuple[str, str, str]]:
    """List every (process, paper, language)."""
    return [
        (process, paper, code)
        for process in PROCESSES
        for paper in workflow_of(process).papers
        for code in workflow_of(process).languages
    ]


def notice_with(workflow: Workflow, paper: str) -> str:
    """Name the first notice that brings a paper."""
    return next(name for name, rule in workflow.notices.items() if paper in rule.papers)


def ticket_of(process, paper, code, kind="full"):
    """The ticket of the sample: as it is, with `bare` fields, or with `hard` values in those it has."""
    workflow = workflow_of(process)
    ticket = sample(process, notice_with(workflow, paper), code).ticket
    if kind == "bare":
        return replace(ticket, fields={})
    if kind == "hard":
        hard = {name: value for name, value in HARD.items() if name in workflow.fields}
        return replace(ticket, fields={**ticket.fields, **hard})
    return ticket


def written(process, paper, code, ticket, desk=DESK, site=None) -> bytes:
    """The bytes of a paper about a ticket."""
    workflow = workflow_of(process)
    notice = sample(process, notice_with(workflow, paper), code).notice
    (file,) = papers_of(replace(notice, papers=(paper,)), ticket, desk, workflow, site)
    return file.data


@cache
def bytes_of(process, paper, code, kind="full") -> bytes:
    """The bytes of a paper with sample values."""
    register_fonts()
    return written(process, paper, code, ticket_of(process, paper, code, kind))


def text_of(data: bytes, page: int = 0) -> str:
    """What a page says, line by line."""
    text = pypdfium2.PdfDocument(data)[page].get_textpage().get_text_bounded()
    return text.replace("\r\n", "\n")


def words_of(text: str) -> str:
    """A text without what a line break or the font takes away: spaces and emoji."""
    return "".join(EMOJI.sub("", text).split())


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a page shows when it is printed: the codes that a scanner reads, how far ink stays from the
    nearest edge, in points, and whether any of it has a colour."""

    codes: dict[str, str]
    white: float
    coloured: bool


def seen(data: bytes, page: int = 0) -> Seen:
    """Print a page and look at it."""
    document = pypdfium2.PdfDocument(data)
    picture = document[page].render(scale=DPI / 72).to_pil().convert("RGB")
    red, green, blue = picture.split()
    other = [ImageChops.difference(green, one).getbbox() for one in (red, blue)]
    found = zxingcpp.read_barcodes(green, formats=CODES)
    left, top, right, bottom = green.point(lambda one: 255 if one < 200 else 0).getbbox()
    white = min(left, top, green.width - right, green.height - bottom)
    return Seen(
        codes={one.format.name: one.text for one in found},
        white=white * 72 / DPI,
        coloured=any(other),
    )


def codes_of(data: bytes) -> dict[str, str]:
    """The codes that a scanner reads from the first page."""
    return seen(data).codes


def stays_inside(data: bytes) -> bool:
    """Whether the margin is white all around."""
    return seen(data).white >= MARGIN - 2
