"""What our notices tell people to write is understood when they write it, in each language."""

from datetime import date

import pytest

from handlers.queries.query_words import read_free_words, read_question
from handlers.workflow_file import shipped
from parsers.intents.intent import intent_of
from parsers.mail import IntentKind

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "language, words, kind",
    [
        ("nl", "status", IntentKind.STATUS),
        ("de", "Status", IntentKind.STATUS),
        ("nl", "formulier", IntentKind.FORM),
        ("de", "Formular", IntentKind.FORM),
        ("nl", "opnieuw sturen", IntentKind.RESEND),
        ("de", "erneut senden", IntentKind.RESEND),
        ("nl", "mijn aanvragen", IntentKind.LIST),
        ("de", "meine Anfragen", IntentKind.LIST),
    ],
)
def test_the_words_that_notices_suggest_are_understood(language, words, kind):
    assert intent_of(words, language).kind is kind


@pytest.mark.parametrize(
    "language, words, is_open",
    [
        ("nl", "mijn lopende aanvragen", True),
        ("nl", "mijn afgesloten aanvragen", False),
        ("de", "meine offenen Anfragen", True),
        ("de", "meine abgeschlossenen Anfragen", False),
    ],
)
def test_the_lists_that_notices_suggest_are_those_asked_for(language, words, is_open):
    assert intent_of(words, language).kind is IntentKind.LIST
    assert read_free_words("requests", words, shipped("rma"), language, TODAY).open is is_open


@pytest.mark.parametrize(
    "language, line",
    [
        ("nl", "lijst van 01/11/2026 tot 15/11/2026"),
        ("de", "Liste vom 01.11.2026 bis 15.11.2026"),
    ],
)
def test_a_list_of_days_is_read(language, line):
    query = read_question(line, shipped("rma"), language, TODAY)
    assert query is not None
    assert (query.first, query.last) == (date(2026, 11, 1), date(2026, 11, 15))
