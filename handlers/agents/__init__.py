"""What an agent's mail does: commands, notes, tables to import, and taking a command back."""
