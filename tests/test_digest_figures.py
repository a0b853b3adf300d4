"""How tickets stood on any day is told by their history, not by how they stand today."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from handlers.desk import Agent, Desk
from handlers.digest.figures import figures_of, is_late, spread_of
from handlers.digest.record import Move, Record
from handlers.digest.standing import standings
from handlers.workflow_file import shipped

RMA = shipped("rma")
DESK = Desk(name="rma", workflow="rma", addresses=("rma@desk.example",))
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def move(at, transition, source, target):
    return Move(at=at, transition=transition, source=source, target=target)


def a_record(number=1, *moves, **changes):
    opened = moves[0].at if moves else MONDAY
    given = {"id": number, "key": f"RMA-{number}", "opened_at": opened, "requested_at": opened}
    return Record(**{**given, "state": "closed", "moves": moves, **changes})


def walked(number=1, start=MONDAY, **changes):
    """A ticket that went from study to quote to order, was closed and reopened."""
    return a_record(
        number,
        move(start, "F-T1", "new", "submitted"),
        move(start + HOUR, "F-T3", "submitted", "in_study"),
        move(start + 2 * DAY, "F-T5", "in_study", "quote_due"),
        move(start + 3 * DAY, "F-T7", "quote_due", "quote_sent"),
        move(start + 3 * DAY, "", "quote_sent", "quote_sent"),
        move(start + 5 * DAY, "F-T8", "quote_sent", "order_to_check"),
        move(start + 9 * DAY, "", "order_to_check", "closed"),
        move(start + 10 * DAY, "F-T21", "closed", "in_study"),
        **changes,
    )


def stood(*records, at, since=None):
    return standings(records, RMA, DESK, since=since or at - DAY, at=at)


def one(record, at, since=None):
    (found,) = stood(record, at=at, since=since)
    return found


def figures(found, at, since=None):
    return figures_of(found, since=since or at - DAY, at=at, worked=lambda a, b: b - a)


def test_a_ticket_stood_in_the_state_of_its_last_move():
    told = {
        HOUR / 2: ("submitted", MONDAY),
        DAY: ("in_study", MONDAY + HOUR),
        4 * DAY: ("quote_sent", MONDAY + 3 * DAY),
        9.5 * DAY: ("closed", MONDAY + 9 * DAY),
        11 * DAY: ("in_study", MONDAY + 10 * DAY),
    }
    for later, (state, since) in told.items():
        found = one(walked(), MONDAY + later)
        assert (found.state, found.since) == (state, since)


def test_a_move_counts_from_its_very_instant():
    assert one(walked(), MONDAY).state == "submitted"
    assert stood(walked(), at=MONDAY - timedelta(microseconds=1)) == ()


def test_a_ticket_without_history_stands_where_it_is_and_before_its_first_move_where_that_came_from():
    assert one(a_record(state="in_study"), MONDAY + DAY).state == "in_study"
    later = a_record(1, move(MONDAY + 2 * DAY, "F-T5", "in_study", "quote_due"), opened_at=MONDAY)
    assert (one(later, MONDAY + DAY).state, one(later, MONDAY + DAY).since) == ("in_study", MONDAY)


def test_a_state_that_the_process_no_longer_has_is_left_out():
    assert stood(a_record(state="gone"), at=MONDAY + DAY) == ()


def test_the_team_is_the_one_last_asked_unless_somebody_has_the_ticket():
    assert one(walked(), MONDAY + DAY).team == "after_sales"
    assert one(walked(), MONDAY + 4 * DAY).team == "sales"
    assert one(walked(assignee="logistics"), MONDAY + 4 * DAY).team == "logistics"
    assert one(walked(assignee="ana@desk.example"), MONDAY + 4 * DAY).team == "sales"
    assert one(a_record(state="in_study"), MONDAY + DAY).team == "after_sales"
    assert one(a_record(state="quote_due"), MONDAY + DAY).team == "sales"


def test_what_waits_for_us_is_due_when_the_team_is_told_that_it_waits():
    """T-etude: two business days from the submission, whatever state of the clock came between."""
    assert one(walked(), MONDAY + DAY).due == MONDAY + 2 * DAY
    assert one(walked(), MONDAY + 2 * DAY).due == MONDAY + 7 * DAY  # three business days
    assert one(walked(), MONDAY + 4 * DAY).due is None  # it is the customer's turn
    assert one(walked(), MONDAY + 6 * DAY).due == MONDAY + 7 * DAY  # a Saturday: the next Monday


def test_while_a_question_is_open_it_is_the_customers_turn_and_the_clock_stands_still():
    """Asked a day before it is due, answered a week later: a day is left (T-etude, X-27)."""
    asked = move(MONDAY + DAY, "", "in_study", "in_study")
    ours = replace(asked, why="#info", actor="ana@desk.example")
    later = replace(asked, at=asked.at + HOUR, why="#note", actor="ana@desk.example")
    theirs = replace(asked, at=MONDAY + 8 * DAY, actor="anne@client.example", transition="C-5")
    first = walked().moves[:2]
    desk = replace(DESK, agents=(Agent(address="ana@desk.example", name="Ana"),))

    def at(when, *moves):
        record = a_record(1, *first, *moves)
        (found,) = standings([record], RMA, desk, since=MONDAY, at=when)
        return found.turn, found.due

    assert at(MONDAY + 6 * DAY, ours, later) == ("customer", None)
    assert at(MONDAY + 9 * DAY, ours, later, theirs) == ("desk", MONDAY + 9 * DAY)
    moved = move(MONDAY + 2 * DAY, "F-T5", "in_study", "quote_due")
    assert at(MONDAY + 3 * DAY, ours, later, moved) == ("desk", MONDAY + 7 * DAY)


def test_figures_count_whose_turn_it_is():
    at = MONDAY + 4 * DAY
    found = stood(walked(1), walked(2, at - HOUR), walked(3, at - 15 * DAY), at=at)
    told = figures(found, at)
    assert (told.ours, told.theirs, told.new, told.closed, told.late) == (2, 1, 1, 0, 1)
    assert [one.record.id for one in told.waiting] == [3, 2]
    assert told.oldest.record.id == 3


def test_what_was_closed_in_the_period_counts_and_what_came_back_does_not():
    at = MONDAY + 9 * DAY + HOUR
    closed = figures(stood(walked(), at=at), at)
    assert (closed.closed, closed.close.middle) == (1, 9 * DAY)
    reopened = figures(stood(walked(), at=at + DAY), at + DAY)
    assert (reopened.closed, reopened.close, reopened.ours) == (0, None, 1)


def test_the_worst_comes_first():
    """Late before the rest, then what is urgent to the team, then what is due next."""
    at = MONDAY + DAY
    records = [
        walked(1, at - HOUR),
        walked(2, at - 2 * HOUR, priority="low"),
        walked(3, at - 3 * HOUR),
        walked(4, at - 30 * DAY, priority="low"),
        walked(5, at - HOUR, priority="high"),
    ]
    told = figures(stood(*records, at=at), at)
    assert [one.record.id for one in told.waiting] == [4, 5, 3, 1, 2]
    assert [is_late(one, at) for one in told.waiting] == [True, False, False, False, False]


def test_first_answers_count_when_they_were_given():
    at = MONDAY + DAY
    given = [walked(1, answered_at=at - HOUR), walked(2, answered_at=at - 2 * DAY), walked(3)]
    answer = figures(stood(*given, at=at), at).answer
    assert (answer.count, answer.middle) == (1, 23 * HOUR)


def test_median_and_ninth_of_ten():
    hours = [n * HOUR for n in range(1, 21)]
    told = spread_of(reversed(hours))
    assert (told.count, told.middle, told.most) == (20, 10.5 * HOUR, 18 * HOUR)
    assert spread_of([HOUR]).most == HOUR
    assert spread_of([]) is None
