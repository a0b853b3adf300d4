"""Return requests as customers write them give the sheets a person would fill in (F-4, F-6, F-8, F-22)."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from handlers.words.sheet import Sheet, read_sheets

from .people import RMA

FOLDER = Path(__file__).parent / "requests"
REQUESTS = [
    (f"{path.stem}-{number}", entry)
    for path in sorted(FOLDER.glob("*.yaml"))
    for number, entry in enumerate(yaml.safe_load(path.read_text("utf-8")), 1)
]
EXACT = {
    "ref": "reference",
    "serial": "serial",
    "kind": "return_kind",
    "action": "action",
    "proof": "purchase_proof",
}
WITHIN = {"company": "company", "address": "return_address", "says": "description"}


def misread(text: str, devices: list[dict[str, str]]) -> list[str]:
    """Name every value that is missing, wrong or invented; a wrong number of devices is one."""
    sheets = read_sheets(text, RMA)
    if len(sheets) != len(devices):
        return [f"{len(sheets)} devices for {len(devices)}: {[dict(s.values) for s in sheets]}"]
    return [
        f"device {number}: {wrong}"
        for number, (sheet, device) in enumerate(zip(sheets, devices, strict=True), 1)
        for wrong in _misread_device(sheet, device)
    ]


def _misread_device(sheet: Sheet, device: dict[str, str]) -> list[str]:
    values = sheet.values
    wrong = [
        f"{name} {values.get(name, '')!r} for {device.get(short, '')!r}"
        for short, name in EXACT.items()
        if values.get(name, "") != device.get(short, "")
    ]
    wrong += [
        f"{name} {values.get(name, '')!r} for {device[short]!r}"
        for short, name in WITHIN.items()
        if short in device and device[short] not in values.get(name, "")
    ]
    count = device.get("count", 1)
    return wrong + ([f"counts {sheet.quantity} for {count}"] if sheet.quantity != count else [])


@pytest.mark.parametrize(("name", "entry"), REQUESTS, ids=[name for name, _ in REQUESTS])
def test_a_request_is_read_as_a_person_would(name, entry):
    """Every value found, none invented."""
    assert misread(entry["text"], entry["devices"]) == []


@given(st.text(alphabet="éN°: série-LCT40\n\t|;,/.?=RxX12 nu", max_size=300))
def test_any_words_give_at_least_one_sheet(text):
    """And nothing is raised, whatever the tables, labels and numbers."""
    assert read_sheets(text, RMA)


UNITS = ["De : a\n", "SN 123456, ", "a: ", "n° de série ", "LECT-400 ", "\t", " - ", "Réf\n", "Ref;Serie\n",
         "Ref: idem\n", " / ", "S-1001, ", "12 mars ", "acheté le ", "A-1-", "Ref\ta\tb\n", "ne ", "?", "(", "| ",
         "Garantie? ", "... ", "lecteur "]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_text_takes_twice_the_time(unit):
    def seconds(length):
        text = "\n".join([unit * (500 // len(unit))] * (length // 500))
        start = time.thread_time()
        read_sheets(text + str(start), RMA)
        return time.thread_time() - start

    # The best of several tries: other processes only ever make a try look worse.
    assert min(seconds(30_000) / max(seconds(15_000), 0.001) for _ in range(6)) <= 2.5
