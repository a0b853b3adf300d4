"""Long answers: the first rows in the message, all of them in the file, and that is said."""

import pytest

from daemon.rehearsal.script import read_script

from .rooms import rehearse, room, write

__all__ = ["rehearse", "room"]

SCRIPT = """\
title: A long answer
workflow: claims
given:
  contacts: {{claire: {{address: claire@dupont.example, organisation: "80538", language: {language}}}}}
  tables:
    invoice_lines:
{rows}
steps:
  - mail: {{from: claire, subject: {asked}, text: ""}}
    expect:
      csv_rows: {{N_list: 230}}
      says: {{N_list: ["{said}"]}}
      says_not: {{N_list: [article-0229]}}
"""


@pytest.mark.proves("X-43")
@pytest.mark.parametrize(
    ("language", "asked", "said"),
    [
        (
            "fr",
            "factures",
            "230 lignes. Les 50 premières sont ci-dessous, toutes sont dans le fichier",
        ),
        ("en", "invoices", "230 rows. The first 50 are below, all are in the attached file"),
    ],
)
def test_a_long_answer_has_fifty_rows_and_the_file_all(
    tmp_path,
    rehearse,
    language,
    asked,
    said,
):
    rows = "\n".join(
        f"      - {{invoice: '0034871205', position: '{n:04}', date: '2026-11-02', account: '80538',"
        f" article: article-{n:04}}}"
        for n in range(230)
    )
    script = SCRIPT.format(language=language, asked=asked, said=said, rows=rows)
    assert rehearse(read_script(write(tmp_path, script))) == ()
