"""The text of a PDF as the eye reads it: lines rebuilt from positions (pdfplumber).

Forty times slower than the text in the order it was drawn, so it is asked only for papers whose
totals cannot be found that way: tables drawn column by column.
"""

from __future__ import annotations

import io

import pdfplumber

_PAGES = 4


def text_by_position(data: bytes) -> str:
    """Return the text of the first pages line by line as printed, "" when it cannot be read."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as paper:
            return "\n".join(page.extract_text() or "" for page in paper.pages[:_PAGES])
    except Exception:  # noqa: BLE001 - pdfminer raises whatever it stumbles over in a broken file
        return ""
