"""The clocks of tickets: when they fire, what stops them, what they will do."""
