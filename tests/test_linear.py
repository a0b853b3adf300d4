"""Twice the text costs at most twice the time, whatever a hostile mail repeats."""

import gc
import time
from itertools import pairwise

import pytest

from handlers.words.sheet import read_sheets
from parsers.containers.tnef import read_tnef
from parsers.fields.amounts import amounts
from parsers.fields.serials import serials
from parsers.files.attachment import sniff
from parsers.files.kind import kind_of_paper
from parsers.files.layout import pages_of
from parsers.files.paper import read_paper_pages
from parsers.folding import fold
from parsers.html.text import render
from parsers.intents.canonical import canonical
from parsers.intents.courtesy import without_courtesies
from parsers.intents.intent import intent_of
from parsers.intents.sentences import without_questions
from parsers.language import language_of
from parsers.links import find_links
from parsers.read import read

from .notice_desk import WORKFLOW
from .test_paper_kind import page_of

MOST = 2.5
BEGIN = 1_000
LAST = 128_000
CLEAR = 0.005
"""Processor seconds below which a clock tells nothing."""

FASTEST = 16.0
"""How much a text grows at once on the way to what a clock can tell."""

TRIES = 3


def repeated(unit, before=""):
    return lambda size: before + (unit * (size // len(unit) + 1))[:size]


def deepening(size):
    """Quote ever deeper: > a, >> a, >>> a."""
    depth = int((2 * size) ** 0.5)
    return "".join(f"{'>' * level} a\n" for level in range(depth))


UNITS = [
    ">", "> ", "> a\n", ":", "a:", "a: ", "a:\n", "On ", "On a\n", "a wrote:\n", "De : a\n", "@",
    "From: a\nSent: b\n", "a@", "a@b.c ", "<a@b.c>, ", "<", "(", "[a ", "=?", "=?utf-8?q?a?= ",
    "\n", " \n", " ", "\t", "a\n\n", "--\n", "-- \n", "__\n", "- ", "*", "| a ", "a\tb\n", "a;b;",
    ".", "a.", "a. ", "1", "1 ", "1.", "1.1.2026 ", "10:00 ", "12,50 EUR ", "n° 1 ", "SN: A1\n",
    "A1-", "http://", "http://a.b/ ", "www.", "\xa0", "\u200b", "e\u0301", "\u0301", "é", "\r",
    "\x1c", '"', '\\"', ",", "&", "&#", "<b>", "<div>", "<div", "<!--", "<table><tr><td>a", "<td>",
    '<a href="http://a.b/c">x</a> ', "<blockquote>a", "<span style='display:none'>", "<style>",
    "<ul><li>a", "<pre>a\n", "<div class=gmail_quote>", "<hr>", "bonjour ", "merci ", "ne pas ",
    "Cordialement,\nA\n", "Sent from my phone\n", "This message is confidential ", "back on 4 ",
    "Status: 5.1.1\n", "550 5.1.1 ", "<a@b.c>: ", "Qté : 2  Modèle : b\n", "Total ", "?", "Re: ",
    "Le 1 janv. 2026, a <a@b.c> a écrit :\n", "-----Original Message-----\n", "Aa ", "aB",
]  # fmt: skip
MARKS = {repr(unit): repeated(unit) for unit in UNITS if not unit.isalpha() and len(unit) < 10}
INPUTS = {repr(unit): repeated(unit) for unit in UNITS}
INPUTS |= {
    "ever deeper quotes": deepening,
    "one long word": repeated("a"),
    "On and words": repeated("a ", "On "),
    "a label and spaces": repeated(" ", "x:"),
    "a signature without end": repeated("a\n", "-- \n"),
    "a head without end": repeated("a, ", "From: "),
    "a table of positions": repeated(
        "A-1\tb\t1\t2,00\t2,00\n", "Réf.\tDésignation\tQté\tPU\tMontant\n"
    ),
    "totals": repeated("Total HT 1,00 TVA 20 % 2,00\nTotal TTC 3,00\n"),
}


def body(head):
    return lambda text: read(head + b"\n\n" + text.encode("utf-8", "replace"))


def forwarded(text):
    """Read a forwarded mail with this behind the name of its writer."""
    block = f"From: Ann{text}x\nSent: 1 May 2026 10:00\nTo: b@c.example\nSubject: c\n\nHello\n"
    return read(
        b"Subject: Fwd: c\n\n-----Original Message-----\n" + block.encode("utf-8", "replace")
    )


def field(name):
    return lambda text: read(name + b": " + text.replace("\n", "\n ").encode() + b"\n\nx")


READERS = {
    "plain text": body(b"From: a@b.example\nContent-Type: text/plain; charset=utf-8"),
    "HTML": body(b"From: a@b.example\nContent-Type: text/html; charset=utf-8"),
    "answer": body(b"From: a@b.example\nIn-Reply-To: <a@b>\n\nBonjour\n"),
    "bounce": body(b"From: MAILER-DAEMON@b.example\nReturn-Path: <>\nSubject: failure notice"),
    "absence": body(b"From: a@b.example\nAuto-Submitted: auto-replied\nSubject: Absence"),
    "mislabelled": body(b"Content-Type: text/plain; charset=x\n\n\xe9\xff"),
    "quoted-printable": body(b"Content-Transfer-Encoding: quoted-printable"),
    "base64": body(b"Content-Transfer-Encoding: base64"),
    "forwarded": forwarded,
    "parts": body(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"),
}
HEADED = {
    name.decode(): field(name)
    for name in (
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"References", b"Content-Type",
        b"Content-Disposition", b"Received", b"Authentication-Results",
    )
}  # fmt: skip


def paper_of(pages):
    return read_paper_pages(pages, kind_of_paper(pages))


FUNCTIONS = {
    "questions": lambda text: without_questions(f"a? {text}"),
    "sheets": lambda text: read_sheets(text, WORKFLOW),
    "canonical": canonical,
    "fold": fold,
    "courtesies": without_courtesies,
    "intent": lambda text: intent_of(text, "fr"),
    "language": language_of,
    "links": find_links,
    "paper": lambda text: paper_of(pages_of(text)),
    "kind": lambda text: kind_of_paper([page_of(text.split("\n"), 1)]),
    "render": render,
    "amounts": amounts,
    "serials": serials,
    "sniff": lambda text: sniff(text.encode("utf-8", "replace"), "text/plain"),
    "tnef": lambda text: read_tnef(b"\x78\x9f\x3e\x22\0\0" + text.encode("utf-8", "replace")),
}


def cost(call, make, size, times=1):
    """Processor seconds of the fastest of some runs, each with a text that no cache has seen."""
    found = []
    for run in range(times):
        text = make(size + run)
        begun = time.process_time()
        call(text)
        found.append(time.process_time() - begun)
    return min(found)


def measurable(call, make):
    """Find a size whose cost a clock can tell, and that cost."""
    size, spent = BEGIN, cost(call, make, BEGIN)
    while size < LAST and spent < CLEAR:
        size = min(LAST, int(size * max(2.0, min(FASTEST, 1.1 * CLEAR / spent))))
        spent = cost(call, make, size)
    return size, spent


def growth(call, make):
    """How much more the double costs, as far as it matters: 0 when it is nothing to look at.

    What is suspicious is measured again: a busy machine may spoil one measurement, not three."""
    size, spent = measurable(call, make)
    if spent < CLEAR or cost(call, make, 2 * size) <= MOST * spent:
        return 0.0
    grown = 9.0
    for _ in range(TRIES):
        grown = min(grown, doubled(call, make, size))
        if grown <= MOST:
            break
    return grown


def doubled(call, make, size):
    """The least of two doublings: a limit that is crossed makes one step, a square grows for ever."""
    costs = [cost(call, make, size * times, 5) for times in (1, 2, 4)]
    return min(after / before for before, after in pairwise(costs))


@pytest.fixture(autouse=True, scope="module")
def calm():
    """Look for no garbage while a clock runs: what other tests left would be searched, too."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", [*READERS, *HEADED, *FUNCTIONS])
def test_double_the_text_costs_at_most_double_the_time(name):
    call = (READERS | HEADED | FUNCTIONS)[name]
    inputs = MARKS if name in HEADED else INPUTS
    grown = {what: growth(call, make) for what, make in inputs.items()}
    assert {what: round(times, 1) for what, times in grown.items() if times > MOST} == {}
