"""Talks beside the desk's own: inside one customer, or with anybody outside through the ticket."""
