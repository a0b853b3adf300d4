"""Read address lists (RFC 5322 section 3.4) strictly and in linear time.

The standard library reads `alice@desk.example]<mallory@evil.example>` as alice. Whoever decides
about authority by an address needs a reader that would rather say nothing.
"""

from __future__ import annotations

import re

from parsers.mail import Address
from parsers.mime.encoded_word import decode_words

MAILBOXES_LIMIT = 1_000
ADDRESS_LIMIT = 254
ELEMENT_LIMIT = 2_000
COMMENTS_LIMIT, QUOTES_LIMIT = 20, 40
"""No person's name needs more; an element with more names nobody."""

# An open quote runs to the end: trying it again at every quote would be quadratic.
TOKEN = re.compile(r'"(?:[^"\\]|\\.?)*(?:"|\Z)|\\.?|[,;:<>()]|[^",;:<>()\\]+|"', re.DOTALL)
# Characters nobody sees, and the one that stands for what could not be read.
UNSEEN = "\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd"
LOCAL = re.compile(
    rf"[^\s\x00-\x20\x7f-\x9f{UNSEEN}<>()\[\],;:\\\"@]{{1,64}}\Z"
    rf"|\"(?:[^\"\\\x00-\x1f\x7f-\x9f{UNSEEN}]|\\[ -~]){{1,62}}\"\Z"
)
LABEL = r"(?!-)[\w\-\u0300-\u036f]{1,63}(?<!-)"
DOMAIN = re.compile(rf"{LABEL}(?:\.{LABEL})*\Z")
DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
SPACE = re.compile(r"\s+")
QUOTED = re.compile(r'"((?:[^"\\]|\\.?)*)(?:"|\Z)', re.DOTALL)
MAILTO = re.compile(r"^(?:mailto|smtp):", re.IGNORECASE)


def read_address(text: str) -> str:
    """Give `local@domain`, domain in lower case, or "" when it is not exactly one address."""
    local, at, domain = text.strip().rpartition("@")
    domain = domain.lower()
    if not at or len(text) > ADDRESS_LIMIT or local.startswith(".") or ".." in local:
        return ""
    if "=?" in local or not LOCAL.match(local) or not DOMAIN.match(domain):
        return ""
    return f"{local}@{domain}"


def read_addresses(value: str) -> tuple[tuple[Address, ...], int]:
    """Read a list: the mailboxes found, and how many elements could not be read.

    `value` is an unfolded field, encoded words still encoded (they are decoded in display names
    only, never in an address). Groups are opened.
    """
    found: list[Address] = []
    broken = 0
    pending = ""
    for element in _split(value):
        if len(pending) > ELEMENT_LIMIT:
            broken += 1
            pending = ""
        mailbox = _mailbox(f"{pending}, {element}" if pending else element)
        if mailbox:
            found.append(mailbox)
            pending = ""
        elif "@" not in element and "<" not in element and element.strip():
            pending = f"{pending}, {element}" if pending else element
        elif element.strip():
            broken += 1
            pending = ""
    return tuple(found), broken + bool(pending)


def _split(value: str) -> list[str]:
    """Cut at commas and semicolons outside quotes, comments and angles; drop group names."""
    elements: list[str] = []
    current: list[str] = []
    depth, angle, named = 0, False, False
    for piece in TOKEN.findall(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth:
            pass
        elif piece in "<>":
            angle = piece == "<"
        elif piece in ",;" and not angle:
            elements.append("".join(current))
            current, named = [], False
            if len(elements) >= MAILBOXES_LIMIT:
                return elements
            continue
        elif piece == ":" and not angle and not named:
            current = []
            continue
        named = named or "@" in piece
        current.append(piece)
    elements.append("".join(current))
    return elements


def _mailbox(element: str) -> Address | None:
    if len(element) > ELEMENT_LIMIT or element.count('"') > QUOTES_LIMIT:
        return None
    if element.count("(") > COMMENTS_LIMIT:
        return None
    text, comment = _drop_comments(element)
    phrase, angle, rest = text.partition("<")
    if not angle:
        address = read_address(MAILTO.sub("", text.strip().strip("'")))
        return Address(address=address, name=comment) if address else None
    inside, closed, after = rest.partition(">")
    inside = _bare(inside.strip("< \t"))
    address = read_address(MAILTO.sub("", inside))
    if not address or not closed or after.strip(" \t,;.>'\""):
        return None
    if _names_another(phrase, address):
        return None
    return Address(address=address, name=_display(phrase) or comment)


def _bare(inside: str) -> str:
    """Drop blanks around @ and the dots of the domain (RFC 5322 section 4.4), and odd quotes."""
    if len(inside) > 2 and inside[0] == inside[-1] == "'":
        inside = inside[1:-1]
    local, at, domain = inside.rpartition("@")
    domain = ".".join(label.strip() for label in domain.split("."))
    return f"{local.rstrip()}{at}{domain}"


def _names_another(phrase: str, address: str) -> bool:
    """Tell whether the unquoted part of the display name holds a different address."""
    bare = QUOTED.sub("", phrase).strip().strip("'").strip()
    return "@" in bare and bare.lower() != address.lower()


def _display(phrase: str) -> str:
    text = QUOTED.sub(lambda m: re.sub(r"\\(.)", r"\1", m[1]), phrase.strip())
    name = SPACE.sub(" ", DIRECTION.sub("", decode_words(text))).strip()
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return name[:200]


def _drop_comments(element: str) -> tuple[str, str]:
    """Take comments out; give the text and the last comment's words."""
    if "(" not in element:
        return element, ""
    kept: list[str] = []
    comment: list[str] = []
    depth = 0
    for piece in TOKEN.findall(element):
        if piece == "(":
            depth += 1
            if depth == 1:
                comment.clear()
        elif piece == ")" and depth:
            depth -= 1
        else:
            (comment if depth else kept).append(piece)
    return "".join(kept), _display("".join(comment))
