"""The HTML of a message as a tree, read strictly, with the colours a reader sees by day and at night."""

import re
from html.parser import HTMLParser

VOID = {"meta", "br", "img", "wbr"}
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", re.DOTALL)


class Node:
    """An element: its attributes, inline style, and where it stands."""

    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, dict(attributes), parent
        self.names = set((self.attributes.get("class") or "").split())
        self.style = declared(self.attributes.get("style") or "")
        self.children, self.words = [], []

    def above(self):
        """This element and all that hold it, inmost first."""
        node = self
        while node is not None:
            yield node
            node = node.parent

    def every(self, *tags):
        """All elements below, in the order of the page."""
        for child in self.children:
            if not tags or child.tag in tags:
                yield child
            yield from child.every(*tags)

    def text(self):
        """The words in here and below, as one line."""
        return " ".join(" ".join([*self.words, *(c.text() for c in self.children)]).split())

    @property
    def hidden(self):
        return any(node.style.get("display") == "none" for node in self.above())


class Reading(HTMLParser):
    """Reads a page; `faults` says where it is not well formed."""

    def __init__(self, html):
        super().__init__()
        self.root = self.here = Node("#page", [], None)
        self.faults = []
        self.feed(html)
        self.close()
        self.faults += [f"<{node.tag}> is never closed" for node in self.here.above()][:-1]

    def handle_starttag(self, tag, attrs):
        if len({name for name, _ in attrs}) != len(attrs):
            self.faults.append(f"<{tag}> names an attribute twice")
        node = Node(tag, attrs, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_endtag(self, tag):
        if tag != self.here.tag:
            self.faults.append(f"</{tag}> closes <{self.here.tag}>")
        elif tag not in VOID:
            self.here = self.here.parent

    def handle_data(self, data):
        self.here.words.append(data)


def declared(style):
    """Read the declarations of a style."""
    pairs = (one.split(":", 1) for one in style.split(";") if ":" in one)
    return {name.strip(): value.replace("!important", "").strip() for name, value in pairs}


def dark_rules(html):
    """Read the rules for dark mode as (selector parts, declarations), in order."""
    found = DARK.search(html)
    rules = RULE.findall(found[1]) if found else []
    return [
        (one.split(), declared(body)) for selectors, body in rules for one in selectors.split(",")
    ]


def _is(node, part):
    return part[1:] in node.names if part.startswith(".") else part == node.tag


def _matches(node, parts):
    if not _is(node, parts[-1]):
        return False
    wanted = list(parts[:-1])
    for holder in list(node.above())[1:]:
        if wanted and _is(holder, wanted[-1]):
            wanted.pop()
    return not wanted


def _set_on(node, name, rules):
    """What is declared for an element itself: the strongest rule, else its own style."""
    hits = [
        (sum(part.startswith(".") for part in parts), len(parts), number, body[name])
        for number, (parts, body) in enumerate(rules)
        if name in body and _matches(node, parts)
    ]
    return max(hits)[-1] if hits else node.style.get(name)


def seen(node, name, rules, default):
    """The colour that counts for an element, its own or of what holds it."""
    found = (_set_on(one, name, rules) for one in node.above())
    return next((one for one in found if one), default)
