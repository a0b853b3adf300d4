"""Measured in Chromium: `python -m tests.notice_words [width ...]` names words that a page breaks.

Every notice in every language, on a phone, on the narrowest page that stacks no table, and wide. It names
too what is wider than the page, and buttons and commands that a thumb would miss. No test: it needs a
browser, and half a minute.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

from .golden_notices import all_cases, rendered

WIDTHS = (360, 601, 700)
AT_ONCE = 60
FRAME = '<iframe data-n="{name}" style="width:{width}px;height:600px;border:0" srcdoc="{page}"></iframe>'
MEASURE = r"""<script>
function loaded(frame) {
  return new Promise(done => {
    const page = frame.contentDocument;
    if (page && page.readyState == "complete" && page.body.children.length) done();
    else frame.addEventListener("load", done);
  });
}
function* broken(page) {
  const walk = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) for (const word of walk.currentNode.nodeValue.matchAll(/[^\s\-\/]{2,}/g)) {
    const range = page.createRange();
    range.setStart(walk.currentNode, word.index);
    range.setEnd(walk.currentNode, word.index + word[0].length);
    const lines = [...range.getClientRects()].filter(box => box.width > 0.5).map(box => Math.round(box.top));
    if (new Set(lines).size > 1) yield `breaks ${word[0]}`;
  }
}
function* seen(frame) {
  const page = frame.contentDocument;
  if (page.documentElement.scrollWidth > frame.clientWidth) yield "is wider than its page";
  yield* broken(page);
  for (const link of page.querySelectorAll("a.touch"))
    if (link.getBoundingClientRect().height < 44) yield `${link.textContent} is too low for a thumb`;
}
window.addEventListener("load", async () => {
  const frames = [...document.querySelectorAll("iframe")];
  await Promise.all(frames.map(loaded));
  const told = frames.flatMap(frame => [...seen(frame)].map(one => `${frame.dataset.n} ${one}`));
  const shown = document.createElement("pre");
  shown.textContent = JSON.stringify(told);
  document.body.replaceChildren(shown);
});
</script>"""


def main() -> None:
    """Print what was found; exit 1 when there is something."""
    widths = [int(one) for one in sys.argv[1:]] or WIDTHS
    found = [one for width in widths for one in measured(width)]
    print("\n".join(found) or "every word is whole")
    sys.exit(bool(found))


def measured(width: int) -> Iterator[str]:
    """Yield what is wrong with the notices on pages so many pixels wide."""
    cases = all_cases()
    for start in range(0, len(cases), AT_ONCE):
        frames = (
            FRAME.format(
                name=f"{process}/{name}.{code} at {width}:",
                width=width,
                page=escape(rendered(name, code, process).html),
            )
            for process, name, code in cases[start : start + AT_ONCE]
        )
        yield from _seen("".join(frames))


def _seen(frames: str) -> list[str]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body>{frames}{MEASURE}', "utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--virtual-time-budget=8000"]
        done = subprocess.run(
            [*command, "--dump-dom", page.as_uri()], check=True, capture_output=True, timeout=200
        )
    told = re.search("<pre>(.*?)</pre>", done.stdout.decode(), re.DOTALL)
    return list(json.loads(unescape(told[1])))


if __name__ == "__main__":
    main()
