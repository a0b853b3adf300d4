"""What comes in from mailboxes."""
