"""Write: a notice and its ticket become the bytes of a message."""
