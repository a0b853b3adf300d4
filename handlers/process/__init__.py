"""A process as data: what a workflow file may say, section by section."""
