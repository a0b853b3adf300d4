"""Fixtures every test may ask for: the real servers."""

from hypothesis import settings

from .servers import dovecot, postgres, postgres_url

# What a property costs is measured elsewhere; a busy moment must not spoil it.
settings.register_profile("savd", deadline=None)
settings.load_profile("savd")


__all__ = ["dovecot", "postgres", "postgres_url"]
