"""The pictures of docs/notices.md: `python -m tests.notice_pictures` takes them anew with Chromium.

Every notice in French on a phone by day, and some on a wide screen in dark mode. Only what
looks different is written, so that the repository does not grow by running this.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from PIL import Image, ImageChops

from .golden_notices import all_cases, rendered

FOLDER = Path(__file__).parent.parent / "docs" / "notices"
PHONE, WIDE = 360, 700
TALLEST = 1500  # pixels: what is below is cut off
AT_ONCE = 10
COLOURS = 20
AT_NIGHT = (
    *(("rma", name) for name in ("N0", "N1_group", "N2", "N3", "N_status", "W_order")),
    *(("claims", "N1"), ("claims", "N2"), ("complaints", "N2"), ("dossier", "N8")),
    *(("repair_bonus", "N4"), ("rma", "N_list"), ("rma", "W_digest_weekly")),
)
NOBODY = (255, 0, 255)  # the ground around the pages, which no page has
PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>
body { margin: 0; background: #ff00ff; display: flex; align-items: flex-start }
iframe { border: 0; width: %(width)dpx; height: %(height)dpx; flex: none }
</style>%(frames)s<script>
for (const frame of document.querySelectorAll("iframe"))
  frame.addEventListener("load", () => {
    const page = frame.contentDocument;
    frame.style.height = Math.min(%(height)d, page.querySelector("[role=article]").offsetHeight) + "px";
  });
</script>"""


def day() -> list[tuple[str, str]]:
    """Return every notice that has a picture by day: all that are written in French."""
    return [(process, name) for process, name, code in all_cases() if code == "fr"]


def place(process: str, name: str, *, night: bool = False) -> Path:
    """Return where the picture of a notice is kept."""
    return FOLDER / process / f"{name}{'.night' if night else ''}.webp"


def main() -> None:
    """Take the pictures, of all notices or of those named (`rma/N0`), and drop what is no notice."""
    asked = sys.argv[1:]
    for night, shown in ((False, day()), (True, list(AT_NIGHT))):
        wanted = [one for one in shown if not asked or "/".join(one) in asked]
        for some in _portions(wanted):
            for (process, name), picture in zip(some, taken(some, night=night), strict=True):
                _keep(picture, place(process, name, night=night))
    kept = {place(*one) for one in day()} | {place(*one, night=True) for one in AT_NIGHT}
    for file in FOLDER.rglob("*.webp"):
        if file not in kept:
            file.unlink()


def taken(some: list[tuple[str, str]], *, night: bool) -> Iterator[Image.Image]:
    """Yield one picture of each notice, as high as the page is, at most TALLEST."""
    width = WIDE if night else PHONE
    frames = (rendered(name, "fr", process).html for process, name in some)
    inner = "".join(f'<iframe srcdoc="{escape(one)}"></iframe>' for one in frames)
    sheet = _shot(
        PAGE % {"width": width, "height": TALLEST, "frames": inner}, width * len(some), night
    )
    for number in range(len(some)):
        column = sheet.crop((number * width, 0, (number + 1) * width, TALLEST))
        ground = Image.new("RGB", column.size, NOBODY)
        whole = column.crop(ImageChops.difference(column, ground).getbbox())
        yield whole.crop((0, 0, width, _end(whole)))


def _end(picture: Image.Image) -> int:
    """Return where a page ends: a few pixels below its last word."""
    ground = Image.new("RGB", picture.size, picture.getpixel((2, picture.height - 1)))
    box = ImageChops.difference(picture, ground).getbbox()
    return min(picture.height, box[3] + 14) if box else picture.height


def _portions(some: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    yield from (some[start : start + AT_ONCE] for start in range(0, len(some), AT_ONCE))


def _shot(html: str, width: int, night: bool) -> Image.Image:
    chromium = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        page.write_text(html, encoding="utf-8")
        dark = ["--blink-settings=preferredColorScheme=0"] if night else []
        size = f"--window-size={width},{TALLEST}"
        command = [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", *dark, size]
        command += ["--virtual-time-budget=4000", f"--screenshot={shot}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        with Image.open(shot) as picture:
            return picture.convert("RGB")


def _keep(picture: Image.Image, file: Path) -> None:
    """Write the picture, unless the one that is there looks the same."""
    if file.is_file():
        with Image.open(file) as old:
            if old.size == picture.size and _alike(old.convert("RGB"), picture):
                return
    file.parent.mkdir(parents=True, exist_ok=True)
    _with_few_colours(picture).save(file, "WEBP", lossless=True, quality=80, method=4)


def _with_few_colours(picture: Image.Image) -> Image.Image:
    """Return the picture in the colours it has most of: words on grounds need no others."""
    counted = sorted(picture.getcolors(picture.width * picture.height), reverse=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted[:COLOURS] for part in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB")


def _alike(old: Image.Image, new: Image.Image) -> bool:
    """Tell whether only what compressing changed is different."""
    dots = ImageChops.difference(old, new).convert("L").point(lambda one: 255 if one > 90 else 0)
    return dots.getbbox() is None


if __name__ == "__main__":
    main()
