"""Fixtures every test may ask for: the real servers."""

from .servers import dovecot, postgres, postgres_url

__all__ = ["dovecot", "postgres", "postgres_url"]
