"""What photos cost and how well their codes are read: python -m benchmarks.photos

Prints processor seconds and sizes for photos of twelve megapixels, how many codes are read under
each condition, and how far the fingerprints of same and of different pictures lie apart.
"""

from __future__ import annotations

import time
from collections import Counter
from io import BytesIO
from itertools import combinations
from pathlib import Path

from PIL import Image, ImageEnhance

from parsers.files.attachment import sniff
from parsers.files.barcodes import read_barcodes
from parsers.files.fingerprint import distance, fingerprint
from parsers.files.photo import read_photo
from tests.pictures import code, grains, label, photographed, scene, written

HEIC = Path(__file__).parents[1] / "tests/photos/phone12_gps_rotated.heic"
CODES = {
    "QRCode": "SN:AX-99812", "DataMatrix": "AX99812B", "Aztec": "AX99812B", "Code128": "AX99812B",
    "Code39": "AX99812B", "EAN13": "3453120000011", "ITF": "12345670", "PDF417": "AX99812B",
}  # fmt: skip
CONDITIONS = {
    "plain": {}, "turned 5": {"angle": 5}, "turned 15": {"angle": 15}, "turned 45": {"angle": 45},
    "turned 90": {"angle": 90}, "noise 10": {"noise": 40}, "noise 18": {"noise": 72},
    "tilt 0.2": {"tilt": 0.2}, "tilt 0.4": {"tilt": 0.4}, "blur 2": {"blur": 2},
    "blur 4": {"blur": 4}, "15+noise+tilt": {"angle": 15, "noise": 40, "tilt": 0.2},
}  # fmt: skip
SHARES = (0.3, 0.15)


def main() -> None:
    """Print all tables."""
    costs()
    detection()
    fingerprints()


def costs() -> None:
    plate = label(code("AX99812B", "DataMatrix"), code("3453120000011", "EAN13"), width=400)
    size = (4_032, 3_024)
    seen = {
        "no code, jpeg": written(scene(*size), quality=92),
        "two codes, jpeg": written(photographed(plate), quality=92),
        "small codes, noise": written(photographed(plate, noise=40, share=0.12), quality=92),
        "only noise, jpeg": written(grains(size, 60), quality=92),
        "no code, png": written(scene(*size), "PNG"),
        "no code, heic": HEIC.read_bytes(),
        "48 megapixels, jpeg": written(scene(8_064, 6_048), quality=88),
    }
    print(f"{'photo':22}{'file kB':>9}{'s':>7}{'copy kB':>9}{'thumb kB':>9}  codes")
    for name, data in seen.items():
        before = time.process_time()
        photo = read_photo(data, sniff(data, "").content_type)
        spent = time.process_time() - before
        sizes = f"{len(photo.copy) / 1e3:9.0f}{len(photo.thumbnail) / 1e3:9.1f}"
        print(f"{name:22}{len(data) / 1e3:9.0f}{spent:7.2f}{sizes}  {len(photo.barcodes)}")


def detection() -> None:
    """Twelve megapixels; a label of 400 to 500 points takes 30 % or 15 % of the width."""
    print(f"\n{'code':12}" + "".join(f"{name:>14}" for name in CONDITIONS))
    total: Counter[bool] = Counter()
    for kind, text in CODES.items():
        plate, row = label(code(text, kind), width=400), []
        for how in CONDITIONS.values():
            hits = []
            for share in SHARES:
                photo = photographed(plate, share=share, **how)
                shown = Image.open(BytesIO(written(photo, quality=90)))
                hits.append(text in {one.text for one in read_barcodes(shown)})
            total.update(hits)
            row.append("".join("+" if hit else "-" for hit in hits))
        print(f"{kind:12}" + "".join(f"{cell:>14}" for cell in row), flush=True)
    print(f"read {total[True]} of {total.total()} (at 30 % and 15 % of the width)")


def fingerprints() -> None:
    pictures = [scene(800, 600, seed) for seed in range(100)]
    prints = [fingerprint(one) for one in pictures]
    changes = {
        "jpeg 85": lambda one: Image.open(BytesIO(written(one, quality=85))),
        "jpeg 40": lambda one: Image.open(BytesIO(written(one, quality=40))),
        "half": lambda one: one.resize((400, 300), Image.Resampling.BICUBIC),
        "avif 60": lambda one: Image.open(BytesIO(written(one, "AVIF", quality=60))),
        "brighter 8 %": lambda one: ImageEnhance.Brightness(one).enhance(1.08),
        "cut 2 %": lambda one: one.crop((16, 12, 784, 588)),
    }
    print(f"\n{'same picture':14}{'worst':>6}{'<= 3':>6}  of {len(prints)}")
    for name, change in changes.items():
        away = [
            distance(a, fingerprint(change(one))) for a, one in zip(prints, pictures, strict=True)
        ]
        print(f"{name:14}{max(away):6}{sum(bits <= 3 for bits in away):6}")
    apart = sorted(distance(a, b) for a, b in combinations(prints, 2))
    print(f"different pictures: nearest {apart[:5]}, {len(apart)} pairs")


if __name__ == "__main__":
    main()
