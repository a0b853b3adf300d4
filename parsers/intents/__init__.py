"""What the writer wants, in four languages."""
