"""What a page needs for thumbs, screen readers and magnifying glasses, beside `page_check`."""

from itertools import pairwise

TOUCH = 44  # pixels: WCAG 2.2, 2.5.5; a link in a line of words may be smaller
SMALLEST = 11  # pixels of any letter
VAGUE = {"ici", "cliquez ici", "here", "click here", "hier", "klik hier", "link", "lien", "lire"}


def touch_faults(root):
    """Name what somebody could not hit, hear or make larger."""
    yield from _links(root)
    yield from _zoom(root)
    for node in root.every():
        size = node.style.get("font-size", "16px")
        if "".join(node.words).strip(" \xa0\n") and not node.hidden and _pixels(size) < SMALLEST:
            yield f"letters of {size} are too small"
    yield from _lists(root)


def _links(root):
    for link in root.every("a"):
        if link.text().casefold() in VAGUE:
            yield f"a link only says {link.text()!r}"
        if _stands_alone(link) and _height(link) < TOUCH:
            yield f"{link.text()[:30]!r} is {_height(link)} pixels high, a thumb needs {TOUCH}"
    alone = [link for link in root.every("a") if _stands_alone(link)]
    for one, other in pairwise(alone):
        if one.text() == other.text() and one.attributes["href"] != other.attributes["href"]:
            yield f"two links say {one.text()!r} and lead elsewhere"


def _stands_alone(link):
    """Whether a link is no part of a sentence: the only words of its cell, or a line of its own."""
    holder = link.parent
    return holder.tag == "td" and not "".join(holder.words).strip()


def _height(link):
    style = link.style
    if style.get("display") != "block":
        return _pixels(style.get("line-height", "0px"))
    sides = style.get("padding", "0").split()
    top, bottom = (_pixels(sides[0]), _pixels(sides[2] if len(sides) > 2 else sides[0]))
    return top + bottom + _pixels(style.get("line-height", "0px"))


def _pixels(size):
    return (
        float(size.removesuffix("px")) if size.removesuffix("px").replace(".", "").isdigit() else 0
    )


def _zoom(root):
    for meta in root.every("meta"):
        told = meta.attributes.get("content") or ""
        if "user-scalable" in told or "maximum-scale" in told:
            yield "the page cannot be made larger"


def _lists(root):
    for one in root.every("ul", "ol"):
        if any(child.tag != "li" for child in one.children) or not one.children:
            yield f"<{one.tag}> holds something that is no item, or nothing"
