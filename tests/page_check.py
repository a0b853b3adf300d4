"""What must hold for the HTML of every message; `faults(html)` names all that does not."""

from itertools import pairwise
from urllib.parse import unquote

from templates.look import contrast

from .page_outlook import outlook_faults
from .page_touch import touch_faults
from .page_tree import Reading, dark_rules, seen

KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "th", "p"),
    *(
        "h1",
        "h2",
        "h3",
        "strong",
        "em",
        "br",
        "wbr",
        "ul",
        "ol",
        "li",
        "blockquote",
        "span",
        "a",
        "img",
    ),
}
BLOCKS = {"div", "table", "p", "h1", "h2", "h3", "ul", "ol", "blockquote"}
INLINE_ONLY = {"p", "h1", "h2", "h3", "span", "strong", "em", "a"}
HOLDERS = {"tr": {"table"}, "td": {"tr"}, "th": {"tr"}, "li": {"ul", "ol"}}
READABLE, DRAWN = 4.5, 3  # WCAG 2.2, 1.4.3 for words and 1.4.11 for what is drawn
SQUARE = "■"


def faults(html):
    """Name everything that is wrong with a page."""
    reading = Reading(html)
    root = reading.root
    return [
        *reading.faults,
        *_elements(root),
        *_tables(root),
        *_pictures(root),
        *_headings(root),
        *_languages(root),
        *_grounds(root),
        *_outside(html, root),
        *_colours(html, root),
        *_drawn(html, root),
        *touch_faults(root),
        *outlook_faults(html, root),
    ]


def _elements(root):
    for node in root.every():
        if node.tag not in KNOWN:
            yield f"<{node.tag}> is not known to every mail program"
        if any(name.startswith("on") for name in node.attributes):
            yield f"<{node.tag}> runs something"
        if node.tag in BLOCKS and any(one.tag in INLINE_ONLY for one in [*node.above()][1:]):
            yield f"<{node.tag}> stands inside a line of words"
        if node.tag in HOLDERS and node.parent.tag not in HOLDERS[node.tag]:
            yield f"<{node.tag}> stands in <{node.parent.tag}>"


def _tables(root):
    for table in root.every("table"):
        own = [row for row in table.children if row.tag == "tr"]
        heads = [cell for row in own for cell in row.children if cell.tag == "th"]
        if table.attributes.get("role") == "presentation":
            yield from ("a table without columns has header cells" for _ in heads[:1])
        elif not heads:
            yield "a table of facts has no header cells"
        yield from (
            "a header cell does not say of what"
            for cell in heads
            if cell.attributes.get("scope") not in {"row", "col"}
        )


def _pictures(root):
    for picture in root.every("img"):
        if not picture.attributes.get("alt"):
            yield "a picture has no words for it"
        if not picture.attributes.get("width"):
            yield "a picture has no width: Outlook would show it at its own"
        if not picture.attributes.get("src", "").startswith(("cid:", "data:")):
            yield f"a picture comes from outside: {picture.attributes.get('src')}"


def _headings(root):
    levels = [int(node.tag[1]) for node in root.every("h1", "h2", "h3")]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"headings are {levels}, not one h1 first"
    if any(low - high > 1 for high, low in pairwise(levels)):
        yield f"headings jump: {levels}"
    yield from (
        "a heading is empty"
        for node in root.every("h1", "h2", "h3")
        if not node.text() and not any(node.every("img"))
    )


def _languages(root):
    told = {node.attributes["lang"] for node in root.every() if "lang" in node.attributes}
    if len(told) != 1 or not next(root.every("html")).attributes.get("lang"):
        yield f"the page says it is in {sorted(told)}"
    if not any(node.text() for node in root.every("title")):
        yield "the page has no title"


def _grounds(root):
    """Outlook takes the ground of a cell from `bgcolor`; both must agree."""
    for node in root.every("table", "td", "th"):
        ground = node.style.get("background-color")
        if ground != node.attributes.get("bgcolor"):
            yield f"<{node.tag}> is {ground} in its style, {node.attributes.get('bgcolor')} beside"


def _outside(html, root):
    if "url(" in html or "@import" in html:
        yield "the style sheet fetches something"
    for link in root.every("a"):
        yield from link_faults(link.attributes.get("href", ""))
        if not link.text():
            yield "a link has no words"


def link_faults(target, domain="desk.example"):
    """Name what is wrong with where a link goes: it writes to the desk, or telephones."""
    scheme, _, rest = target.partition(":")
    if scheme == "tel":
        return [] if rest.lstrip("+").isdigit() else [f"{target} cannot be dialled"]
    if scheme != "mailto":
        return [f"a link goes outside: {target}"]
    address, _, query = rest.partition("?")
    told = [] if unquote(address).endswith(f"@{domain}") else [f"{address} is not ours"]
    pairs = [one.partition("=") for one in query.split("&") if one]
    for name, _, value in pairs:
        if name not in {"subject", "body"} or not value or "+" in value or not value.isascii():
            told.append(f"{name}={value} does not read back")
        if name == "subject" and "\n" in unquote(value, errors="strict"):
            told.append("a subject has several lines")
    return told


def _colours(html, root):
    for mode, rules in (("light", []), ("dark", dark_rules(html))):
        body = next(root.every("body"))
        for node in body.every():
            if not "".join(node.words).strip() or node.hidden:
                continue
            words, ground = (
                seen(node, name, rules, default)
                for name, default in (("color", "#000000"), ("background-color", "#ffffff"))
            )
            needed = READABLE if node.text() != SQUARE else DRAWN
            if contrast(words, ground) < needed:
                ratio = f"{contrast(words, ground):.1f}"
                yield f"{node.text()[:40]!r} is {words} on {ground} ({mode}): contrast {ratio}"


def _drawn(html, root):
    """Bars against what they stand on, and the edges of buttons, by day and at night."""
    for mode, rules in (("light", []), ("dark", dark_rules(html))):
        for node in root.every("td"):
            ground = seen(node.parent, "background-color", rules, "#ffffff")
            drawn = {
                "bar": seen(node, "background-color", rules, "#ffffff"),
                "button": seen(node, "border-color", rules, ""),
            }
            for name, colour in drawn.items():
                mine = any(one.startswith(name) for one in node.names)
                if mine and colour and contrast(colour, ground) < DRAWN:
                    yield f"a {name} is {colour} on {ground} ({mode})"
