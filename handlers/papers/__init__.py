"""Papers and pictures: what a file is to the business, and what it says beside what is known."""
