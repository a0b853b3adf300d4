"""Tell what a phrase amounts to by the words around it."""

from __future__ import annotations

import re

from parsers.lexicon import Lexicon

# So many words before an acceptance may hold the "not" that turns it round.
_REACH_OF_NOT = 6
# Phrases found anywhere that mean the same as the words of another group.
_SAME_AS = {"gratitude": "thanks", "lukewarm": "weak"}
# What is accepted or refused is named within so many words and characters.
BINDING = frozenset({"acceptance", "refusal"})
_OBJECT_WORDS = 3
_OBJECT_LENGTH = 60


def group_of(match: re.Match[str], start: int, lexicon: Lexicon) -> str:
    """Name the group of a phrase. An acceptance with a "not" in it or before it is none (X-17)."""
    group = match.lastgroup or ""
    group = _SAME_AS.get(group, group)
    if group in BINDING and _leads_elsewhere(match, lexicon):
        return "doubt" if group == "acceptance" else "limit"
    if group != "acceptance":
        return group
    clause = match.string.rfind(" ,", start, match.start()) + 1 or start
    before = match.string[clause : match.start()].split()[-_REACH_OF_NOT:]
    joined = [number for number, word in enumerate(before, 1) if word in lexicon.joins]
    before = before[joined[-1] :] if joined else before
    inside = match.group().split()
    if not lexicon.negators.isdisjoint(inside):
        return "refusal" if lexicon.yet.isdisjoint(inside) else "denied"
    return group if lexicon.negators.isdisjoint(before) else "denied"


def _leads_elsewhere(match: re.Match[str], lexicon: Lexicon) -> bool:
    """Say whether a commitment goes on to what is none of our matters: "we refuse the parcel"."""
    text, end = match.string, match.end()
    clause = text[end : end + _OBJECT_LENGTH].split(" ,")[0].split(" .")[0].split(" ?")[0].split()
    after = clause[:_OBJECT_WORDS]
    if len(after) < 2 or after[0] not in lexicon.leads or after[1][0].isdigit():
        return False
    return lexicon.matters.isdisjoint(after) and lexicon.matters.isdisjoint(match.group().split())
