"""Guards and effects, a module by subject: what a transition asks and does."""
