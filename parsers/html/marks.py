"""Know by its attributes what an HTML element is: hidden, a quotation, a signature, history.

Each mail program marks what it adds in its own way. Names are compared without the "x_" that
Outlook on the web puts before foreign names and the "ydp123" that Yahoo puts before its own.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from parsers.html.tags import read_attributes


class Role(Enum):
    """What an element is to a reader of mail."""

    PLAIN = ""
    HIDDEN = "hidden"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    SIGNATURE = "signature"
    OLDER = "older"
    """Holds an older mail without quote marks, and its introduction."""
    LEAD = "lead"
    """Holds the introduction of a quotation, the quotation, and maybe answers."""
    START = "start"
    """From here on all is an older mail."""
    BULLET = "bullet"
    """Word's own bullet or number of a list item, filled up with spaces."""
    SENT = "sent"
    """Outlook's anchor: an older mail begins here if a rule follows."""


class Traits(NamedTuple):
    """The role of an element and how its text is set.

    `alt` is the emoji a picture stands for. `size` is 0 for text too small to see, -1 when the
    element does not say. `tight` paragraphs have no space between them, `pre` keeps line breaks.
    `start` is the number with which a list or an item counts, `span` the columns of a cell.
    """

    role: Role = Role.PLAIN
    size: int = -1
    tight: bool = False
    pre: bool = False
    href: str = ""
    alt: str = ""
    start: int = 1
    span: int = 1


HIDDEN_TAGS = frozenset(
    {"template", "noscript", "object", "svg", "math", "select", "audio", "video", "canvas",
     "script", "style", "title", "textarea", "iframe", "xmp", "noembed", "noframes"}
)  # fmt: skip
QUOTES = frozenset({"mac_outlook_attribution_blockquote", "replyblockquote"})
ATTRIBUTIONS = frozenset(
    {"gmail_attr", "moz-cite-prefix", "yahoo_quoted_attr", "reply-intro", "airmail_on"}
)
SIGNATURES = frozenset(
    {"gmail_signature", "gmail_signature_prefix", "moz-signature", "applemailsignature",
     "yahoo-signature", "ymail_android_signature", "ymail_ios_signature", "signature",
     "ms-outlook-mobile-signature", "ms-outlook-ios-signature", "composer_signature",
     "protonmail_signature_block", "io-ox-signature", "bloop_sign", "_rc_sig", "k9mail-signature",
     "messagesignaturesection", "__sig_pre__", "__sig_post__", "-x-evo-signature",
     "front-signature", "sh-signature", "defaultsig"}
)  # fmt: skip
OLDER = frozenset(
    {"yahoo_quoted", "moz-forward-container", "mail-editor-reference-message-container",
     "ms-outlook-mobile-reference-message", "olk_src_body_section", "__quoted_text__",
     "__headers__", "quote", "quoted-content", "forwardbody1", "isreplycontent"}
)  # fmt: skip
LEADS = frozenset(
    {"gmail_quote", "protonmail_quote", "messagereplysection", "missive_quote", "tutanota_quote"}
)
STARTS = frozenset({"divrplyfwdmsg", "zwchr", "stopspelling"})

FOREIGN = re.compile(r"^(?:x_)+|^ydp[0-9a-f]{4,}(?=[a-z])")
# The line Outlook and Windows Mail draw above the header block of the mail they answer.
BORDER_COLOR = re.compile(r"#?e1e1e1|#?b5c4df|rgb\(225, ?225, ?225\)|rgb\(181, ?196, ?223\)")
ZERO = re.compile(r"0*\.?0+(?:px|pt|em|rem|%|in|cm)?")
TINY = re.compile(r"(?:0*\.?0+|0?\.\d+|1(?:\.0+)?)(?:px|pt)?|0+(?:em|rem|%)")
PLAIN = Traits()
HIDDEN = Traits(role=Role.HIDDEN)
# Who indents with a blockquote says so by its style; without any it is what its name says.
QUOTED = Traits(role=Role.QUOTE)
CACHED_LENGTH = 400


def traits_of(tag: str, text: str) -> Traits:
    """Tell the traits of an element by its name (small letters) and its attributes as written."""
    if len(text) > CACHED_LENGTH:
        return _read(tag, text)
    return _read_again(tag, text)


def _read(tag: str, text: str) -> Traits:
    hidden = tag in HIDDEN_TAGS
    if not text or text.isspace():
        return HIDDEN if hidden else QUOTED if tag == "blockquote" else PLAIN
    attributes = read_attributes(text)
    style = read_style(attributes.get("style", ""))
    space = style.get("white-space", "")
    found = Traits(
        role=Role.HIDDEN if hidden else _role(tag, attributes, style),
        size=_size(style.get("font-size", "")),
        tight=_is_tight(attributes, style),
        pre=space in {"pre", "pre-wrap", "pre-line", "break-spaces"},
        href=attributes.get("href", "").strip() if tag == "a" else "",
        alt=_emoji(attributes.get("alt", "")) if tag == "img" else "",
        start=_number(attributes.get("start") or attributes.get("value") or "", 1),
        span=max(1, min(10, _number(attributes.get("colspan", ""), 1))),
    )
    return PLAIN if found == PLAIN else found


_read_again = lru_cache(maxsize=2048)(_read)


def read_style(text: str) -> dict[str, str]:
    """Read the declarations of a style attribute; names and values in small letters."""
    found: dict[str, str] = {}
    for declaration in text[:4_000].lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            found[name.strip()] = value.partition("!")[0].strip()
    return found


def names_of(attributes: dict[str, str]) -> frozenset[str]:
    """Give the names an element has: id, classes, name, data-marker; foreign prefixes off."""
    words = attributes.get("class", "").lower().split()
    for key in ("id", "name", "data-marker", "data-smartmail", "data-type"):
        value = attributes.get(key)
        if value:
            words.append(value.lower())
    return frozenset(FOREIGN.sub("", word) for word in words)


def _role(tag: str, attributes: dict[str, str], style: dict[str, str]) -> Role:
    if "hidden" in attributes or _is_hidden(style):
        return Role.HIDDEN
    if style.get("mso-list") == "ignore":
        return Role.BULLET
    names = names_of(attributes)
    if tag == "blockquote" and _is_quote(names, attributes, style):
        return Role.QUOTE
    if tag == "signature" or "data-signature" in attributes:
        return Role.SIGNATURE
    return _named_role(tag, names, attributes) if names else _bordered(style)


def _named_role(tag: str, names: frozenset[str], attributes: dict[str, str]) -> Role:
    if names & ATTRIBUTIONS:
        return Role.ATTRIBUTION
    if names & SIGNATURES:
        return Role.SIGNATURE
    if names & STARTS:
        return Role.PLAIN if "data-marker" in attributes else Role.START
    if names & LEADS:
        return Role.LEAD
    if names & OLDER and not (tag == "a" or ("quote" in names and "name" not in attributes)):
        return Role.OLDER
    if "appendonsend" in names:
        return Role.SENT
    return _bordered(read_style(attributes.get("style", "")))


def _bordered(style: dict[str, str]) -> Role:
    border = style.get("border-top") or style.get("border-color", "")
    if not BORDER_COLOR.search(border[:200]):
        return Role.PLAIN
    sides = " ".join(style.get(side, "") for side in ("border-top", "border-style"))
    others = " ".join((style.get("border", ""), style.get("border-left", ""), sides))
    return Role.START if "solid" in sides and "none" in others else Role.PLAIN


def _is_quote(names: frozenset[str], attributes: dict[str, str], style: dict[str, str]) -> bool:
    if attributes.get("type", "").lower() == "cite" or "cite" in attributes or names & QUOTES:
        return True
    if any("quote" in name or name.startswith("cite") for name in names):
        return True
    return any(_is_line(style.get(side, "")) for side in ("border-left", "border-inline-start"))


def _is_line(border: str) -> bool:
    return bool(border) and "none" not in border and not border.startswith("0")


def _is_hidden(style: dict[str, str]) -> bool:
    """Tell whether a style leaves nothing to see; preheaders use all of these."""
    if not style:
        return False
    if style.get("display") == "none" or style.get("visibility") in {"hidden", "collapse"}:
        return True
    if style.get("mso-hide") == "all" or ZERO.fullmatch(style.get("opacity", "")):
        return True
    clipped = style.get("overflow") in {"hidden", "clip"}
    sizes = [style.get(name, "") for name in ("max-height", "height", "max-width", "width")]
    return clipped and any(ZERO.fullmatch(size) for size in sizes)


def _size(value: str) -> int:
    if not value:
        return -1
    return 0 if TINY.fullmatch(value) else 1


def _is_tight(attributes: dict[str, str], style: dict[str, str]) -> bool:
    """Tell whether paragraphs follow each other without space: Word's, and those that say so."""
    if attributes.get("class", "").lower().removeprefix("x_").startswith("mso"):
        return True
    sides = (style.get("margin") or "?").split()
    above = style.get("margin-top", sides[0])
    below = style.get("margin-bottom", sides[2] if len(sides) > 2 else sides[0])
    return bool(ZERO.fullmatch(above) and ZERO.fullmatch(below))


def _number(text: str, default: int) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else default


def _emoji(alt: str) -> str:
    """Give the words for a picture if it is an emoji; logos and photos have none."""
    plain = len(alt) > 12 or any(letter.isalnum() or letter < "\u00a9" for letter in alt)
    return "" if plain else alt
