"""Papers from their tables: papers*.yaml, houses.yaml, goods.yaml."""

from __future__ import annotations

import functools
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from .paper import House, Item, Paper

HERE = Path(__file__).parent
RATES = {"FR": "20", "BE": "21", "NL": "21", "DE": "19", "AT": "20", "CH": "8.1", "GB": "20"}
PLAIN = ("file", "form", "language", "style", "number", "dated", "valid_until", "due", "currency")
MANY = ("quotes", "orders", "invoices", "deliveries", "rma_numbers")


@functools.cache
def table(name: str) -> dict[str, Any]:
    """Return what a file beside this one holds."""
    return yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))


def item(given: str, language: str, rate: str) -> Item:
    """Read `goods[*quantity][@price][-discount%][~rate][ #note]`, the short hand of the tables."""
    given, _, note = given.partition(" #")
    given, _, own_rate = given.partition("~")
    given, _, discount = given.partition("%")
    given, _, price = given.partition("@")
    key, _, many = given.partition("*")
    goods = table("goods")[key]
    return Item(
        reference=goods["ref"],
        ean=goods["ean"],
        description=goods[language],
        quantity=Decimal(many or 1),
        unit_price=Decimal(price or goods["price"]),
        discount=Decimal(discount or 0),
        rate=Decimal(own_rate or rate),
        note=note,
    )


def paper(given: dict[str, Any]) -> Paper:
    """Make a paper of an entry; what the entry has beyond a paper's fields is `extra`."""
    rest = dict(given)
    houses = table("houses")
    seller, buyer = (House(**houses[rest.pop(who)]) for who in ("seller", "buyer"))
    rate = str(rest.pop("rate", RATES[seller.country]))
    shown = {name: rest.pop(name) for name in PLAIN if name in rest}
    many = {name: tuple(rest.pop(name)) for name in MANY if name in rest}
    shown.setdefault("currency", {"GB": "GBP", "CH": "CHF"}.get(seller.country, "EUR"))
    shown["number"] = str(shown.get("number", ""))
    return Paper(
        **shown,
        **many,
        seller=seller,
        buyer=buyer,
        items=tuple(item(one, shown["language"], rate) for one in rest.pop("items", ())),
        shipping=Decimal(str(rest.pop("shipping", 0))),
        deposit=Decimal(str(rest.pop("deposit", 0))),
        say=rest.pop("say", {}),
        extra=rest,
    )


@functools.cache
def papers() -> tuple[Paper, ...]:
    """Return all papers of the tables, in order."""
    files = sorted(path.stem for path in HERE.glob("papers*.yaml"))
    return tuple(paper(one) for name in files for one in table(name))
