"""Recognise the notice of an absent person, with or without a header that says so (X-26, X-27).

A subject written by a mail program proves it. Without one, subject and text must agree, the text
must be short and ask nothing: a person who mentions holidays wants something of us.
"""

from __future__ import annotations

import re

from parsers.folding import plain, says
from parsers.mail_words import any_of
from parsers.word_lists import mapping_in, read_words

OWN_TEXT = 1_500
"""Longest text of the writer's own that is still a notice."""

SUBJECT_LIMIT = 500
TEXT_LIMIT = 8_000
TAGS = re.compile(r"^(?:\s*(?:re|aw|antw|sv|réf|tr|fwd?)\s*:|\s*\[[^\]\n]{1,60}\])+\s*")
ANSWER = re.compile(r"^(?:\s*\[[^\]\n]{1,60}\])*\s*(?:re|aw|antw|sv|réf|tr|fwd?)\s*:")
HISTORY = re.compile(
    r"^(?:[ \t]{0,3}>|[ \t]*[-_]{5,}|[ \t]*-{2,}[^-\n]{3,60}-{2,}[ \t]*$"
    r"|[ *]{0,3}(?:from|de|von|van|expéditeur)\s{0,2}:[^\n]*"
    r"|(?:le|on|am|op)\s[^\n]{5,200}(?:écrit|wrote|schrieb|schreef|geschreven)\s{0,2}:)",
    re.MULTILINE | re.IGNORECASE,
)


_LISTS = read_words("absence")
WORDS = {language: mapping_in(_LISTS, language) for language in _LISTS}
"""language -> key -> phrases, see words/absence.yaml."""


def words(key: str) -> list[str]:
    """List the phrases of a key over all languages, longest first."""
    every = dict.fromkeys(plain(word) for lists in WORDS.values() for word in lists.get(key, ()))
    return sorted(every, key=len, reverse=True)


def _starting(key: str, then: str) -> re.Pattern[str]:
    return re.compile(rf"{any_of(words(key))}{then}")


FOLLOWED = rf"\s?(?:$|[:;,.!|/(\[–—-]|{any_of(words('followers'))}(?!\w))"
SUBJECTS = _starting("subjects", FOLLOWED)
LABELS = _starting("labels", r"\s?:\s*\S")
HINTS = re.compile(rf"(?<!\w){any_of(words('hints'))}(?!\w)")
AUTOMATIC = tuple(words("automatic"))
DECLARED = tuple(words("declared"))
RECEIVED = tuple(words("received"))
AWAY = tuple(words("away"))
ASKING = tuple(words("asking"))
SUBSTITUTE = tuple(words("substitute"))
PROMISE = tuple(words("promise"))
DATED = re.compile(
    rf"(?<!\w){any_of(words('back') + words('until') + words('last'))}\W[^.\n]{{0,20}}\d"
)


def is_absence_subject(subject: str) -> bool:
    """Tell whether a folded subject begins as mail programs begin absence notices (X-26)."""
    return bool(SUBJECTS.match(subject) or LABELS.match(subject))


def mentions_absence(text: str) -> bool:
    """Tell whether a folded subject or text speaks of an absence at all."""
    return bool(HINTS.search(text)) or says(text, AWAY) or bool(SUBJECTS.match(text))


def is_absence_notice(subject: str, text: str) -> bool:
    """Tell whether subject (folded) and text together are a notice that nobody wrote by hand."""
    own = own_words(text)
    if len(own) > 2 * OWN_TEXT or "?" in own or not own.strip():
        return False
    own = plain(own)
    if says(own, ASKING):
        return False
    bare = TAGS.sub("", subject[:SUBJECT_LIMIT])
    return len(own) <= OWN_TEXT and (
        _is_sent_by_rule(subject[:SUBJECT_LIMIT], own, text) or _agree(bare, own)
    )


def _is_sent_by_rule(subject: str, own: str, text: str) -> bool:
    """Tell whether a program's subject, behind tags and "Re:", heads a text of its kind.

    A person who answers a notice quotes it, a program does not. Behind "Re:" the text must be a
    notice itself: a person who thanks for the notice speaks of it too.
    """
    bare = TAGS.sub("", subject)
    if not SUBJECTS.match(bare) or HISTORY.search(text[:TEXT_LIMIT]):
        return False
    if ANSWER.match(subject):
        return says(own, DECLARED) or says(own, PROMISE) or says(own, AWAY)
    return says(own, AUTOMATIC) or says(own, PROMISE) or mentions_absence(own)


def _agree(subject: str, own: str) -> bool:
    """Tell whether the text says enough, together with a hint in the subject or by itself."""
    hinted = bool(HINTS.search(subject))
    declared = says(own, DECLARED)
    promises = says(own, PROMISE)
    if declared and says(own, RECEIVED):
        return True
    if not (hinted or declared or promises) or not says(own, AWAY):
        return False
    if sum(map(own.__contains__, PROMISE)) >= 2:  # "no access to my mail", "when I return"
        return True
    deputy = says(own, SUBSTITUTE)
    dated = deputy and bool(DATED.search(own))
    return declared or (promises and (deputy or hinted)) or (dated and hinted)


def own_words(text: str) -> str:
    """Give what stands above the history of a text."""
    found = HISTORY.search(text[:TEXT_LIMIT])
    return text[: found.start()] if found else text[:TEXT_LIMIT]
