"""The `lines` section of a workflow: how customers speak of the lines of a group (A-30, A-34, A-64)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from handlers.process.call import Part
from handlers.ticket import FIRST_CHILD

PhrasesByLanguage: TypeAlias = "dict[str, tuple[str, ...]]"


class LinesRule(Part):
    """How a mail on a group speaks of its lines. `line` are the words in front of a number, `all` those
    for every line. `words` are phrases by the intent they mean, `add` those before new lines. An intent
    of `words` said without a number is meant for every open line when `whole`. `unknown` is the notice
    that tells which lines do not exist; at most `most` lines are opened by one mail.

    Lines of a contact join those it still has in the states `joined_in`: one cart (A-34). A reply that
    fills the fields `another` for a row that no line is about means another line; less corrects one.
    `files` are the types of files whose rows are lines (csv, xlsx): they are taken whatever types the desk
    takes else. `too_many` is the notice that tells how many of them were read."""

    line: PhrasesByLanguage
    all: PhrasesByLanguage = {}
    words: dict[str, PhrasesByLanguage] = {}
    add: PhrasesByLanguage = {}
    whole: bool = True
    unknown: str = ""
    joined_in: tuple[str, ...] = ()
    another: tuple[str, ...] = ()
    files: tuple[Literal["csv", "xlsx"], ...] = ()
    too_many: str = ""
    most: int = Field(default=FIRST_CHILD, ge=1, le=FIRST_CHILD)  # ids behind are the children's
