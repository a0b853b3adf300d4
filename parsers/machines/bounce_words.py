"""Load the words of mail systems: words/bounce.yaml and words/bounce_reason.yaml."""

from __future__ import annotations

from parsers.folding import says
from parsers.word_lists import mapping_in, phrases_in, read_words

_BOUNCE = read_words("bounce")
_WORDS = {name: phrases_in(_BOUNCE, name) for name in _BOUNCE}
_REASONS = read_words("bounce_reason")
CLEAR = mapping_in(_REASONS, "clear")
VAGUE = mapping_in(_REASONS, "vague")
SENDERS = _WORDS["senders"]
NAMES = _WORDS["sender_names"]
MANAGERS = _WORDS["list_managers"]
REFUSALS = _WORDS["list_refusals"]
SUBJECTS = _WORDS["subjects"]
FAILED = _WORDS["failed"]
DELAYED = _WORDS["delayed"]
GIVEN_UP = _WORDS["given_up"]
OUTLASTED = _WORDS["outlasted"]
TITLES = _WORDS["returned_titles"]
LINES = _WORDS["returned_lines"]
LABELS = frozenset(_WORDS["labels"])
OTHER_LABELS = frozenset(_WORDS["other_labels"])
BEFORE_SENDERS = _WORDS["senders_before"]
ORIGINS = _WORDS["origins"]
HELPERS = frozenset(_WORDS["helpers"])


def is_daemon(sender: str) -> bool:
    """Tell whether a mail system's own name stands in From."""
    return says(sender.lower(), SENDERS)


def may_be_daemon(sender: str) -> bool:
    """Tell whether a name stands in From that mail systems use, and some people and firms too."""
    return says(sender.lower(), NAMES)
