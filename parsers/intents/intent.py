"""Tell what the writer of a new text wants (X-15 to X-19): commitments only when unambiguous."""

from __future__ import annotations

import re
from dataclasses import replace

from parsers.intents.binding import settle
from parsers.intents.canonical import Canonical, canonical
from parsers.intents.hits import POLITE, Hit, Reading, read
from parsers.intents.lexicon import Lexicon, lexicon_of
from parsers.mail import Intent, IntentKind

LANGUAGES = ("fr", "en", "nl", "de")

# A longer text is read this far, and never commits to anything: the end may take it back.
LONGEST = 16_000

_REQUESTS = ("list", "form", "sheet", "connection", "resend", "status")
_BINDING = frozenset({IntentKind.ACCEPTANCE, IntentKind.REFUSAL, IntentKind.CANCELLATION})
_LIMITING = ("condition", "unless", "limit")
_SILENT = frozenset({IntentKind.EMPTY, IntentKind.UNKNOWN, IntentKind.THANKS})
_VAGUE = frozenset({IntentKind.UNKNOWN, IntentKind.QUESTION})
_UNDERSTOOD = 2
# "pouvez-vous annuler ?" asks for it, "est-il possible d'annuler ?" asks about it.
_POLITE_REQUEST = (
    "pouvez",
    "pourri",
    "pourra",
    "peux",
    "can ",
    "could",
    "would",
    "kunt",
    "kan ",
    "kun ",
    "zou",
    "wil ",
    "wilt",
    "willen jullie",
    "bitte",
    "konn",
    "kannst",
    "wurd",
)
# More words than this beside an "ok", and the "ok" is no longer the matter of the mail.
_ASIDE = 1
# Up to here a text may be too short for its language to be sure: then the others are tried.
_SHORT = 60
# A "no" with so many characters behind it, or more than so many words, answers something else.
_BESIDE_NO = 200
_FEW = 3
# Longer texts than this always say something.
_MUTE = 200
# So many words show what language a text is in.
_SAMPLE = 200
# Up to here misspelt words are put right; in a longer text they cost an agent a look.
_SPELT = 120
# Read with the module, so that a worker that may open no file need not.
_LEXICONS = {language: lexicon_of(language) for language in LANGUAGES}

# "Re:", "RE :", "Antw:", "Fwd:", whatever the language.
_ANSWERED = re.compile(r"\s*\w{1,5} ?:")

_Decision = tuple[IntentKind, tuple[Hit, ...]]


def intent_of(text: str, language: str) -> Intent:
    """Return what the new text of a mail asks for, in the order of A7 and X-15 to X-19.

    `text` is what the writer wrote now, without history and signature. `language` is a two-letter
    code, "" for unknown: then every language is tried and the one that knows most words wins.
    A commitment is reported only when unambiguous; doubt gives CONDITIONAL, QUESTION or AMBIGUOUS.
    Linear in the length of the text.
    """
    reading = canonical(text[:LONGEST])
    if not reading.text.strip(" .,?"):
        return Intent(kind=IntentKind.EMPTY, only=True)
    intent = _best(reading, language)
    if len(text) > LONGEST:
        kind = IntentKind.CONDITIONAL if intent.kind in _BINDING else intent.kind
        return replace(intent, kind=kind, only=False)
    return intent


def intent_of_mail(subject: str, text: str, language: str) -> Intent:
    """Return the intent of the new text; when that only thanks or says nothing, what the subject asks for.

    A subject only ever asks ("mes demandes", "formulaire", X-43), it never commits to anything.
    The subject of an answer or a forward is an older mail's.
    """
    intent = intent_of(text, language)
    if intent.kind not in _SILENT or not subject.strip() or _ANSWERED.match(subject):
        return intent
    if intent.kind is IntentKind.THANKS and not intent.only:
        return intent
    told = len(text) > _MUTE or not _is_mute(text, language)
    if intent.kind is IntentKind.UNKNOWN and told:
        return intent
    asked = intent_of(subject, language)
    return asked if asked.only and asked.kind.value in _REQUESTS else intent


def _is_mute(text: str, language: str) -> bool:
    """Say whether a text has nothing but greetings, numbers and words that say nothing."""
    tried = (language,) if language in LANGUAGES else LANGUAGES
    shown = canonical(text[:LONGEST])
    return any(not read(shown, _LEXICONS[name]).content for name in tried)


def _best(text: Canonical, language: str) -> Intent:
    """Read in the language of the mail; a short text that it does not understand, in the others."""
    read_in: dict[str, Intent] = {}
    if language in LANGUAGES:
        intent = read_in[language] = _interpret(text, _LEXICONS[language])
        if intent.only or _clarity(intent) == _UNDERSTOOD or len(text.words) > _SHORT:
            return intent
    known = {name: _known(text, name) for name in LANGUAGES}
    least = known[language] + 1 if language in known else max(known.values()) * 2 / 3
    for name in LANGUAGES:
        if known[name] >= least and name not in read_in:
            read_in[name] = _interpret(text, _LEXICONS[name])
    bonus = {language: len(text.words) // 3 + 1}
    best = max(read_in, key=lambda n: (_clarity(read_in[n]), known[n] + bonus.get(n, 0)))
    return read_in[best]


def _clarity(intent: Intent) -> int:
    """Rank a reading: nothing, a bare question, understood."""
    return 0 if intent.kind is IntentKind.UNKNOWN else 1 if intent.kind in _VAGUE else _UNDERSTOOD


def _known(text: Canonical, name: str) -> int:
    """Count the words of a text that a language knows."""
    return sum(map(_LEXICONS[name].vocabulary.__getitem__, text.words[:_SAMPLE]))


def _interpret(text: Canonical, lexicon: Lexicon) -> Intent:
    """Read a text in one language."""
    if len(text.words) <= _SPELT:
        text = text.spelt(lexicon.spelling)
    reading = settle(read(text, lexicon), text, lexicon)
    kind, shown = _decide(reading, text)
    words = text.original(shown[0].start, shown[-1].end) if shown else ""
    return Intent(
        kind=kind, words=words, only=not reading.content and kind is not IntentKind.UNKNOWN
    )


def _decide(reading: Reading, text: Canonical) -> _Decision:
    """Weigh the hits: refusal, condition, acceptance, cancellation, requests, question, thanks."""
    return (
        _commitment(reading)
        or _cancellation(reading, text)
        or _request(reading)
        or _answer(reading, text)
        or _rest(reading, text)
    )


def _group(reading: Reading, *groups: str) -> tuple[Hit, ...]:
    """Return the hits of these groups that are said, not asked."""
    return tuple(hit for hit in reading.hits if hit.group in groups and not hit.asked)


def _commitment(reading: Reading) -> _Decision | None:
    """Find a refusal or an acceptance; both at once, or one with a condition, bind nobody."""
    refused, accepted = _group(reading, "refusal"), _group(reading, "acceptance")
    if refused:
        unless = _taken_back(reading, refused[0]) or _conditions(reading, refused[0], "doubt")
        if accepted:
            return IntentKind.CONDITIONAL, (min(refused[0], accepted[0], key=_start),)
        kind = IntentKind.CONDITIONAL if unless else IntentKind.REFUSAL
        return kind, tuple(sorted((refused[0], *unless[:1]), key=_start))
    if not accepted and (talk := _talk(reading)):
        return IntentKind.CONDITIONAL, talk
    yes = accepted or tuple(h for h in reading.hits if h.group in ("acceptance", "weak", "loose"))
    if not yes:
        return None
    limits = _limits(reading, yes[0])
    if limits and (accepted or not _request(reading)):
        return IntentKind.CONDITIONAL, tuple(sorted((yes[0], limits[0]), key=_start))
    if accepted and _group(reading, "cancellation"):
        return IntentKind.CONDITIONAL, accepted[:1]
    return (IntentKind.ACCEPTANCE, accepted[:1]) if accepted else None


def _taken_back(reading: Reading, refused: Hit) -> tuple[Hit, ...]:
    """Return what takes back a refusal: an "unless" in its sentence, a condition or "but" after."""
    near = _conditions(reading, refused, "unless", "condition", "but")
    return tuple(h for h in near if h.group == "unless" or h.start > refused.start)


def _talk(reading: Reading) -> tuple[Hit, ...]:
    """Return talk of a commitment with a condition beside it: "we would accept if"."""
    for talk in _group(reading, "doubt"):
        limits = _conditions(reading, talk, "but", *_LIMITING)
        if limits:
            return tuple(sorted((talk, limits[0]), key=_start))
    return ()


def _start(hit: Hit) -> int:
    """Order hits by place."""
    return hit.start


def _conditions(reading: Reading, near: Hit, *groups: str) -> tuple[Hit, ...]:
    """Return the hits of these groups in the sentence of another hit."""
    return tuple(h for h in reading.hits if h.group in groups and h.sentence == near.sentence)


def _limits(reading: Reading, yes: Hit) -> tuple[Hit, ...]:
    """Return what takes back an acceptance: a condition beside or after it, a "but" after it.

    "C'est cher mais nous acceptons" accepts: a "but" before the acceptance limits nothing.
    """
    return tuple(
        hit
        for hit in reading.hits
        if hit.sentence >= yes.sentence
        and (hit.group in _LIMITING or (hit.group == "but" and hit.start > yes.start))
        and not (yes.asked and hit.start < yes.start)
        and not (yes.group == "weak" and hit.sentence > yes.sentence + 1)
    )


def _cancellation(reading: Reading, text: Canonical) -> _Decision | None:
    """Find a wish to cancel; with an "if" beside it nothing is cancelled."""
    for hit in reading.hits:
        if hit.group != "cancellation":
            continue
        if hit.asked and not text.text.startswith(_POLITE_REQUEST, hit.start):
            continue
        limits = _conditions(reading, hit, "condition", "unless")
        return (IntentKind.CONDITIONAL if limits else IntentKind.CANCELLATION), (hit,)
    return None


def _request(reading: Reading) -> _Decision | None:
    """Find what is asked of the desk itself; a reminder yields to the thing it asks for."""
    for groups in (_REQUESTS, ("reminder",)):
        for hit in reading.hits:
            if hit.group in groups:
                return IntentKind(hit.group), (hit,)
    return None


def _answer(reading: Reading, text: Canonical) -> _Decision | None:
    """Read the short answers: a bare no, a question, an "ok" that binds nobody (X-16), thanks."""
    said = {hit.group: hit for hit in reversed(reading.hits)}
    several = "weak" in said or any(map(str.isdigit, text.text))
    if "no" in said and several and not reading.asks:  # answers to several questions of ours
        return None
    if "no" in said and not reading.content and _is_bare(said["no"], reading, text):
        return IntentKind.REFUSAL, (said["no"],)
    asked = any(hit.asked and hit.group in _BINDING for hit in reading.hits)
    mute = not reading.content and "interrogative" not in said and not asked
    if reading.asks and not (mute and said.keys() & {"weak", "thanks"}):
        return IntentKind.QUESTION, tuple(h for h in (said.get("interrogative"),) if h)
    if "loose" in said:
        return IntentKind.AMBIGUOUS, (said["loose"],)
    if "trouble" in said:
        return None
    if "weak" in said and len(reading.content) <= _ASIDE:
        return IntentKind.AMBIGUOUS, (said["weak"],)
    if "thanks" in said and "but" not in said and not reading.content:
        return IntentKind.THANKS, (said["thanks"],)
    return None


def _is_bare(no: Hit, reading: Reading, text: Canonical) -> bool:
    """Say whether a "no" has nothing beside it that it may be an answer to: "no, it is that one"."""
    end = text.text.find(" .", no.end, no.end + _BESIDE_NO)
    beside = text.text[no.end : end].replace(",", " ").split()
    polite = any(h.group in ("thanks", *POLITE) for h in reading.hits if h.start >= no.end)
    return end >= 0 and (polite or len(beside) <= _FEW)


def _rest(reading: Reading, text: Canonical) -> _Decision:
    """Tell a text that only greets from one that is not understood."""
    polite = bool(reading.hits) and all(hit.group in POLITE for hit in reading.hits)
    mute = polite and not reading.content and not any(c.isdigit() for c in text.text)
    return (IntentKind.EMPTY if mute else IntentKind.UNKNOWN), ()
