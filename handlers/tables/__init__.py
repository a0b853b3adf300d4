"""Tables of reference data: their cells checked before anything is written."""
