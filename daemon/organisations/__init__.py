"""Errands to outside organisations, and their answers."""
