"""Sentences the handlers hand to agents, per language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

from handlers.word_lists import read_words


def _read() -> dict[str, dict[str, str]]:
    """Return every sentence by its code: `sentences.yaml`, and a file for each further language."""
    folder = resources.files("handlers.words")
    sentences: dict[str, dict[str, str]] = read_words("sentences")
    further = re.compile(r"sentences\.(\w\w)\.yaml")
    for code in (found[1] for file in folder.iterdir() if (found := further.fullmatch(file.name))):
        for key, said in read_words(f"sentences.{code}").items():
            sentences[key][code] = said
    return sentences


WORDS = _read()


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence of `sentences.yaml` by its code, and what to put into it."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Return the sentence in a language, French when it is not written in it."""
        labels = WORDS[self.code]
        return (labels.get(language) or labels["fr"]).format(**self.values)
