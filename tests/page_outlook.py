"""What Outlook on Windows, which draws pages with Word, does not know: nothing may rely on it.

Word knows tables, grounds by `bgcolor`, borders, padding of cells and margins of paragraphs. It knows no
rule in a media query, so these may only add to what is there.
"""

import re

STYLES = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
MEDIA = re.compile(r"@media [^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.DOTALL)
SHOWS = {"none", "block", "inline", None}
UNKNOWN = {
    *("position", "float", "clear", "transform", "opacity", "box-shadow", "filter", "object-fit"),
    *("background-image", "background", "min-width", "min-height", "max-height", "gap", "order"),
    *("justify-content", "align-items", "column-count", "columns", "aspect-ratio", "inset"),
}
UNITS = re.compile(r"\b(?:calc|var|min|max|clamp)\(|\d(?:rem|vw|vh|ch)\b")
PADDED = {"td", "th"}  # Word pads these alone; elsewhere padding may only be an ornament


def outlook_faults(html, root):
    """Name what a page would need Outlook to know."""
    ours = MEDIA.sub("", " ".join(STYLES.findall(html.split("<!--[if mso]>")[0])))
    if ours.strip():
        yield f"a rule stands outside a media query: {ours.strip()[:40]}"
    for node in root.every():
        if not node.hidden:
            yield from _of(node)


def _of(node):
    style = node.style
    for name in style:
        if name in UNKNOWN or name.startswith(("flex", "grid", "animation", "transition")):
            yield f"<{node.tag}> needs {name}, which Outlook does not know"
    if style.get("display") not in SHOWS:
        yield f"<{node.tag}> is shown as {style['display']}, which Outlook does not know"
    if "max-width" in style and node.tag not in {"table", "img"}:
        yield f"<{node.tag}> has a max-width, which Outlook does not know"
    if any(UNITS.search(value) for value in style.values()):
        yield f"<{node.tag}> has a size that Outlook cannot count"
    if any(value.strip().startswith("-") for name, value in style.items() if "margin" in name):
        yield f"<{node.tag}> has a negative margin"
    if "background-color" in style and node.tag not in {*PADDED, "body"}:
        yield f"<{node.tag}> has a ground of its own: Outlook gives one to cells alone"
    if node.tag == "table" and "cellspacing" not in node.attributes:
        yield "a table does not say its cellspacing: Outlook puts a gap between cells"
