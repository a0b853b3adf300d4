"""SMTP and LMTP intake over real sockets: 250 only when durable, and every known trap closed."""

from __future__ import annotations

import asyncio
import ipaddress
import resource
import smtplib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.accept import Acceptance
from daemon.smtp.listeners import listen
from daemon.smtp.reception import Door, Limits
from handlers.errors import StoreUnavailable

from .listening import PATIENCE, Journal, Served, Wire, serve
from .tls import client_context, server_context

MAIL = b"Subject: pump\r\n\r\nIt leaks.\r\n"


def door(protocol: str = "smtp", **limits: float) -> Door:
    return Door(
        hostname="desk.example",
        protocol="lmtp" if protocol == "lmtp" else "smtp",
        limits=Limits(**limits),  # type: ignore[arg-type] # sizes are whole where they must be
    )


@pytest.fixture
def smtp() -> Iterator[Served]:
    with serve(door("smtp")) as served:
        yield served


@pytest.fixture
def lmtp() -> Iterator[Served]:
    with serve(door("lmtp")) as served:
        yield served


# The promise


def test_an_ordinary_client_delivers_the_bytes_and_the_envelope(smtp: Served) -> None:
    with smtplib.SMTP("127.0.0.1", smtp.port, timeout=PATIENCE) as client:
        client.sendmail("ann@customer.example", ["rma+42.token@desk.example"], MAIL)
    raw = smtp.journal.wait()
    assert raw.data == MAIL
    assert raw.envelope.reverse_path == "ann@customer.example"
    assert raw.envelope.recipients == ("rma+42.token@desk.example",)
    assert (raw.envelope.path, raw.envelope.peer) == ("smtp", "127.0.0.1")
    assert raw.envelope.received_at.tzinfo is not None


def test_250_comes_after_the_mail_is_durable_and_not_before(smtp: Served) -> None:
    smtp.journal.held_back = []
    with Wire(smtp.port) as wire:
        wire.begin()
        wire.send(MAIL + b".\r\n")
        smtp.journal.wait()
        wire.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        smtp.journal.held_back[0].set_result(None)
        wire.socket.settimeout(PATIENCE)
        assert wire.socket.recv(100) == b"250 2.0.0 Accepted\r\n"


@pytest.mark.parametrize(
    "error", [StoreUnavailable("canary-7351"), ZeroDivisionError("canary-7351")]
)
def test_trouble_of_ours_is_451_and_shows_nothing(smtp: Served, error: Exception) -> None:
    smtp.journal.error = error
    with Wire(smtp.port) as wire:
        wire.begin()
        reply = wire.say(MAIL + b".")[0]
        assert reply.startswith("451 4.3.0")
        assert "canary" not in reply
        smtp.journal.error = None
        assert wire.say("MAIL FROM:<>", "RCPT TO:<rma@desk.example>")[1].startswith("250")


def test_trouble_while_judging_a_recipient_is_451_and_shows_nothing(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        said = wire.say("EHLO x", "MAIL FROM:<a@x.example>", "RCPT TO:<trouble@desk.example>")
        assert said[-1].startswith("451 4.3.0")
        assert "canary" not in said[-1]


def test_a_store_that_takes_too_long_is_451() -> None:
    with serve(door(store_seconds=0.2)) as served:
        served.journal.held_back = []
        with Wire(served.port) as wire:
            wire.begin()
            assert wire.say(MAIL + b".")[0].startswith("451 4.3.0")
        assert not served.journal.held_back[0].cancelled()


def test_a_client_that_goes_away_does_not_cancel_the_store(smtp: Served) -> None:
    smtp.journal.held_back = []
    with Wire(smtp.port) as wire:
        wire.begin()
        wire.send(MAIL + b".\r\n")
        smtp.journal.wait()
    with Wire(smtp.port) as wire:  # the loop has seen the end of the first connection by now
        wire.say("NOOP", "QUIT")
    assert not smtp.journal.held_back[0].cancelled()


def test_a_client_that_closes_its_half_still_hears_the_answers(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.begin()
        wire.send(MAIL + b".\r\nNOOP\r\n")
        wire.socket.shutdown(socket.SHUT_WR)
        assert wire.rest() == "250 2.0.0 Accepted\r\n250 2.0.0 OK\r\n"


def test_a_mail_cut_off_is_not_accepted(smtp: Served) -> None:
    for end in (b"", b"\r\n", b"\r\n.", b"\r\n.\r"):
        with Wire(smtp.port) as wire:
            wire.begin()
            wire.send(MAIL + b"half a sentence" + end)
            wire.socket.shutdown(socket.SHUT_WR)
            assert "250" not in wire.rest()
    assert smtp.journal.mails == []


def test_with_the_group_commit_every_250_is_a_stored_mail() -> None:
    """Forty clients at once, each its own connection, all through one Acceptance."""
    stored: list[bytes] = []
    acceptance = Acceptance(lambda batch: stored.extend(raw.data for raw in batch))
    journal = Journal()
    journal.accept = acceptance.accept  # type: ignore[method-assign]
    with serve(door(connections_per_peer=100), journal) as served:

        def send(name: int) -> None:
            with smtplib.SMTP("127.0.0.1", served.port, timeout=PATIENCE) as client:
                for number in range(5):
                    text = f"Subject: {name}-{number}\r\n\r\n".encode()
                    client.sendmail("a@x.example", ["rma@desk.example"], text)

        threads = [threading.Thread(target=send, args=(name,)) for name in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    acceptance.close()
    assert len(stored) == len(set(stored)) == 200


# Octets


def test_dots_are_unstuffed_exactly_once(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.begin()
        assert wire.say(b"..one\r\n...two\r\n.three\r\nfour.\r\n..\r\n.")[0].startswith("250")
    assert smtp.journal.wait().data == b".one\r\n..two\r\nthree\r\nfour.\r\n.\r\n"


def test_an_empty_mail_is_a_mail(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.begin()
        assert wire.say(b".")[0].startswith("250")
    assert smtp.journal.wait().data == b""


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_the_end_mark_is_seen_however_it_is_cut(size: int) -> None:
    wanted = b"Subject: x\r\n\r\n.\ra\r\n\r\n"
    with serve(door("lmtp")) as served, Wire(served.port) as wire:
        wire.begin(greeting="LHLO")
        wire.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stuffed = b"Subject: x\r\n\r\n..\ra\r\n\r\n.\r\nNOOP\r\n"
        for start in range(0, len(stuffed), size):
            wire.send(stuffed[start : start + size])
        assert wire.reply().startswith("250")
        assert wire.reply().startswith("250")
        assert served.journal.wait().data == wanted


@pytest.mark.parametrize(
    "false_end",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r.\r",
        b"\r\n.\n",
        b"\r\n.\r",
        b"\r\n\0.\r\n",
        b"\r.\r\n",
        b"\n\n.\r\r\n",
    ],
)
@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_nothing_but_crlf_dot_crlf_ends_a_mail(protocol: str, false_end: bytes) -> None:
    """SMTP smuggling: what follows a false end stays inside the mail or the mail is refused."""
    smuggled = b"MAIL FROM:<boss@desk.example>\r\nRCPT TO:<rma@desk.example>\r\nDATA\r\nevil\r\n"
    with serve(door(protocol)) as served:
        with Wire(served.port) as wire:
            wire.begin(greeting="LHLO" if protocol == "lmtp" else "EHLO")
            reply = wire.say(MAIL + b"x" + false_end + smuggled + b".")[0]
            assert wire.say("NOOP")[0].startswith("250")
        bare = b"\0" not in false_end and protocol == "smtp"
        assert reply.startswith("550 5.6.11" if bare else "250"), reply
        assert len(served.journal.mails) == (0 if bare else 1)
        for raw in served.journal.mails:
            assert raw.envelope.reverse_path == "ann@customer.example"
            assert b"evil" in raw.data


def test_lmtp_keeps_bare_newlines_as_they_are(lmtp: Served) -> None:
    with Wire(lmtp.port) as wire:
        wire.begin(greeting="LHLO")
        assert wire.say(b"a\nb\rc\r\n.")[0].startswith("250")
    assert lmtp.journal.wait().data == b"a\nb\rc\r\n"


@pytest.mark.parametrize("length", [998, 1001, 65_534, 65_535, 65_536, 65_537, 200_000])
def test_long_lines_are_kept(smtp: Served, length: int) -> None:
    mail = b"Subject: x\r\n\r\n" + b"y" * length + b"\r\nend\r\n"
    with Wire(smtp.port) as wire:
        wire.begin()
        assert wire.say(mail + b".")[0].startswith("250")
    assert smtp.journal.wait().data == mail


def test_too_many_hops_is_a_loop(smtp: Served) -> None:
    hop = b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0100\r\n"
    with Wire(smtp.port) as wire:
        for hops, code in ((100, "250"), (101, "554 5.4.6")):
            wire.begin()
            text = hop * hops + b"Subject: x\r\n\r\n" + hop * 200  # in the body they are text
            assert wire.say(text + b".")[0].startswith(code)


# Size and memory


def test_a_mail_over_the_limit_is_552_and_the_next_one_is_taken() -> None:
    with serve(door(size=100_000)) as served, Wire(served.port) as wire:
        wire.begin()
        assert wire.say(b"x" * 100_001 + b"\r\n.")[0].startswith("552 5.3.4")
        wire.begin()
        assert wire.say(b"x" * 99_998 + b"\r\n.")[0].startswith("250")
        assert [len(raw.data) for raw in served.journal.mails] == [100_000]


def test_a_declared_size_over_the_limit_is_refused_at_once(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        said = wire.say("EHLO x", "MAIL FROM:<a@x.example> SIZE=99999999999999999999")
        assert said[1].startswith("552 5.3.4")


def test_a_declared_size_is_not_believed(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.say("EHLO x", "MAIL FROM:<a@x.example> SIZE=10", "RCPT TO:<rma@desk.example>", "DATA")
        assert wire.say(b"x" * 300_000 + b"\r\n.")[0].startswith("250")


@pytest.mark.parametrize("unit", [b"x" * 65_536, b"x" * 1000 + b"\r\n"], ids=["endless", "lines"])
def test_a_flood_in_data_is_cut_and_takes_no_memory(unit: bytes) -> None:
    limit = 1 << 20
    with serve(door(size=limit)) as served, Wire(served.port) as wire:
        wire.begin()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with pytest.raises(ConnectionError):
            for _ in range((200 << 20) // len(unit)):
                wire.send(unit)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown < 16 * 1024, f"{grown} KiB more"
        assert served.journal.mails == []


def test_memory_of_all_connections_together_is_bounded() -> None:
    with serve(door(held=200_000)) as served, Wire(served.port) as slow, Wire(served.port) as wire:
        slow.begin()
        slow.send(b"x" * 150_000)
        wire.begin()
        while True:  # the slow one's octets may still be on their way
            reply = wire.say(b"y" * 150_000 + b"\r\n.")[0]
            if not reply.startswith("250"):
                break
            wire.begin()
        assert reply.startswith("452 4.3.1")
        assert slow.say(b"\r\n.")[0].startswith("250")
        wire.begin()
        assert wire.say(b"y" * 150_000 + b"\r\n.")[0].startswith("250")


# Commands


def test_the_extensions_are_announced(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        assert wire.banner == "220 desk.example ESMTP savd"
        lines = wire.say("EHLO client.example")[0].splitlines()
    assert lines[0] == "250-desk.example"
    names = {line[4:].split()[0] for line in lines[1:]}
    assert names == {"PIPELINING", "SIZE", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "HELP"}


def test_commands_may_be_pipelined(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.send(
            b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<rma@desk.example>\r\n"
            b"RCPT TO:<nobody@desk.example>\r\nDATA\r\n"
        )
        replies = [wire.reply()[:9] for _ in range(5)]
        assert replies == ["250-desk.", "250 2.1.0", "250 2.1.5", "550 5.1.1", "354 End d"]
        wire.send(MAIL + b".\r\nMAIL FROM:<b@x.example>\r\nRSET\r\nQUIT\r\n")
        assert [wire.reply()[:3] for _ in range(4)] == ["250", "250", "250", "221"]
    assert smtp.journal.wait().data == MAIL


def test_an_early_talker_does_not_confuse_the_dialogue(smtp: Served) -> None:
    with Wire(smtp.port, banner=False) as wire:
        wire.send(
            b"EHLO x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<rma@desk.example>\r\nDATA\r\n"
            + MAIL + b".\r\nMAIL FROM:<b@x.example>\r\nQUIT\r\n"
        )  # fmt: skip
        assert [wire.reply()[:3] for _ in range(8)] == [
            *("220", "250", "250", "250", "354", "250", "250", "221")
        ]
    assert smtp.journal.wait().data == MAIL


def test_unknown_recipients_are_refused_at_rcpt(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.say("EHLO x", "MAIL FROM:<a@x.example>")
        for address in (
            "nobody@desk.example",
            "victim@other.example",
            '"victim@other.example"@desk.example',
            "victim%other.example@desk.example",
            "@desk.example:victim@other.example",
            "",
        ):
            assert wire.say(f"RCPT TO:<{address}>")[0].startswith("550 5.1.1"), address
        assert wire.say("DATA")[0].startswith("503")


@pytest.mark.parametrize(
    "path",
    [b"<a\0b@x>", b"<a@x\rRCPT TO:<b@y>>", b"<a@x", b"a b@x", b"<a@x>y", b"<\xff@x>", b"<@>",
     b"<" + b"a" * 400 + b"@x>"],
)  # fmt: skip
def test_malformed_paths_are_refused(smtp: Served, path: bytes) -> None:
    with Wire(smtp.port) as wire:
        wire.say("EHLO x")
        assert wire.say(b"MAIL FROM:" + path)[0][:3] in {"501", "553"}


@pytest.mark.parametrize(
    "path", ["<>", "<o'hara+x=y@x.example>", '<"a b"@x.example>', "a@x", " <a@[1.2.3.4]>"]
)
def test_unusual_paths_are_taken(smtp: Served, path: str) -> None:
    with Wire(smtp.port) as wire:
        assert wire.say("EHLO x", f"MAIL FROM:{path} BODY=8BITMIME")[1].startswith("250 2.1.0")


def test_the_null_path_is_empty_in_the_envelope(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.say("EHLO x", "MAIL FROM:<>", "RCPT TO:<rma@desk.example>", "DATA")
        wire.say(MAIL + b".")
    assert smtp.journal.wait().envelope.reverse_path == ""


def test_internationalised_addresses_need_the_parameter(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.say("EHLO x")
        assert wire.say("MAIL FROM:<jürg@größe.example>")[0].startswith("553 5.6.7")
        assert wire.say("MAIL FROM:<jürg@größe.example> SMTPUTF8")[0].startswith("250")
        wire.say("RCPT TO:<rma@desk.example>", "DATA", MAIL + b".")
    assert smtp.journal.wait().envelope.reverse_path == "jürg@größe.example"


def test_a_mail_may_have_many_recipients_but_not_endless(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.say("EHLO x", "MAIL FROM:<a@x.example>")
        said = wire.say(*[f"RCPT TO:<rma+{n}@desk.example>" for n in range(101)])
        assert [reply[:3] for reply in said] == ["250"] * 100 + ["452"]
        wire.say("DATA", MAIL + b".")
    assert len(smtp.journal.wait().envelope.recipients) == 100


@pytest.mark.parametrize("command", ["RSET", "NOOP", "VRFY a", "HELP", "EHLO x"])
def test_chatter_ends_in_421(smtp: Served, command: str) -> None:
    with Wire(smtp.port) as wire:
        said = wire.say("EHLO x", *[command] * 100)  # the greeting is one of them
        assert said[-2][:2] == "25"
        assert said[-1].startswith("421 4.7.0")
        assert wire.rest() == ""


def test_harvesting_recipients_ends_in_421(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        wire.say("EHLO x", "MAIL FROM:<a@x.example>")
        said = wire.say(*[f"RCPT TO:<u{n}@desk.example>" for n in range(100)])
        assert said[0].startswith("550 5.1.1")
        assert said[-1].startswith("421 4.7.0")


def test_a_busy_connection_may_send_rset_before_every_mail(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        for _ in range(120):
            wire.begin()
            assert wire.say(MAIL + b".", "RSET")[0].startswith("250")
    assert len(smtp.journal.mails) == 120


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", "421"),
        (b"\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03" + bytes(180), ""),
        (b"A" * 5_000_000, "500 5.5.2"),
        (b"EHLO " + b"a" * 200_000 + b"\r\nNOOP\r\n", "500 5.5.2"),
    ],
    ids=["http", "tls", "flood", "long-command"],
)
def test_what_is_not_smtp_is_sent_away(smtp: Served, said: bytes, heard: str) -> None:
    with Wire(smtp.port) as wire:
        try:
            wire.send(said)
        except ConnectionError:
            return  # sent away before it had finished
        assert wire.reply().startswith(heard)


def test_auth_bdat_and_expn_are_not_offered(smtp: Served) -> None:
    with Wire(smtp.port) as wire:
        said = wire.say("EHLO x", "AUTH PLAIN AGEAYg==", "BDAT 99999999 LAST", "EXPN rma")
        assert [reply[:3] for reply in said[1:]] == ["500", "500", "502"]
        assert wire.say(b"EHLO \xff\xfe\x80")[0].startswith("501")


def test_starttls_and_what_was_said_before_it_counts_for_nothing(tmp_path: Path) -> None:
    """Commands slipped in behind STARTTLS in the clear are dropped (CVE-2024-34083)."""
    secure = Door(hostname="desk.example", protocol="smtp", tls=server_context(tmp_path))
    with serve(secure) as served:
        with smtplib.SMTP("localhost", served.port, timeout=PATIENCE) as client:
            client.ehlo()
            assert client.has_extn("starttls")
            client.starttls(context=client_context())
            client.sendmail("a@x.example", ["rma@desk.example"], MAIL)
        assert served.journal.wait().data == MAIL
        with Wire(served.port) as wire:
            wire.say("EHLO x")
            wire.send(b"STARTTLS\r\nMAIL FROM:<evil@x.example>\r\n")
            assert wire.reply().startswith("220")
            with client_context().wrap_socket(wire.socket, server_hostname="localhost") as tls:
                tls.sendall(b"RCPT TO:<rma@desk.example>\r\n")
                assert tls.recv(100).startswith(b"503 5.5.1")
                tls.sendall(b"EHLO x\r\n")
                assert b"STARTTLS" not in tls.recv(1000)


# LMTP


@pytest.mark.parametrize("count", [1, 3])
def test_lmtp_answers_once_for_each_recipient_on_every_path(count: int) -> None:
    with serve(door("lmtp", size=2000)) as served, Wire(served.port) as wire:
        recipients = [f"rma+{number}@desk.example" for number in range(count)]
        for error, data, code in (
            (None, b"hello", "250 2.0.0"),
            (StoreUnavailable("down"), b"hello", "451 4.3.0"),
            (None, b"x" * 2500, "552 5.3.4"),
            (None, b"Received: x\r\n" * 101, "554 5.4.6"),
        ):
            served.journal.error = error
            wire.begin(*recipients, greeting="LHLO")
            wire.send(data + b"\r\n.\r\nNOOP\r\n")
            assert [wire.reply()[:9] for _ in recipients] == [code] * count
            assert wire.reply() == "250 2.0.0 OK"  # and not one reply more


def test_lmtp_answers_for_a_recipient_named_twice(lmtp: Served) -> None:
    """The MTA counts its RCPT commands; the envelope names the recipient once."""
    with Wire(lmtp.port) as wire:
        wire.begin("rma@desk.example", "rma@desk.example", greeting="LHLO")
        wire.send(MAIL + b".\r\nNOOP\r\n")
        assert [wire.reply()[:9] for _ in range(3)] == ["250 2.0.0"] * 3
    assert lmtp.journal.wait().envelope.recipients == ("rma@desk.example",)


def test_lmtp_counts_only_accepted_recipients(lmtp: Served) -> None:
    with Wire(lmtp.port) as wire:
        wire.say("LHLO x", "MAIL FROM:<a@x.example>", "RCPT TO:<nobody@desk.example>")
        wire.say("RCPT TO:<rma@desk.example>", "DATA")
        wire.send(MAIL + b".\r\nQUIT\r\n")
        assert wire.rest() == "250 2.0.0 Accepted\r\n221 2.0.0 Bye\r\n"


def test_lmtp_works_with_an_ordinary_client_and_refuses_ehlo(lmtp: Served) -> None:
    with smtplib.LMTP("127.0.0.1", lmtp.port, timeout=PATIENCE) as client:
        assert client.sendmail("a@x.example", ["rma@desk.example"], MAIL) == {}
    assert lmtp.journal.wait().envelope.path == "lmtp"
    with Wire(lmtp.port) as wire:
        assert wire.say("EHLO x")[0].startswith("500 5.5.1")
        assert wire.say("HELO x")[0].startswith("500 5.5.1")


# Limits and time


def test_connections_are_limited_in_total_and_per_peer() -> None:
    with serve(door(connections=3, connections_per_peer=2)) as served:
        with Wire(served.port), Wire(served.port):
            with Wire(served.port) as third:
                assert third.banner.startswith("421 4.7.0 Too many connections from your address")
                assert third.rest() == ""
            with (
                Wire(served.port, source="127.0.0.2"),
                Wire(served.port, source="127.0.0.3") as late,
            ):
                assert late.banner.startswith("421 4.7.0 Too many connections,")
        with Wire(served.port) as wire:  # they gave their places back
            assert wire.banner.startswith(("220", "421"))


def test_only_invited_peers_are_served() -> None:
    invited = Door(
        hostname="desk.example", protocol="smtp", peers=(ipaddress.ip_network("127.0.0.8/29"),)
    )
    with serve(invited) as served:
        with Wire(served.port) as wire:
            assert wire.banner.startswith("554 5.7.1")
        with Wire(served.port, source="127.0.0.9") as wire:
            assert wire.banner.startswith("220")


@pytest.mark.parametrize("slow", [b"", b"NO", b"MAIL FROM:<a@x.example>\r\n"])
def test_a_silent_client_is_cut(slow: bytes) -> None:
    with serve(door(command_seconds=0.3)) as served, Wire(served.port) as wire:
        wire.send(b"EHLO x\r\n" + slow)
        assert wire.rest().endswith("421 4.4.2 Too slow, goodbye\r\n")


def test_a_dripping_client_is_cut() -> None:
    """One octet now and then keeps neither a command nor a mail alive."""
    for begun in (False, True):
        with serve(door(command_seconds=0.3, data_rate=500)) as served, Wire(served.port) as wire:
            if begun:
                wire.begin()
            wire.socket.settimeout(0.05)
            heard = b""
            for _ in range(400):
                try:
                    wire.send(b"x")
                    heard += wire.socket.recv(100)
                except TimeoutError:
                    continue
                except ConnectionError:
                    break
                if heard.endswith(b"\n"):
                    break
            assert heard.startswith(b"421 4.4.2"), heard


def test_a_slow_mail_that_keeps_the_rate_is_taken() -> None:
    """It takes longer than a command may, and that is fine."""
    with serve(door(command_seconds=0.4, data_rate=500)) as served, Wire(served.port) as wire:
        wire.begin()
        pause = threading.Event()
        for _ in range(10):
            wire.send(b"y" * 500 + b"\r\n")
            pause.wait(0.1)
        assert wire.say(b".")[0].startswith("250")


def test_the_total_time_of_a_mail_is_bounded() -> None:
    with serve(door(command_seconds=0.2, data_seconds=0.5)) as served, Wire(served.port) as wire:
        wire.begin()
        with pytest.raises(ConnectionError):
            for _ in range(10_000):
                wire.send(b"y" * 500 + b"\r\n")
                threading.Event().wait(0.01)
        assert served.journal.mails == []


def test_the_peers_clock_stands_still_while_we_store() -> None:
    with serve(door(command_seconds=0.2)) as served:
        served.journal.held_back = []
        with Wire(served.port) as wire:
            wire.begin()
            wire.send(MAIL + b".\r\n")
            served.journal.wait()
            threading.Event().wait(0.5)
            served.journal.held_back[0].set_result(None)
            assert wire.reply().startswith("250")


# Stopping


def test_stop_lets_mails_on_their_way_finish_and_sends_the_others_away() -> None:
    with serve(door()) as served:
        served.journal.held_back = []
        with Wire(served.port) as idle, Wire(served.port) as reading, Wire(served.port) as storing:
            idle.say("EHLO x")
            reading.begin()
            storing.begin()
            storing.send(MAIL + b".\r\n")
            served.journal.wait()
            stopped = served.stop()
            assert idle.rest() == "421 4.3.2 The service is stopping, please try again later\r\n"
            with pytest.raises(OSError, match="refused"):
                Wire(served.port)
            assert not stopped.done()
            served.journal.held_back[0].set_result(None)
            assert storing.reply().startswith("250")
            assert storing.reply().startswith("421 4.3.2")
            served.journal.held_back = None
            assert reading.say(MAIL + b".")[0].startswith("250")
            stopped.result(PATIENCE)
        assert len(served.journal.mails) == 2


def test_stop_is_bounded() -> None:
    with serve(door()) as served, Wire(served.port) as wire:
        wire.begin()
        served.stop(grace=0.1).result(PATIENCE)
        assert wire.rest() == ""
        assert served.journal.mails == []


def test_a_taken_port_is_an_error_at_once(smtp: Served) -> None:
    async def again() -> None:
        taken = Door(hostname="desk.example", port=smtp.port)
        await listen(taken, accept=smtp.journal.accept, known_recipient=lambda _: True)

    with pytest.raises(OSError, match="in use"):
        asyncio.run(again())
