"""Papers of every form are read behind the walls as they are read in the open: nothing that a
reader loads at its first use is missing there."""

import pytest

from daemon.readers.reading import is_sound
from daemon.readers.workers import Workers
from parsers.files.attachment import sniff
from parsers.files.opening import open_file
from parsers.mail import Attachment

from .paperwork.build import file_of
from .paperwork.specs import papers

PAPERS = {(one.form, one.language): one for one in papers()}
ONE_OF_EACH = list({form: one for (form, _), one in sorted(PAPERS.items())}.values())


@pytest.fixture(scope="module")
def readers():
    some = Workers(open_file, 1, life=1, threads=True, name="files")
    yield some
    some.close()


@pytest.mark.parametrize("paper", ONE_OF_EACH, ids=lambda one: one.form)
def test_a_paper_is_read_there_as_here_and_its_answer_is_believed(readers, paper):
    data = file_of(paper)
    nature = sniff(data, "application/octet-stream", paper.file)
    file = Attachment(
        filename=paper.file,
        content_type=nature.content_type,
        declared_type="",
        size=len(data),
        sha256="0" * 64,
        data=data,
        kind=nature.kind,
    )
    found = readers.read(file).result(60)
    assert found == open_file(file)
    assert is_sound(found)
