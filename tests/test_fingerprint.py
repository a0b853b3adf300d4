"""Fingerprints: the same picture packed anew is known again, others and empty ones are not."""

from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance

from parsers.files.fingerprint import distance, fingerprint

from .pictures import grains, scene, written

FOUND = 3
"""Storage finds what differs in this many bits for certain."""


def repacked(image, form="JPEG", **how):
    return Image.open(BytesIO(written(image, form, **how)))


CHANGES = {
    "packed anew": lambda image: repacked(image, quality=60),
    "packed hard": lambda image: repacked(image, quality=30),
    "half the size": lambda image: image.resize((400, 300), Image.Resampling.BICUBIC),
    "avif": lambda image: repacked(image, "AVIF", quality=60),
    "gray": lambda image: image.convert("L"),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.92),
    "softer": lambda image: ImageEnhance.Contrast(image).enhance(0.9),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_same_picture_is_known_again(change):
    for seed in range(12):
        image = scene(800, 600, seed)
        assert distance(fingerprint(image), fingerprint(change(image))) <= FOUND


def test_different_pictures_are_far_apart():
    prints = [fingerprint(scene(400, 300, seed)) for seed in range(60)]
    assert min(distance(a, b) for a, b in combinations(prints, 2)) > 2 * FOUND


@pytest.mark.parametrize("image", [
    Image.new("RGB", (640, 480), "white"),
    Image.new("L", (640, 480)),
    grains((640, 480), 40),
    Image.linear_gradient("L"),
    Image.linear_gradient("L").rotate(90),
    Image.new("RGB", (1, 1)),
], ids=["wall", "lens cap", "noise", "sky", "shade", "pixel"])  # fmt: skip
def test_a_picture_without_detail_has_no_fingerprint(image):
    assert not fingerprint(image)


def test_the_distance_counts_bits_and_nothing_is_near_nothing():
    assert distance("00000000000000ff", "0000000000000000") == 8
    assert distance("", "") == distance("", "00000000000000ff") == 64
