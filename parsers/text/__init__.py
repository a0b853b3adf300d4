"""The text of a mail: which words are new, and what the others are."""
