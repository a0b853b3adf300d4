"""Prove a workflow before it runs, section by section."""
