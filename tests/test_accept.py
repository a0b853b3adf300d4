"""Group commit: what a resolved or failed future promises (daemon.accept) (X-44)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import wait
from datetime import UTC, datetime

import pytest

from daemon.accept import GROUP_MAILS, Acceptance
from handlers.envelope import Envelope, RawMail
from handlers.errors import StoreUnavailable


def mail(text: str = "x") -> RawMail:
    envelope = Envelope(
        reverse_path="ann@customer.example",
        recipients=("rma@desk.example",),
        path="smtp",
        received_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
    )
    return RawMail(data=text.encode(), envelope=envelope)


class Store:
    """A journal that remembers its groups and can be told to wait or to fail."""

    def __init__(self) -> None:
        self.groups: list[list[bytes]] = []
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None

    def append(self, batch: Sequence[RawMail]) -> None:
        self.entered.release()
        assert self.gate.wait(10)
        if self.error:
            raise self.error
        self.groups.append([raw.data for raw in batch])


def test_a_resolved_future_means_the_mail_is_stored() -> None:
    store = Store()
    acceptance = Acceptance(store.append)
    acceptance.accept(mail("one")).result(10)
    assert store.groups == [[b"one"]]
    acceptance.close()


def test_mails_that_wait_together_share_one_write_in_their_order() -> None:
    store = Store()
    store.gate.clear()
    acceptance = Acceptance(store.append)
    first = acceptance.accept(mail("first"))
    assert store.entered.acquire(timeout=10)
    rest = [acceptance.accept(mail(str(number))) for number in range(20)]
    assert not first.done()
    store.gate.set()
    wait([first, *rest], timeout=10)
    assert store.groups == [[b"first"], [str(number).encode() for number in range(20)]]
    acceptance.close()


def test_a_group_has_a_bound() -> None:
    """A long queue is written in several transactions, none of them endless."""
    store = Store()
    store.gate.clear()
    acceptance = Acceptance(store.append, gather=0)
    futures = [acceptance.accept(mail()) for _ in range(2 * GROUP_MAILS + 7)]
    store.gate.set()
    wait(futures, timeout=10)
    assert sum(map(len, store.groups)) == len(futures)
    assert max(map(len, store.groups)) <= GROUP_MAILS
    acceptance.close()


def test_a_failed_write_fails_the_whole_group_and_only_it() -> None:
    store = Store()
    store.error = StoreUnavailable("disk full")
    acceptance = Acceptance(store.append)
    failed = acceptance.accept(mail("lost to us, kept by the sender"))
    assert isinstance(failed.exception(10), StoreUnavailable)
    store.error = None
    acceptance.accept(mail("next")).result(10)
    assert store.groups == [[b"next"]]  # nothing is retried silently
    acceptance.close()


def test_a_program_error_in_the_store_does_not_end_the_writer() -> None:
    store = Store()
    store.error = ZeroDivisionError("a bug")
    acceptance = Acceptance(store.append)
    assert isinstance(acceptance.accept(mail()).exception(10), ZeroDivisionError)
    store.error = None
    acceptance.accept(mail()).result(10)
    acceptance.close()


def test_a_full_queue_refuses_at_once() -> None:
    store = Store()
    store.gate.clear()
    acceptance = Acceptance(store.append, gather=0, depth=2)
    first = acceptance.accept(mail())
    assert store.entered.acquire(timeout=10)
    waiting = [acceptance.accept(mail()) for _ in range(2)]
    with pytest.raises(StoreUnavailable, match="2 mails wait"):
        acceptance.accept(mail()).result(0)
    store.gate.set()
    wait([first, *waiting], timeout=10)
    acceptance.accept(mail()).result(10)
    acceptance.close()


def test_the_queue_is_bounded_in_octets_too() -> None:
    store = Store()
    store.gate.clear()
    acceptance = Acceptance(store.append, gather=0, depth_bytes=10)
    acceptance.accept(mail("in the writer"))
    assert store.entered.acquire(timeout=10)
    big = acceptance.accept(mail("bigger than the bound, but alone"))
    with pytest.raises(StoreUnavailable):
        acceptance.accept(mail("x")).result(0)
    store.gate.set()
    big.result(10)
    acceptance.close()


def test_close_writes_what_waits_and_refuses_what_follows() -> None:
    store = Store()
    store.gate.clear()
    acceptance = Acceptance(store.append)
    futures = [acceptance.accept(mail()) for _ in range(5)]
    closing = threading.Thread(target=acceptance.close)
    closing.start()
    store.gate.set()
    closing.join(10)
    assert not closing.is_alive()
    assert all(future.done() and not future.exception() for future in futures)
    with pytest.raises(StoreUnavailable, match="stopping"):
        acceptance.accept(mail()).result(0)


def test_the_pipeline_is_woken_once_a_group_and_its_trouble_harms_no_mail() -> None:
    woken = threading.Semaphore(0)

    def wake() -> None:
        woken.release()
        raise RuntimeError("deaf")

    store = Store()
    acceptance = Acceptance(store.append, on_accepted=wake)
    acceptance.accept(mail()).result(10)
    assert woken.acquire(timeout=10)
    acceptance.accept(mail()).result(10)
    assert woken.acquire(timeout=10)
    acceptance.close()


def test_many_threads_may_accept_at_once() -> None:
    store = Store()
    acceptance = Acceptance(store.append)

    def send(name: int) -> None:
        for number in range(50):
            acceptance.accept(mail(f"{name}-{number}")).result(10)

    threads = [threading.Thread(target=send, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    stored = [data for group in store.groups for data in group]
    assert len(stored) == len(set(stored)) == 400
    acceptance.close()
