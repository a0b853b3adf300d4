"""savd explain says why a file was taken for what it is, and from which line each field came."""

import json
import re
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from .papers import order_pdf
from .test_cli import say, site

__all__ = ["say", "site"]


@pytest.fixture
def order(site):
    """A mail with an order, in a file."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "jeanne@customer.example", "rma@desk.example"
    made.set_content("Voici notre commande.")
    pdf = {"maintype": "application", "subtype": "pdf", "filename": "BC-4471.pdf"}
    made.add_attachment(order_pdf(), **pdf)
    (site / "a.eml").write_bytes(made.as_bytes())
    return site / "a.eml"


def test_for_people(order, say):
    code, out, _ = say("explain", order)
    assert code == 0
    assert "BC-4471.pdf: order" in out
    assert "because page 1" in out
    assert re.search(r"gross +412\.80 EUR +<- page 1: Total TTC", out)


def test_for_programs(order, say):
    code, out, _ = say("explain", order, "--json")
    (file,) = json.loads(out)["files"]
    assert code == 0
    assert file["document"]["kind"] == "order"
    assert file["document"]["places"]["number"]["line"].startswith("BON DE COMMANDE")
