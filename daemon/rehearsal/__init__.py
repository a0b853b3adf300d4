"""Rehearsals: a process proved by playing mails and moving the clock."""
