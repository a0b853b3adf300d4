"""What is attached: types by their bytes, pictures, papers read."""
