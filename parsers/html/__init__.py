"""HTML read as text, with the marks by which mail programs keep the older mail apart."""
