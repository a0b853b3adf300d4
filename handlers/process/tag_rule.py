"""What a tag in a customer's mail means, as a workflow file says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from handlers.process.call import Labels, Part


class TagRule(Part):
    """A kind of message that customers tell apart by a tag: `#plainte` (R-1).

    `names` may stand after `#` in the first line or in the subject. Without one, a mail has the first tag
    of which it says one of the `words` (per language), else the one that `files` make, else the
    `usual` one. `alone` tags need no `#` when they are all that the first line says. `retype` ones may
    be given afterwards to the last message ("type plainte"). Only people of the customer read what
    has an `internal` audience (R-8); `external` ones go to the addresses behind the tag (R-3).
    A tag that `accepts` says a sentence by itself (per language), and binds nobody when the words beside
    it take that back (X-16). `arguments` maps our name of an argument to the names people may write behind the tag.
    """

    names: tuple[str, ...]
    label: Labels
    words: dict[str, tuple[str, ...]] = {}
    arguments: dict[str, tuple[str, ...]] = {}
    accepts: Labels = {}
    audience: Literal["public", "internal", "external"] = "public"
    files: bool = False
    usual: bool = False
    alone: bool = False
    retype: bool = False


def keep_inside(tags: Mapping[str, TagRule]) -> bool:
    """Tell whether people of a customer may keep a talk to themselves with one of these tags (R-8)."""
    return any(tag.audience == "internal" for tag in tags.values())
