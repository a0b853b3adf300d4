"""Render HTML as text, keeping what segmentation needs to know.

A line of the rendering is plain, or stands in a quotation (prefixed "> "), or is marked as the
introduction of history (`MARKED`): Outlook's header block, Gmail's attribution.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

SIZE_LIMIT = 2_000_000
DEPTH_LIMIT = 2_000
ATTRIBUTES_LIMIT = 2_000

HIDDEN_TAGS = frozenset(
    {"head", "script", "style", "title", "template", "noscript", "object", "svg", "math", "meta",
     "link", "iframe", "select", "textarea", "audio", "video", "canvas", "-comment", "-doctype", "!doctype"}
)  # fmt: skip
BLOCKS = frozenset(
    {"p", "div", "section", "article", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
     "ul", "ol", "dl", "dt", "dd", "table", "form", "fieldset", "address", "pre", "center",
     "blockquote", "hr", "body", "html", "main", "nav", "aside", "figure"}
)  # fmt: skip
SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
CELLS = frozenset({"td", "th"})

HIDDEN_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:;|!|$)|(?:^|;)\s*opacity\s*:\s*0\s*(?:;|$))",
    re.IGNORECASE,
)
# Outlook draws a line above the header block of the mail it answers.
REPLY_BORDER = re.compile(
    r"border:\s*none;\s*border-top:\s*solid\s+#(?:E1E1E1|B5C4DF)\s+1\.0pt", re.IGNORECASE
)
HISTORY_IDS = frozenset(
    {"divRplyFwdMsg", "appendonsend", "x_divRplyFwdMsg", "OLK_SRC_BODY_SECTION"}
)
ATTRIBUTION_CLASSES = ("gmail_attr", "moz-cite-prefix", "yahoo_quoted_attr")
SPACE = re.compile(r"[ \t\r\n\f]+")
BLANKS = re.compile(r"\n{3,}")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>?")
ANY_TAG = re.compile(r"<[^<>]*>")
VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "p", "li", "td", "tr", "area", "col"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendering:
    """The text, and the numbers of its lines where history is introduced.

    `attributions` are lines that introduce a quotation, `signatures` lines that stand in an element
    by which a mail program marks its signature. `history` is the line from which all the rest is
    an older mail, -1 when there is none.
    """

    text: str
    attributions: frozenset[int] = frozenset()
    signatures: frozenset[int] = frozenset()
    history: int = -1


class _Page:
    """The lines written so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.current: list[str] = []
        self.depth = 0
        self.attribution = 0
        self.attributions: set[int] = set()
        self.history = -1

    def write(self, text: str) -> None:
        text = SPACE.sub(" ", text)
        if text.startswith(" ") and (not self.current or self.current[-1].endswith((" ", "\t"))):
            text = text[1:]
        if text:
            self.current.append(text)

    def end_line(self) -> None:
        if self.current:
            self.force_line()

    def force_line(self) -> None:
        text = "".join(self.current).rstrip(" ")
        self.current.clear()
        prefix = "> " * min(self.depth, 8)
        if self.attribution and text:
            self.attributions.add(len(self.lines))
        self.lines.append((prefix + text).rstrip(" "))

    def blank_line(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(("> " * min(self.depth, 8)).rstrip(" "))

    def start_history(self) -> None:
        self.end_line()
        if self.history < 0 and not self.depth:
            self.history = len(self.lines)


def render(html: str) -> Rendering:
    """Render HTML as text. Never raises; too big or too deep pages lose their tags only."""
    html = html[:SIZE_LIMIT]
    if not _is_tame(html):
        return Rendering(text=ANY_TAG.sub(" ", html).strip())
    root = LexborHTMLParser(html).root
    page = _Page()
    if root is not None:
        _walk(root, page)
    page.end_line()
    return _trim(page)


def _is_tame(html: str) -> bool:
    """Tell whether the page is safe for a real parser: nesting and attributes cost squared."""
    if html.count("<") < DEPTH_LIMIT and len(html) < 50_000:
        return True
    depth = deepest = 0
    for closing, name, inside in TAG.findall(html):
        if inside.count(" ") + inside.count("=") > ATTRIBUTES_LIMIT:
            return False
        if name.lower() in VOID or inside.endswith("/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest < DEPTH_LIMIT


def _walk(root: LexborNode, page: _Page) -> None:
    """Visit nodes in document order without recursion; None marks the end of the node before."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            _leave(node, page)
            continue
        tag = node.tag or ""
        if tag == "-text":
            page.write(node.text_content or "")
        elif tag not in HIDDEN_TAGS and _enter(node, tag, page):
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(_children(node)))


def _children(node: LexborNode) -> list[LexborNode]:
    found: list[LexborNode] = []
    child = node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _enter(node: LexborNode, tag: str, page: _Page) -> bool:
    """Write what opens a node; False when it and what is inside stay hidden."""
    attributes = node.attributes
    if attributes and _is_hidden(attributes):
        return False
    if tag == "br":
        page.force_line()
        return False
    if tag == "img":
        return False
    if tag in BLOCKS or tag in {"tr", "li"}:
        page.end_line()
    if tag in SPACED:
        page.blank_line()
    _open_quote(tag, attributes, page)
    if tag == "li":
        page.write("- ")
    elif tag in CELLS and page.current:
        page.current.append("\t")
    elif tag == "hr":
        page.write("________________________________")
    return True


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style and HIDDEN_STYLE.search(style[:2_000]))


def _is_quote(tag: str, attributes: dict[str, str | None]) -> bool:
    if tag != "blockquote":
        return False
    kind = (attributes.get("type") or "").lower()
    css = attributes.get("class") or ""
    return kind == "cite" or "quote" in css or "cite" in attributes


def _is_attribution(attributes: dict[str, str | None]) -> bool:
    css = attributes.get("class") or ""
    return any(name in css for name in ATTRIBUTION_CLASSES)


def _open_quote(tag: str, attributes: dict[str, str | None], page: _Page) -> None:
    if not attributes:
        return
    if _is_quote(tag, attributes):
        page.depth += 1
    elif _is_attribution(attributes):
        page.end_line()
        page.attribution += 1
    if (attributes.get("id") or "") in HISTORY_IDS or REPLY_BORDER.search(
        (attributes.get("style") or "")[:500]
    ):
        page.start_history()


def _leave(node: LexborNode, page: _Page) -> None:
    tag = node.tag or ""
    attributes = node.attributes
    if tag == "a":
        _write_link(attributes.get("href") or "", page)
    if tag in BLOCKS or tag in {"tr", "li"}:
        page.end_line()
    if tag in SPACED:
        page.blank_line()
    if _is_quote(tag, attributes):
        page.end_line()
        page.depth -= 1
    elif _is_attribution(attributes):
        page.end_line()
        page.attribution -= 1


def _write_link(href: str, page: _Page) -> None:
    """Show where a link leads when its words do not."""
    if not href.lower().startswith(("http://", "https://")) or len(href) > 2_000:
        return
    shown = "".join(page.current)
    bare = href.partition("://")[2].rstrip("/")
    if bare not in shown and page.current:
        page.current.append(f" <{href}>")


def _trim(page: _Page) -> Rendering:
    """Drop blank lines at both ends and doubled ones, moving the marks along."""
    kept: list[str] = []
    numbers: list[int] = []
    for line in page.lines:
        blank = not line.strip("> ")
        if not (blank and (not kept or not kept[-1].strip("> "))):
            kept.append(line)
        numbers.append(max(0, len(kept) - 1))
    history = page.history
    if 0 <= history < len(numbers):
        history = numbers[history]
    text = "\n".join(kept).rstrip().replace("\u00ad", "")
    attributions = frozenset(numbers[number] for number in page.attributions)
    return Rendering(text=text, attributions=attributions, history=history)
