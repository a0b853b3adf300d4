"""Tickets that belong together: parents and children, one answer for several."""
