"""A decision table says what its first fitting row says."""

from handlers.process.proof_rule import DecisionRow
from handlers.steps.decision_table import decide, decided, decided_by

from .claims_turn import claim

ROWS = (
    DecisionRow(when={"reason": "doa", "brand": ["ACME", ""]}, then={"code": "63"}),
    DecisionRow(when={"reason": ["doa", "defective"]}, then={"code": ["26", "27"]}),
)


def test_the_first_row_whose_fields_all_fit_decides():
    assert decided_by(ROWS, {"reason": "doa", "brand": "ACME"}) == {"code": ("63",)}
    assert decided_by(ROWS, {"reason": "doa", "brand": "OTHER"}) == {"code": ("26", "27")}


def test_an_empty_field_is_a_value_as_well():
    assert decided_by(ROWS, {"reason": "doa"}) == {"code": ("63",)}


def test_nothing_fits_no_row_and_no_rows_fit_nothing():
    assert decided_by(ROWS, {}) == {}
    assert decided_by((), {"reason": "doa"}) == {}


def test_what_the_table_does_not_say_empties_the_field():
    turn = decide(claim(reason="", code="26"), table="reason", take={"code": "code"})
    assert "code" not in turn.ticket.fields


def test_one_of_several_values_is_enough():
    assert decided(claim(reason="doa"), table="reason", column="code", values=["26", "63"])
    assert not decided(claim(), table="reason", column="code", values=["26", "63"])
