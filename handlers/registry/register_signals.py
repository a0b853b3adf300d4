"""The signals by which a registry speaks to tickets (R-T1, R-38)."""

REGISTERED = "registered"
"""A ticket was found in the table: opened, or looked at again."""

ATTACHED = "attached"
"""The row was named that a ticket waited for; its words are there now."""
