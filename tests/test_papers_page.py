"""docs/papers.md shows every paper, with a small picture that is there."""

import re

from . import papers_page


def test_the_page_is_current():
    written = papers_page.PAGE.read_text(encoding="utf-8")
    assert written == papers_page.page(), "run `python -m tests.papers_page`"


def test_every_picture_is_there_and_small():
    shown = re.findall(r'src="([^"]+)"', papers_page.page())
    assert shown
    for one in shown:
        file = papers_page.DOCS / one
        assert 2_000 < file.stat().st_size < 60_000
    kept = {
        one.relative_to(papers_page.DOCS).as_posix() for one in papers_page.PICTURES.rglob("*.webp")
    }
    assert kept == set(shown)
