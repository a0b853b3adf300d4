"""Take uuencoded files out of a text, as mail carried them before MIME and some scanners still do.

yEnc and BinHex are left as they are: nobody sends them to a desk.
"""

from __future__ import annotations

from dataclasses import replace

from parsers.mime.header import Headers
from parsers.mime.part import Part, safe_filename
from parsers.mime.transfer import UU_BEGIN, is_uu_line, uu_line

FILES_LIMIT = 100
END_MARKS = frozenset({b"", b"`", b"end"})


def take_files(part: Part) -> list[Part]:
    """Cut a text part into the text without its uuencoded files, and these files."""
    data = part.data if b"begin " in part.raw else b""
    found = UU_BEGIN.search(data)
    if found is None:
        return [part]
    kept: list[bytes] = []
    files: list[Part] = []
    start = 0
    while found is not None and len(files) < FILES_LIMIT:
        content, end = _content(data, found.end())
        if content:
            kept.append(data[start : found.start()])
            files.append(_file(part, found[1], content))
            start = end
        found = UU_BEGIN.search(data, end)
    if not files:
        return [part]
    return [replace(part, raw=b"".join(kept) + data[start:], encoding=""), *files]


def _content(data: bytes, position: int) -> tuple[bytes, int]:
    """Decode the lines of a file; give it and the position behind its end mark."""
    pieces: list[bytes] = []
    while position < len(data):
        end = data.find(b"\n", position) + 1 or len(data)
        line = data[position:end]
        if line.strip() in END_MARKS:
            position = end
            if line.strip() == b"end":
                break
        elif is_uu_line(line):
            pieces.append(uu_line(line.rstrip(b"\r\n")))
            position = end
        else:
            break
    return b"".join(pieces), position


def _file(part: Part, name: bytes, content: bytes) -> Part:
    return Part(
        headers=Headers(),
        raw=content,
        content_type="application/octet-stream",
        disposition="attachment",
        filename=safe_filename(name.decode("utf-8", "replace")),
        container=part.container,
        above=part.above,
    )
