"""A paper as data: what it says, and so what must be read from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

KIND_OF_FORM = {
    "acknowledgement": "other",
    "proforma": "other",
    "terms": "other",
    "datasheet": "other",
    "statement": "other",
    "letter": "other",
    "reminder": "other",
    "rfq": "other",
    "agreement": "signed_agreement",
}
CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Return an amount in whole cents, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """A company that sells or buys."""

    name: str
    street: str
    city: str
    country: str
    siret: str = ""
    vat: str = ""
    iban: str = ""
    phone: str = ""
    mail: str = ""
    register: str = ""

    @property
    def town(self) -> str:
        """The name of the town, without the postcode."""
        words = [word for word in self.city.split() if not any(c.isdigit() for c in word)]
        return " ".join(word for word in words if len(word) > 2 or not word.isupper())


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A line of the table. `note` is printed below the description, `discount` in per cent."""

    reference: str
    ean: str
    description: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    rate: Decimal = Decimal(20)
    note: str = ""

    @property
    def net(self) -> Decimal:
        """The amount of the line without tax."""
        return rounded(self.quantity * self.unit_price * (100 - self.discount) / 100)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """One paper. `form` is what is printed, `kind` what it is. `style` names the layout.

    `say` replaces words of the program (words.yaml), `extra` holds what few papers have:
    `over` (an order stamped over a quote), `sign` (how it was signed), `xml`, `scan`, `text`.
    """

    file: str
    form: str
    language: str
    style: str
    seller: House
    buyer: House
    number: str = ""
    dated: date | None = None
    valid_until: date | None = None
    due: date | None = None
    quotes: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()
    rma_numbers: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    shipping: Decimal = Decimal(0)
    deposit: Decimal = Decimal(0)
    currency: str = "EUR"
    say: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the paper is to the business, a value of DocumentKind."""
        if self.extra.get("over"):
            return "order"
        if self.form == "quote" and self.extra.get("sign"):
            return "signed_quote"
        return KIND_OF_FORM.get(self.form, self.form)

    @property
    def issuer(self) -> House:
        """Who prints the paper: the buyer an order and a return sheet, else the seller."""
        return self.buyer if self.form in {"order", "rfq", "return_sheet"} else self.seller

    @property
    def receiver(self) -> House:
        """Whom the paper is addressed to."""
        return self.seller if self.issuer is self.buyer else self.buyer

    @property
    def lines_net(self) -> Decimal:
        """The sum of the lines."""
        return sum((item.net for item in self.items), Decimal(0))

    @property
    def net(self) -> Decimal:
        """The sum without tax, freight included."""
        return self.lines_net + self.shipping

    @property
    def taxes(self) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
        """Rate, base and tax, highest rate first; freight bears the highest."""
        bases: dict[Decimal, Decimal] = {}
        for item in self.items:
            bases[item.rate] = bases.get(item.rate, Decimal(0)) + item.net
        if self.shipping and bases:
            bases[max(bases)] += self.shipping
        return tuple(
            (rate, base, rounded(base * rate / 100)) for rate, base in sorted(bases.items())[::-1]
        )

    @property
    def tax(self) -> Decimal:
        """All tax."""
        return sum((tax for _, _, tax in self.taxes), Decimal(0))

    @property
    def gross(self) -> Decimal:
        """The sum with tax, before any deposit."""
        return self.net + self.tax
