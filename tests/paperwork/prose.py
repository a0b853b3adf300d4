"""Papers that are no tables of prices."""

FORMS = {}
