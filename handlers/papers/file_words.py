"""Which papers and photos the words of a mail name, and the names of its files (F-49)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from handlers.word_lists import read_words
from parsers.fields.said import phrases_said

_SENTENCE_END = re.compile(r"[.;!?\n]")
_LETTERS_THEN_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


def _read(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the phrases of a word file by kind, those of every language together."""
    return {
        kind: tuple(phrase for phrases in languages.values() for phrase in phrases)
        for kind, languages in read_words(name).items()
    }


PAPERS = _read("papers")
PHOTOS = {kind: phrases for kind, phrases in _read("photos").items() if kind != "picture"}
PICTURES = _read("photos")["picture"]


_SIGNED: tuple[str, ...] = tuple(
    phrase for phrases in read_words("signed").values() for phrase in phrases
)


@lru_cache(maxsize=4)
def says_signed(said: str) -> bool:
    """Tell whether the words of a mail say that a paper is signed, without saying which."""
    return bool(said) and bool(phrases_said(said, _SIGNED))


@lru_cache(maxsize=4)
def papers_named(said: str) -> tuple[str, ...]:
    """Return the papers that the words of a mail name; asked once for each of its files."""
    return _named(PAPERS, said)


@lru_cache(maxsize=4)
def photo_named(said: str) -> str:
    """Return the only kind of photo that sentences about pictures name, "" for none or several."""
    sentences = _SENTENCE_END.split(said) if phrases_said(said, PICTURES) else ()
    about = "\n".join(one for one in sentences if phrases_said(one, PICTURES))
    return single(_named(PHOTOS, about))


def paper_called(filename: str) -> str:
    """Return the paper that the name of a file says, "" for none or several."""
    return single(_named(PAPERS, _words_of_name(filename)))


def photo_called(filename: str) -> str:
    """Return the kind of photo that the name of a file says, "" for none or several."""
    return single(_named(PHOTOS, _words_of_name(filename)))


def single(kinds: tuple[str, ...]) -> str:
    """Return the one kind named, "" for none or several."""
    return kinds[0] if len(kinds) == 1 else ""


def _words_of_name(filename: str) -> str:
    return _LETTERS_THEN_DIGITS.sub(" ", filename.replace("_", " ").replace("-", " "))


def _named(phrases: Mapping[str, tuple[str, ...]], text: str) -> tuple[str, ...]:
    return tuple(kind for kind, words in phrases.items() if text and phrases_said(text, words))
