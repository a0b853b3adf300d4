"""Reference data that other programs put into folders or people import."""
