"""People: who writes and how far they are believed, who belongs to a ticket, who is told."""
