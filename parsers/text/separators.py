"""Know the lines that part the writer's words from an older mail, and end a forwarded one."""

from __future__ import annotations

import re

from parsers.mail_words import any_of, phrases

# Programs turn the hyphens around our line into dashes or drop them: the words suffice.
OURS = re.compile(
    r"^[>\s|*]*(?:[-–—]+\s*)?(?:Répondez au-dessus de cette ligne|Reply above this line)\b",
    re.IGNORECASE,
)
# "-- Please reply above this line --" of other desks.
SEPARATOR = re.compile(
    rf"^[>\s|*#<\[(\-–—=]*+{any_of(phrases('reply_above'))}\b[^.!?]{{0,60}}$", re.IGNORECASE
)
# "Anne ---09/11/2026 08:02:11---Bonjour" of Notes.
NOTES = re.compile(
    r"^[^\n]{1,60}? -{2,3}\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4} \d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?-{2,3}",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"^[>\s]*-{{2,}}\s*{any_of(phrases('forward_end'))}\s*-{{2,}}\s*$", re.IGNORECASE
)
GROUPWISE = re.compile(
    r"^>>> [^>]{3,120}\d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)? >>>\s*$|^>>> .{3,80}<[^<>]+>.{5,40} >>>\s*$"
)
