"""The desk that the golden notices are written for, and its process."""

from datetime import UTC, datetime

from handlers.desk import Desk
from handlers.token import KeyRing
from handlers.workflow_file import shipped

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KEYS = KeyRing(current="k1", keys={"k1": b"0123456789abcdef0123456789abcdef"})
DESK = Desk(
    name="rma",
    workflow="rma",
    addresses=("rma@desk.example",),
    title="SAV Exemple",
    phone="01 23 45 67 89",
    return_address=("SAV Exemple", "Quai de réception B", "12 rue des Œillets", "69007 Lyon"),
)

WORKFLOW = shipped("rma")
