"""Files of a mail are opened each apart: one can hurt its reader, never the mail or other files."""

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon import log
from daemon.line import OVERTAKE_SECONDS, Line
from daemon.readers import reading
from daemon.readers.belief import is_believed
from daemon.readers.reading import Costs, Reading
from daemon.readers.workers import NoReader, ReadingFailed, Stopping
from handlers.envelope import Envelope, RawMail
from parsers.business import BusinessDocument, Confidence, DocumentKind, Party, Photo, Place
from parsers.files.opening import Opened
from storage.journal import Pending

from .openings import LIES, attached, do_as_told, understand

ROOT = Path(__file__).parents[1]


@pytest.fixture
def readers():
    made = []

    def make(opening=do_as_told, understanding=understand, **costs):
        made.append(Reading(understanding, Costs(workers=1, **costs), opening=opening))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def one_reading():
    one = Reading(understand, Costs(workers=1, file_seconds=5), opening=do_as_told)
    yield one
    one.close()


def files_of(one, *contents):
    return one.read(b"\n".join(contents), "rma").result(120).mail.attachments


def told(files):
    return [one.refusal or (one.document and one.document.text) for one in files]


def test_each_file_is_opened_and_stands_where_it_stood(one_reading):
    files = files_of(one_reading, b"first", b"second", b"third")
    assert told(files) == ["first", "second", "third"]


def test_no_reader_opens_two_files(one_reading):
    numbers = [one.document.number for one in files_of(one_reading, *[b"same"] * 5)]
    assert len(set(numbers)) == 5


@pytest.mark.parametrize("word", [b"die", b"gulp", b"fail", *LIES], ids=bytes.decode)
def test_a_bad_file_costs_itself_alone(one_reading, word):
    assert told(files_of(one_reading, b"before", word, b"after")) == [
        "before",
        "too_heavy",
        "after",
    ]


@pytest.mark.parametrize("word", [b"hang", b"spin"], ids=bytes.decode)
def test_a_file_that_never_ends_is_cut_off(readers, word):
    one = readers(file_seconds=0.5)
    assert told(files_of(one, word, b"after")) == ["too_heavy", "after"]


def test_the_files_of_one_mail_share_their_time(readers):
    one = readers(file_seconds=0.4, all_files_seconds=1.0)
    files = files_of(one, *[b"hang"] * 4, b"after")
    assert told(files) == ["too_heavy"] * 5
    assert told(files_of(one, b"of another mail")) == ["of another mail"]


def test_copies_beyond_what_memory_holds_are_not_made(one_reading):
    files = files_of(one_reading, *[b"copy %d" % n for n in range(7)])
    assert [one.refusal for one in files] == [""] * 5 + ["too_heavy"] * 2
    assert sum(len(one.photo.copy) for one in files if one.photo) < 80 << 20


def test_two_hundred_files_leave_room_for_the_file_of_another_mail(one_reading):
    many = one_reading.read(b"\n".join([b"x"] * 200), "rma")
    assert told(files_of(one_reading, b"mine")) == ["mine"]
    assert not many.done()
    assert told(many.result(120).mail.attachments) == ["x"] * 200


def test_what_is_refused_or_decor_is_not_opened(readers):
    one = readers(understanding=with_refusals)
    files = files_of(one, b"die")
    assert [one.refusal for one in files] == ["encrypted", ""]
    assert not any(one.document for one in files)


def with_refusals(data, desk):
    from dataclasses import replace

    whole = understand(data + b"\n" + data, desk)
    first, second = whole.mail.attachments
    kept = (replace(first, refusal="encrypted"), replace(second, decor=True))
    return replace(whole, mail=replace(whole.mail, attachments=kept))


def test_a_mail_that_ends_its_reader_is_told(one_reading):
    with pytest.raises(ReadingFailed, match="SIGKILL"):
        one_reading.read(b"die", "rma").result(60)


def test_a_mail_is_not_blamed_for_our_own_end(readers):
    one = readers(file_seconds=60)
    going = one.read(b"hang", "rma")
    assert told(files_of(readers(), b"warm")) == ["warm"]
    one.close()
    with pytest.raises(Stopping):
        going.result(0)


def test_a_file_is_not_blamed_when_no_process_can_be_had(readers):
    one = readers(opening=lambda file: file)  # a process cannot be given it
    with pytest.raises(NoReader):
        one.read(b"a", "rma").result(60)


def test_the_log_names_the_file_and_what_it_did(one_reading, caplog):
    with caplog.at_level("WARNING"):
        files_of(one_reading, b"die", b"")
    said = [record for record in caplog.records if record.getMessage() == "unopened"]
    assert [record.fields["file"] for record in said] == ["die.pdf"]
    assert "SIGKILL" in said[0].fields["reason"]
    assert log.told(said[0].fields["file"]) == "die.pdf"


def test_the_daemon_loads_no_decoder():
    program = "import sys, daemon.service, daemon.commands.read\n"
    program += "print({'pypdfium2', 'PIL', 'pi_heif', 'zxingcpp', 'pdfplumber'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_what_an_honest_reader_answers_is_believed():
    paper = BusinessDocument(
        kind=DocumentKind.ORDER,
        confidence=Confidence.LIKELY,
        seller=Party(name="Atelier Exemple"),
        places={"gross": Place(page=1, line="Total", box=(1.0, 2.0, 3.0, 4.0))},
        gross_cents=1200,
        text="naïve 😀 \x00",
    )
    assert is_believed(Opened(document=paper), Opened)
    assert is_believed(Opened(photo=Photo(width=4000, height=3000)), Opened)
    assert is_believed(attached(b"paper")[0], type(attached(b"paper")[0]))


def test_limits_of_answers_fit_together():
    assert reading.ANSWER_OCTETS < reading.MAIL_OCTETS


def pending(number, data):
    envelope = Envelope(
        reverse_path="a@b.example",
        recipients=("rma@desk.example",),
        path="pipe",
        received_at=datetime(2026, 11, 2, tzinfo=UTC),
    )
    return Pending(id=number, desk="rma", raw=RawMail(data=data, envelope=envelope))


def test_a_slow_file_holds_up_its_own_mail_and_no_other_for_long(readers):
    one = readers(file_seconds=60)
    read = threading.Event()
    line = Line(one, most=10, on_read=read.set)
    line.enter(pending(1, b"hang"))
    line.enter(pending(2, b"plain"))
    assert read.wait(60)
    time.sleep(OVERTAKE_SECONDS)
    assert [entry.pending.id for entry in line.ready(10)] == [2]
