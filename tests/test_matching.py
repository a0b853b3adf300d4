"""The row of the reference book is found by whatever is named, within the account only."""

from handlers.steps.matching import candidates, match_row

from .claims_turn import LINE, RowBook, claim

OTHER = {**LINE, "position": "200", "article": "A2"}
BOOK = RowBook(
    invoice_lines=[LINE, OTHER, {**LINE, "account": "90001", "invoice": "0099"}],
    serials=[{"serial": "SN1", "invoice": "0034", "position": "200"}],
)


def test_nothing_named_finds_nothing():
    assert candidates(claim(BOOK, account="80538")) == ()
    assert match_row(claim(BOOK, account="80538")).ticket.fields["matches"] == "0"


def test_nobody_finds_anything_without_an_account():
    assert candidates(claim(BOOK, invoice="34")) == ()
    assert candidates(claim(BOOK, serial="SN1")) == ()


def test_no_table_finds_nothing():
    assert candidates(claim(account="80538", invoice="34", serial="SN1")) == ()


def test_several_rows_take_nothing():
    turn = match_row(claim(BOOK, account="80538", invoice="34"))
    assert turn.ticket.fields["matches"] == "2"
    assert "article" not in turn.ticket.fields


def test_zeros_and_case_do_not_matter():
    turn = match_row(claim(BOOK, account="80538", invoice="34", article="a2"))
    assert turn.ticket.fields["position"] == "200"


def test_a_serial_number_leads_to_its_row_and_an_unknown_one_to_none():
    assert candidates(claim(BOOK, account="80538", serial="SN1")) == (OTHER,)
    assert candidates(claim(BOOK, account="80538", serial="SN9")) == ()


def test_a_serial_number_of_another_account_finds_nothing():
    assert candidates(claim(BOOK, account="90001", serial="SN1")) == ()


def test_another_account_s_row_is_not_found():
    assert candidates(claim(BOOK, account="80538", invoice="0099")) == ()


def test_what_is_new_goes_before_what_the_desk_had_found():
    turn = claim(BOOK, brought=("position",), **{**LINE, "position": "200"})
    assert candidates(turn) == (OTHER,)


def test_a_contradiction_in_one_mail_finds_nothing():
    turn = claim(
        BOOK, brought=("position", "article"), account="80538", position="200", article="A1"
    )
    assert candidates(turn) == ()
    assert candidates(claim(BOOK, **{**LINE, "position": "200"})) == ()


def test_what_an_earlier_row_left_is_forgotten_when_none_fits():
    turn = match_row(claim(BOOK, designation="Portable", account="80538", invoice="77"))
    assert "designation" not in turn.ticket.fields
    assert turn.ticket.fields["invoice"] == "77"
