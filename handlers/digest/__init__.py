"""What a digest says: how the tickets of a desk stand at an instant, counted from their history."""
