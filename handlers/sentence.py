"""Sentences the handlers hand to agents, per language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

import yaml

WORDS: dict[str, dict[str, str]] = yaml.safe_load(
    (resources.files("handlers.words") / "sentences.yaml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence of `sentences.yaml` by its code, and what to put into it."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Return the sentence in a language, French when it is not written in it."""
        labels = WORDS[self.code]
        return (labels.get(language) or labels["fr"]).format(**self.values)
