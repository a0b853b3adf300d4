"""Business papers as customers' and suppliers' programs print them, all invented, truth beside.

`python -m tests.paperwork` reads them all and prints how well (`make documents`).
"""
