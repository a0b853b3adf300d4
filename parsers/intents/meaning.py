"""Tell what a phrase amounts to by the words around it."""

from __future__ import annotations

import re

from parsers.intents.lexicon import Lexicon

# So many words before an acceptance may hold the "not" that turns it round.
_REACH_OF_NOT = 6
_LONGEST_WORD = 25
# Phrases found anywhere that mean the same as the words of another group.
_SAME_AS = {"gratitude": "thanks", "lukewarm": "weak"}
BINDING = frozenset({"acceptance", "refusal"})


def group_of(match: re.Match[str], start: int, lexicon: Lexicon) -> str:
    """Name the group of a phrase. An acceptance with a "not" in it or before it is none (X-17)."""
    group = match.lastgroup or ""
    group = _SAME_AS.get(group, group)
    if group != "acceptance":
        return group
    start = max(start, match.start() - _REACH_OF_NOT * _LONGEST_WORD)
    clause = match.string.rfind(" ,", start, match.start()) + 1 or start
    before = match.string[clause : match.start()].split()[-_REACH_OF_NOT:]
    joined = [number for number, word in enumerate(before, 1) if word in lexicon.joins]
    before = before[joined[-1] :] if joined else before
    inside = match.group().split()
    if not lexicon.negators.isdisjoint(inside):
        return "refusal" if lexicon.yet.isdisjoint(inside) else "denied"
    return group if lexicon.negators.isdisjoint(before) else "denied"
