"""Files made to break their readers end as refused files: the mail and its other files go on (X-23)."""

import asyncio
import base64
import json
import smtplib
import time

import pytest

from daemon.commands import run
from daemon.readers.reading import REFUSALS, Costs, Reading
from handlers.understanding import Understanding
from parsers.business import DocumentKind
from storage import listing

from . import bombs, papers
from .services import running, until

MAIL = b"""\
From: Jeanne <jeanne@customer.example>
To: rma@desk.example
Subject: Return
Message-ID: <1@customer.example>
Content-Type: multipart/mixed; boundary=part

--part

My pump does not start any more, its serial number is QX12345678.
"""
PART = b"""\
--part
Content-Type: application/octet-stream
Content-Disposition: attachment; filename=%s
Content-Transfer-Encoding: base64

%s"""
SECONDS, MEGABYTES = 4, 448
DEADLY = (bombs.laughs, bombs.flate_once, bombs.flate_twice)


def mail(*files):
    """Return a mail with files, each a pair of name and bytes."""
    parts = [PART % (name, base64.encodebytes(data)) for name, data in files]
    return b"".join([MAIL, *parts, b"--part--\n"])


@pytest.fixture(scope="module")
def reading():
    costs = Costs(workers=1, file_seconds=SECONDS, file_memory=MEGABYTES << 20)
    with Reading(Understanding(workflows={}), costs) as one:
        yield one


def opened(reading, bomb):
    data = mail((b"bomb.bin", bomb()), (b"BC-4471.pdf", papers.order_pdf()))
    return reading.read(data, "rma").result(90).mail


@pytest.mark.parametrize(
    "bomb", [*bombs.PAPERS, *bombs.PICTURES, *bombs.OTHERS], ids=lambda one: one.__name__
)
def test_a_bomb_costs_itself_alone_within_its_limits(reading, bomb):
    bomb()  # some are made slowly, and kept
    begun = time.monotonic()
    found = opened(reading, bomb)
    assert time.monotonic() - begun < 2 * SECONDS + 4
    file, order = found.attachments
    assert file.refusal in REFUSALS
    assert order.document.kind is DocumentKind.ORDER
    assert "does not start" in found.new_text


@pytest.mark.parametrize("bomb", DEADLY, ids=lambda one: one.__name__)
def test_what_ends_pdfium_is_refused(reading, bomb):
    assert opened(reading, bomb).attachments[0].refusal == "too_heavy"


@pytest.mark.parametrize("bomb", bombs.PICTURES, ids=lambda one: one.__name__)
def test_pictures_with_too_many_pixels_are_refused(reading, bomb):
    assert opened(reading, bomb).attachments[0].refusal == "too_heavy"


@pytest.mark.parametrize("bomb", bombs.OTHERS, ids=lambda one: one.__name__)
def test_xml_and_office_files_bring_nothing_in_from_outside(reading, bomb):
    file = opened(reading, bomb).attachments[0]
    assert "root:" not in (file.document.text if file.document else "")


def test_bombs_by_smtp_become_refused_files_of_a_ticket(tmp_path):
    files = [(b"a.pdf", bombs.laughs()), (b"b.pdf", bombs.flate_twice()), (b"c.png", bombs.png())]
    data = mail(*files, (b"BC-4471.pdf", papers.order_pdf())).replace(b"\n", b"\r\n")
    limits = f"file_seconds = {SECONDS}\nfile_memory = {MEGABYTES << 20}\n"

    async def story():
        async with running(tmp_path, extra=limits) as (service, relay):
            await asyncio.to_thread(deliver, service.ports[0], data)
            await until(lambda: any(b"a.pdf" in one.data for one in relay.taken), 60)
            with service.store.read() as tx:
                (line,) = listing.mails(tx)
                (ticket,) = listing.tickets(tx)
                shown = listing.show_ticket(tx, listing.ticket_id_of(tx, ticket["key"]))
            return line["verdict"], shown

    verdict, shown = asyncio.run(story())
    assert verdict == "applied"
    kept = {one["filename"]: one["kind"] for one in shown["documents"]}
    assert kept["BC-4471.pdf"] == "order"
    assert not {"a.pdf", "b.pdf", "c.png"} & kept.keys()


def deliver(port, data):
    with smtplib.LMTP("127.0.0.1", port) as connection:
        connection.sendmail("jeanne@customer.example", ["rma@desk.example"], data)


def test_savd_parse_survives_a_bomb_and_says_so(tmp_path, capsys):
    bad, good = tmp_path / "bad.eml", tmp_path / "good.eml"
    bad.write_bytes(mail((b"bomb.pdf", bombs.laughs())))
    good.write_bytes(mail((b"BC-4471.pdf", papers.order_pdf())))
    assert run(["parse", "--json", str(bad), str(good)]) == 0
    said = capsys.readouterr()
    assert [json.loads(line)["path"] for line in said.out.splitlines()] == [str(bad), str(good)]
    assert "bomb.pdf: not opened" in said.err
