"""What people write, understood by the words of the process: fields, lines, commands, tags."""
