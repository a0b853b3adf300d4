"""What a customer's mail does: it opens tickets, arrives on one or on a group, brings files."""
