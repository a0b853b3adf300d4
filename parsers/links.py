"""Find file-sharing links in a text. They are shown to a person, never fetched (F-32)."""

from __future__ import annotations

import re

from parsers.word_lists import phrases_in, read_words

HOSTS = phrases_in(read_words("sharing"), "hosts")
LINK = re.compile(r"https?://([a-z0-9.\-]{3,200})[^\s<>\"'\]]{0,1800}", re.IGNORECASE)
LINKS_LIMIT = 50


def find_links(text: str) -> tuple[str, ...]:
    """List links to known file-sharing hosts, in order, once each."""
    if "://" not in text:
        return ()
    found = [
        match[0].rstrip(".,;:!?)")
        for match in LINK.finditer(text)
        if _is_sharing(match[1].lower().rstrip("."))
    ]
    return tuple(dict.fromkeys(found))[:LINKS_LIMIT]


def _is_sharing(host: str) -> bool:
    return any(host == known or host.endswith("." + known) for known in HOSTS)
