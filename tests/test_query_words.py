"""Questions as people write them (X-43): a line is one only when every word of it is understood."""

import re
from datetime import date
from pathlib import Path

import pytest

from handlers.queries.query_cells import style_of, terms_of
from handlers.queries.query_words import is_polite, read_free_words, read_question
from handlers.workflow_file import shipped

from .notice_desk import DESK

TODAY = date(2026, 11, 22)


def asked(line, workflow="claims", language="fr"):
    return read_question(line, shipped(workflow), language, TODAY)


@pytest.mark.parametrize(
    ("line", "name", "values"),
    [
        ("factures", "invoices", {}),
        ("Bonjour, mes factures svp", "invoices", {}),
        ("Pouvez-vous m’envoyer mes factures ?", "invoices", {}),
        ("facture n° 0034871205", "invoices", {"invoice": "0034871205"}),
        ("Commande : 7033154381", "invoices", {"order": "7033154381"}),
        ("Série PF1XYZ01", "invoices", {"serial": "PF1XYZ01"}),
        ("BL 6059230086", "invoices", {"delivery_note": "6059230086"}),
        ("PN 20RW001YFR", "invoices", {"part_number": "20RW001YFR"}),
        ("invoice 0034871205", "invoices", {"invoice": "0034871205"}),
        ("factuur 0034871205", "invoices", {"invoice": "0034871205"}),
        ("Rechnung 0034871205", "invoices", {"invoice": "0034871205"}),
        ("procédure LENOVO", "procedures", {"manufacturer": "LENOVO"}),
        ("procedure Blue Horse", "procedures", {"manufacturer": "Blue Horse"}),
        ("suivi type 63", "status", {"code": "63"}),
        ("suivi motif défectueux", "status", {"reason": "defective"}),
        ("suivi 000202", "status", {"key": "000202"}),
        ("statut RMA-2026-000412", "status", {"key": "RMA-2026-000412"}),
        ("journal 000202646749", "journal", {"key": "000202646749"}),
        ("facture n°0034871205", "invoices", {"invoice": "0034871205"}),
        ("S/N : PF1XYZ01 s.v.p.", "invoices", {"serial": "PF1XYZ01"}),
        ("réf. 3560096", "invoices", {"article": "3560096"}),
        ("Rechnungsnummer 0034871205, danke", "invoices", {"invoice": "0034871205"}),
        ("toutes mes factures", "invoices", {}),
        ("procédure de retour Lenovo", "procedures", {"manufacturer": "Lenovo"}),
        ("statut de ma réclamation 000202646749 ?", "status", {"key": "000202646749"}),
        ("what is the status of my claim 000202646749?", "status", {"key": "000202646749"}),
        ("status van mijn klacht 000202646749", "status", {"key": "000202646749"}),
        ("Wie ist der Stand meiner Reklamation 000202646749?", "status", {"key": "000202646749"}),
        ("où en est 000202646749 ?", "status", {"key": "000202646749"}),
        ('liste agent "Bob Reed"', "requests", {"assignee": "Bob Reed"}),
        ("mes reclamtions", "requests", {}),
        ("mes réclmaations", "requests", {}),
    ],
)
def test_a_question_is_read(line, name, values):
    query = asked(line)
    assert query is not None
    assert (query.name, query.values) == (name, values)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "facture 0034871205 fausse",
        "la facture est fausse",
        "procédure",
        "suivi du colis de mon client",
        "merci pour la liste",
        "Demande",
        "Réclamation",
        "demande de suivi",
        "Dossier 000202646749",
        "commande 7033154381 non livrée",
        "x" * 400,
        "facture " * 40,
    ],
)
def test_words_beside_a_question_make_it_none(line):
    query = asked(line)
    assert query is None or not query.values


@pytest.mark.proves("A-40")
def test_open_ones_are_followed_up_unless_a_question_says_otherwise():
    """A-40: the defaults of the follow-up are open, all dates; a number finds closed ones as well (A-43)."""
    query = asked("suivi")
    assert (query.open, query.first, query.last) == (True, None, None)
    assert asked("suivi clos").open is False
    assert asked("suivi tous").open is None
    assert asked("suivi 000202").open is None
    assert asked("suivi réservé").states == ("reserved",)
    assert asked("mes réclamations").open is None


def test_a_question_has_a_period_wherever_it_stands():
    for line in (
        "liste ouvertes du 01/11/2026 au 23/11/2026 type 63",
        "liste type 63 ouvertes du 1/11 au 23/11",
    ):
        query = asked(line)
        assert (query.first, query.last) == (date(2026, 11, 1), date(2026, 11, 23))
        assert (query.open, query.values) == (True, {"code": "63"})
    assert terms_of(query, style_of(shipped("claims"), DESK, "fr")) == [
        "en cours",
        "du 01/11/2026 au 23/11/2026",
        "Type 63",
    ]


def test_a_procedure_named_like_a_month_is_a_name():
    """A table without days is asked for none."""
    assert asked("procédure MARS").values == {"manufacturer": "MARS"}


def test_running_words_say_which_and_when():
    text = "Bonjour, pouvez-vous m’envoyer la liste de mes demandes closes depuis le 1er octobre ?"
    query = read_free_words("requests", text, shipped("rma"), "fr", TODAY)
    assert (query.open, query.first) == (False, date(2026, 10, 1))


@pytest.mark.parametrize("workflow", ["rma", "claims", "dossier", "complaints", "repair_bonus"])
@pytest.mark.parametrize(
    "line", ["mes demandes", "my requests", "mijn aanvragen", "meine Anfragen", "liste", "lijst"]
)
def test_every_process_lists_requests_in_four_languages(workflow, line):
    rule = shipped(workflow).queries["requests"]
    known = {word for words in rule.words.values() for word in words}
    if line.lower() in known:
        assert asked(line, workflow).name == "requests"
    assert set(rule.words) == {"fr", "en", "nl", "de"}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("my open claims", True),
        ("meine offenen Reklamationen", True),
        ("abgeschlossene Reklamationen", False),
        ("mijn afgehandelde klachten", False),
        ("toutes mes réclamations closes", False),
        ("suivi archivées", False),
        ("suivi réclamations en attente", True),
    ],
)
def test_open_and_closed_stand_before_or_behind_what_is_asked_for(line, wanted):
    assert asked(line).open is wanted


def test_a_state_that_says_more_than_open_is_meant():
    """ "en cours" is any open one, "en cours de traitement" a state of this process."""
    assert asked("suivi en cours").states == ()
    assert asked("suivi en cours de traitement").states == ("in_progress",)


def test_several_numbers_are_one_question():
    query = asked("factures 0034871205, 0034860001 et 0034850000")
    assert (query.values, query.also) == ({"invoice": "0034871205"}, ("0034860001", "0034850000"))
    assert [one.values["invoice"] for one in query.each()] == [
        "0034871205",
        "0034860001",
        "0034850000",
    ]
    assert asked("suivi " + " ".join(str(n) for n in range(100, 152))) is None


def test_a_part_of_a_number_is_no_period():
    """The year in "D-2026-118" is none, a year of its own is."""
    query = asked("dossier D-2026-118", "dossier")
    assert (query.values, query.first) == ({"dossier": "D-2026-118"}, None)
    assert asked("dossiers D-2026-118 en 2025", "dossier").first == date(2025, 1, 1)


@pytest.mark.parametrize("text", ["", "Hi, thanks, Tom", "Bonjour,\n\nMerci\nClaire Martin", "MfG"])
def test_greeting_thanks_and_a_name_are_polite(text):
    assert is_polite(text)


@pytest.mark.parametrize("text", ["mes demandes", "Hi, thanks, SN12345", "il fume", "x y"])
def test_what_says_more_is_not_only_polite(text):
    assert not is_polite(text)


@pytest.mark.parametrize("language", ["fr", "en", "nl", "de"])
@pytest.mark.parametrize("workflow", ["rma", "claims", "dossier", "complaints", "repair_bonus"])
def test_what_a_list_proposes_to_ask_is_understood(workflow, language):
    """The examples under every list are questions of every process."""
    text = (Path("templates/common") / f"N_list.{language}.md").read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.startswith("answer:"))
    examples = re.findall(r"[«„“] ?([^«„“»”]+?) ?[»“”]", line.partition(":")[2])
    assert len(examples) > 2
    for example in examples:
        assert asked(example, workflow, "en-GB" if language == "en" else language), example
