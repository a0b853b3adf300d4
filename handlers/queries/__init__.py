"""Questions by mail: understood, run on what may be seen, written as a table."""
