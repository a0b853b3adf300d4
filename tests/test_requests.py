"""Return requests as customers write them give the sheets a person would fill in (F-4, F-6, F-8, F-22)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from handlers.sheet import Sheet, read_sheets

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
