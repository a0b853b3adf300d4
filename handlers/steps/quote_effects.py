"""What a quote, its order and the parcel leave on a ticket (F-49, F-51, F-52, F-54)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.papers.device_numbers import plain
from handlers.papers.quotes import ORDER_KINDS, cites_replaced_quote, is_guessed
from handlers.steps.effects import effect, flag_documents
from handlers.turn import Turn

QUOTE_DAYS = 30


@effect
def record_quote(turn: Turn) -> Turn:
    """Keep number, amounts, currency, validity (30 days when not said, F-52) and version; retire the old (F-51)."""
    given, fields = turn.event.arguments, turn.ticket.fields
    old, number = fields.get("quote_number", ""), given.get("number", "")
    today = turn.event.at.astimezone(ZoneInfo(turn.desk.time_zone)).date()
    turn = turn.with_fields(
        {
            "quote_number": number,
            "quote_net": given.get("net", ""),
            "quote_gross": given.get("gross", ""),
            "quote_currency": given.get("currency") or str(turn.desk.settings.get("currency", "")),
            "quote_valid_until": given.get("valid_until")
            or (today + timedelta(days=QUOTE_DAYS)).isoformat(),
            "quote_version": str(int(fields.get("quote_version", "0")) + 1),
            "quote_replaced": old,
        }
    )
    fresh = {d.number for d in turn.event.documents}
    return flag_documents(turn, "replaced", lambda d: d.kind == "quote" and d.number not in fresh)


@effect
def record_order(turn: Turn) -> Turn:
    """Keep the customer's order number and note an order that cites a replaced quote (F-51)."""
    order = turn.ticket.latest(*ORDER_KINDS)
    if order is None:
        return turn
    if cites_replaced_quote(turn.ticket, order):
        turn = turn.with_flags("old_quote_cited")
    number = "" if is_guessed(order) else order.fields.get("number", "")
    return turn.with_fields({"order_number": number})


@effect
def reject_order(turn: Turn) -> Turn:
    """Retire the order that was refused, so that the next one is looked at afresh."""
    turn = turn.without_flags("old_quote_cited")
    return flag_documents(turn, "replaced", lambda d: d.kind in ORDER_KINDS)


@effect
def record_consent(turn: Turn) -> Turn:
    """Keep who agreed in writing, when on the wall of the desk, and with which words (F-49)."""
    event = turn.event
    said = event.intent.words or event.said
    wall = event.requested_at.astimezone(ZoneInfo(turn.desk.time_zone))
    return turn.with_fields(
        {"written_consent": f"{wall:%Y-%m-%d %H:%M} {event.actor.address}: {said}"}
    )


@effect
def record_link(turn: Turn) -> Turn:
    """Keep the link that was sent instead of a file; it is never fetched (F-32)."""
    links = turn.event.mail.links if turn.event.mail else ()
    return turn.with_fields({"order_link": links[0]}) if links else turn


@effect
def record_receipt(turn: Turn) -> Turn:
    """Keep what arrived and when; a serial number that differs raises a flag (F-54)."""
    given = turn.event.arguments
    local_day = turn.event.at.astimezone(ZoneInfo(turn.desk.time_zone)).date()
    serial = given.get("serial", "")
    turn = turn.with_flags("material_here").with_fields(
        {"received_serial": serial, "received_on": given.get("date") or local_day.isoformat()}
    )
    differs = serial and plain(serial) != plain(turn.ticket.fields.get("serial", ""))
    return turn.with_flags("serial_anomaly") if differs else turn.without_flags("serial_anomaly")
