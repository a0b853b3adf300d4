"""A mail to a running `savd run` comes back as a notice at a real SMTP server."""

import imaplib
import shutil
import smtplib
import subprocess
import sys
import time
from email import message_from_bytes, policy

import pytest

from .running import (
    ADDRESS,
    ROOT,
    configure,
    introduce,
    mail,
    open_sink,
    open_store,
    running,
    wait_for,
)

ANNE = "anne@client.example"


@pytest.fixture
def sink():
    with open_sink() as opened:
        yield opened


@pytest.fixture
def file(tmp_path, sink):
    """A configuration with an SMTP and an LMTP door, that knows Anne."""
    written = configure(tmp_path, sink.port, doors=("smtp", "lmtp"))
    meet_anne(written)
    return written


def meet_anne(file):
    store = open_store(file)
    introduce(store, [ANNE])
    store.close()


def notice(sink):
    """Wait for one message at the sink and return it parsed, with its envelope sender."""
    wait_for(lambda: sink.relay.taken, "a notice")
    (taken,) = sink.relay.taken
    return message_from_bytes(taken.data, policy=policy.default), taken


def is_about_anne(message, taken):
    assert taken.recipient == ANNE
    assert message["To"].addresses[0].addr_spec == ANNE
    assert message["In-Reply-To"] == "<mail1@client.example>"
    assert message["Subject"].startswith("[DEM-000001]")
    assert message["Auto-Submitted"]
    assert "+" in message["Reply-To"].addresses[0].username
    text = message.get_body(("plain",)).get_content()
    assert "réexpédition" in text, "the notice asks for what is missing"
    return True


def test_by_smtp_with_smtplib(file, sink):
    with running(file) as savd:
        with smtplib.SMTP("127.0.0.1", savd.port("smtp"), timeout=20) as client:
            client.sendmail(ANNE, [ADDRESS], mail(1, ANNE))
        assert is_about_anne(*notice(sink))


def test_by_lmtp_with_smtplib(file, sink):
    with running(file) as savd:
        with smtplib.LMTP("127.0.0.1", savd.port("lmtp")) as client:
            client.sendmail(ANNE, [ADDRESS], mail(1, ANNE))
        assert is_about_anne(*notice(sink))


@pytest.mark.parametrize("client", [name for name in ["swaks"] if shutil.which(name)])
def test_by_smtp_with_another_client(file, sink, client):
    with running(file) as savd:
        command = [client, "--server", f"127.0.0.1:{savd.port('smtp')}", "--silent", "2"]
        command += ["--from", ANNE, "--to", ADDRESS, "--data", "-"]
        subprocess.run(command, input=mail(1, ANNE), check=True, timeout=30)
        assert is_about_anne(*notice(sink))


def test_by_imap_through_dovecot(tmp_path, sink, dovecot):
    user = f"e2e{time.monotonic_ns()}"
    mailbox = {"host": dovecot.host, "port": dovecot.port, "user": user}
    file = configure(tmp_path, sink.port, mailbox={**mailbox, "password": dovecot.password})
    meet_anne(file)
    with running(file) as savd:
        with imaplib.IMAP4(dovecot.host, dovecot.port) as client:
            client.login(user, dovecot.password)
            client.append("INBOX", None, None, mail(1, ANNE))
        assert is_about_anne(*notice(sink))
        assert "path=imap:box" in savd.text()
        with imaplib.IMAP4(dovecot.host, dovecot.port) as client:
            client.login(user, dovecot.password)
            client.select("INBOX")
            wait_for(
                lambda: client.uid("SEARCH", "KEYWORD", "$savd")[1] == [b"1"], "the keyword $savd"
            )
            assert client.uid("SEARCH", "SEEN")[1] == [b""], "read or unread is the people's"


def test_by_inject(file, sink):
    with running(file):
        command = [sys.executable, "-m", "daemon", "inject", "--rcpt", ADDRESS, "--from", ANNE]
        subprocess.run(
            [*command, "--config", file], input=mail(1, ANNE), check=True, timeout=30, cwd=ROOT
        )
        assert is_about_anne(*notice(sink))


def test_inject_before_the_daemon_runs_is_not_lost(file, sink):
    command = [sys.executable, "-m", "daemon", "inject", "--rcpt", ADDRESS, "--from", ANNE]
    subprocess.run(
        [*command, "--config", file], input=mail(1, ANNE), check=True, timeout=30, cwd=ROOT
    )
    with running(file):
        assert is_about_anne(*notice(sink))


def test_sigterm_ends_it_soon_with_exit_code_0(file, sink):
    with running(file) as savd:
        client = smtplib.SMTP("127.0.0.1", savd.port("smtp"), timeout=20)
        for number in range(1, 30):
            client.sendmail(ANNE, [ADDRESS], mail(number, ANNE))
        code, seconds = savd.terminate()  # with the client still on the line
        client.close()
        assert code == 0, savd.text()
        assert seconds < 10
        assert " stopped " in savd.text()
    store = open_store(file)
    with store.read() as tx:
        kept = tx.exec_driver_sql("SELECT count(*) FROM journal").scalar()
    store.close()
    assert kept == 29, "what was acknowledged is kept"
