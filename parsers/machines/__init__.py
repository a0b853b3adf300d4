"""What machines write: delivery reports, absences, receipts, lists."""
