"""Keep: rows to types and back, the journal, the outbox, timers, reference data."""
