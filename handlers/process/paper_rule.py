"""A paper that we write, as a workflow file declares it."""

from __future__ import annotations

from handlers.process.call import Part


class PaperRule(Part):
    """A paper that notices bring as PDF; its words are in `templates/NAME/papers/`. One that `travels`
    goes into a parcel to the desk: its number can be read and scanned from afar (F-19)."""

    about: str
    travels: bool = False
