"""Papers we write: a source beside the notices, drawn as PDF by one design (F-18, Q-C1, R-29)."""
