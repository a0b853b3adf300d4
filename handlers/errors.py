"""The accidents savd knows.

SavdError
├─ TemporaryFailure      4.x.x  try again later; the sender keeps the mail
│  └─ StoreUnavailable   the database cannot be written: intake stops, nothing is marked bad
└─ PermanentFailure      5.x.x  trying again will not help
   ├─ ConfigError        exit 78; names file, line and remedy
   ├─ SchemaMismatch     exit 78; the database is newer than the program
   └─ BadData            exit 65; a file given on the command line cannot be used

Refusals are values (see handlers.decision), never exceptions.
"""

from __future__ import annotations


class SavdError(Exception):
    """An accident. `exit_code` follows sysexits.h, `status` RFC 3463."""

    exit_code = 70
    status = "5.0.0"


class TemporaryFailure(SavdError):
    """Try again later."""

    exit_code = 75
    status = "4.3.0"


class StoreUnavailable(TemporaryFailure):
    """The database cannot be written."""


class PermanentFailure(SavdError):
    """Trying again will not help."""


class ConfigError(PermanentFailure):
    """The configuration is wrong. The message names file, line and remedy."""

    exit_code = 78


class SchemaMismatch(PermanentFailure):
    """The database belongs to a newer savd."""

    exit_code = 78


class BadData(PermanentFailure):
    """A file given on the command line cannot be used."""

    exit_code = 65
