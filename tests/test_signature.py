"""What leaves can be signed for its domain (DKIM): a library that shares nothing with us verifies it."""

import asyncio
import logging
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from functools import cache

import dkim
import pytest
from aiosmtpd.smtp import SMTP
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as ec_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from daemon.commands import run
from daemon.config.dkim import record_name, record_of, zone_line
from daemon.config.file import load
from daemon.dkim_records import record_findings
from daemon.office import offices_of
from daemon.rehearsal.tap import opened
from daemon.relay import RelayConnection, RelaySettings
from handlers.errors import ConfigError
from handlers.message import OutboxState
from storage.schema import outbox_raw
from templates.message import compose
from templates.sample import sample
from templates.signature import DomainKey, canonical_body, signed

from .golden_notices import cases
from .notice_desk import DESK, KEYS, WORKFLOW
from .stores import store, store_url
from .test_departure import send_to
from .test_digests import MANAGER, MONDAY, office, pipeline, sent, waiting

__all__ = ["store", "store_url"]

NOW = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
"""Long ago: the verifier goes by the machine's clock, and believes nothing that comes from the future."""


@cache
def rsa(bits=2048):
    return rsa_key(65537, bits)


@cache
def ed25519():
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def keys():
    """An RSA key and an Ed25519 key of the same domain."""
    return (
        DomainKey(domain="desk.example", selector="r1", private=rsa()),
        DomainKey(domain="desk.example", selector="e1", private=ed25519()),
    )


def written(name="N1", code="fr", signing=None):
    one = sample("rma", name, code)
    return compose(
        one.notice,
        ticket=one.ticket,
        desk=DESK,
        workflow=WORKFLOW,
        keys=KEYS,
        cause="m412",
        now=NOW,
        files=one.files,
        signing=keys() if signing is None else signing,
    )


def published(name, timeout=5):
    """The name server of the domain, as the verifier asks it."""
    zone = {f"{record_name(key)}.": record_of(key).encode() for key in keys()}
    return zone.get(name.decode() if isinstance(name, bytes) else name)


QUIET = logging.getLogger("quiet")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


def verdicts(data):
    """What the library says of each signature of a message."""
    read = dkim.DKIM(data, logger=QUIET)
    count = sum(name.lower() == b"dkim-signature" for name, _ in read.headers)
    told = []
    for index in range(count):
        try:
            told.append(read.verify(idx=index, dnsfunc=published))
        except dkim.ValidationError:
            told.append(False)
    return told


def tags(data):
    return [
        dkim.parse_tag_value(value)
        for name, value in dkim.rfc822_parse(data)[0]
        if name == b"DKIM-Signature"
    ]


@pytest.mark.parametrize("name, code", cases()[::5])
def test_both_signatures_of_a_notice_hold(name, code):
    assert verdicts(written(name, code).data) == [True, True]


def test_without_a_key_the_message_is_what_it_was_and_with_one_it_only_grows():
    bare = written(signing=()).data
    data = written().data
    assert data.endswith(b"\r\n" + bare)
    assert data.isascii()
    assert max(map(len, data.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 98


def test_the_same_message_is_signed_the_same_way():
    assert written().data == written().data


def test_what_is_signed_leaves_no_room_to_add_to():
    for told in tags(written().data):
        names = re.split(rb"\s*:\s*", told[b"h"].lower())
        assert names.count(b"from") == names.count(b"subject") == 2
        assert {b"to", b"reply-to", b"date", b"message-id", b"content-type"} <= set(names)
        assert {b"mime-version", b"auto-submitted"} <= set(names)
        assert b"l" not in told
        assert b"x" not in told
        assert told[b"c"] == b"relaxed/relaxed"
        assert told[b"t"] == str(int(NOW.timestamp())).encode()


@pytest.mark.parametrize(
    "old, new",
    [
        (b"Subject: [RMA", b"Subject: Re: [RMA"),
        (b"Subject: ", b"Subject: Win\r\nSubject: "),
        (b"From: ", b"From: boss@desk.example\r\nFrom: "),
        (b"Reply-To: <", b"Reply-To: <x"),
        (b"Auto-Submitted: auto-generated", b"Auto-Submitted: no"),
        (b"\r\n\r\n", b"\r\n\r\nPay here.\r\n"),
    ],
)
def test_whatever_is_changed_breaks_both(old, new):
    data = written().data
    head, mark, rest = data.partition(b"\r\nFrom: ")
    changed = head + (mark + rest).replace(old, new, 1)
    assert changed != data
    assert verdicts(changed) == [False, False]


def test_what_is_appended_breaks_both():
    assert verdicts(written().data + b"Pay here.\r\n") == [False, False]


def test_what_relays_do_to_blanks_and_line_ends_breaks_nothing():
    data = written().data
    folded = data.replace(b"From: SAV Exemple <", b"From:  SAV\r\n\tExemple <") + b"\r\n\r\n"
    assert folded != data + b"\r\n\r\n"
    assert verdicts(folded) == [True, True]


@given(
    st.lists(st.text(alphabet=" \t.ab=", max_size=12), max_size=8),
    st.sampled_from(["", "\r\n", "\r\n\r\n"]),
)
def test_bodies_are_hashed_as_the_library_hashes_them(lines, end):
    body = ("\r\n".join(lines) + end).encode()
    theirs = dkim.CanonicalizationPolicy.from_c_value(b"relaxed/relaxed").canonicalize_body(
        body if body.endswith(b"\r\n") or not body else body + b"\r\n"
    )
    assert canonical_body(body) == theirs


@given(st.binary(max_size=200).map(lambda b: b.hex(" ", 3).encode()))
def test_any_body_verifies(body):
    data = b"From: a@desk.example\r\nSubject: .\r\n\r\n" + body + b"\r\n.\r\n..\r\n"
    assert verdicts(signed(data, keys(), NOW)) == [True, True]


class Taken:
    """A server that keeps what it gets, byte by byte."""

    def __init__(self):
        self.data = []

    async def handle_DATA(self, server, session, envelope):
        self.data.append(envelope.original_content)
        return "250 OK"


def test_signatures_hold_after_a_trip_by_smtp():
    """Dots are doubled and taken off again, lines end in CRLF: the bytes that arrive are those signed."""
    body = b".\r\n..dots\r\n. \r\ntext = =C3=A9\r\n"
    made = written()
    head, _, rest = written(signing=()).data.partition(b"\r\n\r\n")
    plain = head + b"\r\n\r\n" + body + rest
    message = replace(made, data=signed(plain, keys(), NOW))
    taken = Taken()
    attempt = asyncio.run(_send(message, taken))
    assert attempt.state is OutboxState.SENT
    assert taken.data == [message.data]
    assert verdicts(taken.data[0]) == [True, True]


async def _send(message, taken):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(taken, hostname="relay.example"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    connection = RelayConnection(RelaySettings(host="127.0.0.1", port=port))
    try:
        return await connection.send(message)
    finally:
        await connection.quit()
        server.close()


SITE = """\
[desks.rma]
addresses = ["rma@sav.desk.example"]
"""
KEY = '[[dkim]]\ndomain = "{domain}"\nselector = "{selector}"\nkey_file = "{file}"\n'


def pem(private):
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Write a site with these keys: (domain, selector, what the key file holds)."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "k1").write_text("0" * 64)

    def write(*told):
        text = SITE
        for number, (domain, selector, content) in enumerate(told):
            text += KEY.format(domain=domain, selector=selector, file=f"dkim{number}")
            if content is not None:
                (tmp_path / f"dkim{number}").write_text(content)
                (tmp_path / f"dkim{number}").chmod(0o600)
        (tmp_path / "savd.toml").write_text(text)
        return tmp_path / "savd.toml"

    return write


def test_a_desk_signs_with_the_keys_of_its_domain_and_of_those_above(site):
    told = (("desk.example", "r1", pem(rsa())), ("sav.desk.example", "e1", pem(ed25519())))
    signing = offices_of(load(site(*told)))["rma"].signing
    assert [(one.domain, one.algorithm) for one in signing] == [
        ("desk.example", "rsa-sha256"),
        ("sav.desk.example", "ed25519-sha256"),
    ]
    assert "PrivateKey" not in repr(signing)


@pytest.mark.parametrize(
    "told, words",
    [
        ([("other.example", "s", "")], "no desk writes from other.example or below it"),
        ([("esk.example", "s", "")], "Desks write from: sav.desk.example."),
        ([("desk.example", "s", "")] * 2, "another key of desk.example has the selector 's'"),
        ([("Desk.example", "s", "")], "has not the right form"),
        ([("desk.example", "s", None)], "the secret 'dkim0' cannot be read"),
        ([("desk.example", "s", "hello")], "holds no private key without a password"),
        ([("desk.example", "s", "small")], "is an RSA key of 1024 bits, 2048 to 4096 are taken"),
        ([("desk.example", "s", "curve")], "is neither an RSA key nor Ed25519"),
    ],
)
def test_a_key_that_would_help_nobody_is_refused_with_its_line(site, told, words):
    made = {"small": lambda: pem(rsa(1024)), "curve": lambda: pem(ec_key(SECP256R1()))}
    written_down = [(d, s, made[c]() if c in made else c) for d, s, c in told]
    with pytest.raises(ConfigError) as caught:
        offices_of(load(site(*written_down)))
    assert words in str(caught.value)
    assert "savd.toml:" in str(caught.value)


def test_doctor_says_what_to_publish_and_is_content_when_it_is():
    zone = {record_name(key): (record_of(key),) for key in keys()}
    assert [well for well, _ in record_findings(keys(), zone.__getitem__)] == [True, True]
    (well, told), _ = record_findings(keys(), lambda name: ())
    assert not well
    assert "there is no TXT record. Publish: r1._domainkey.desk.example. IN TXT" in told
    assert zone_line(keys()[0]) in told


@pytest.mark.parametrize(
    "records, words",
    [
        (("v=DKIM1; k=ed25519; p=AAAA",), "another key"),
        (("v=DKIM1; p=",), "withdrawn"),
        (("v=spf1 -all",), "none of DKIM"),
        ((), "no TXT record"),
        (("a", "b"), "2 TXT records"),
        (("v=DKIM1; k=rsa; p={p}",), "another kind of key"),
        (("v=DKIM1; k=ed25519; t=y; p={p}",), "only tests"),
        (("k = ed25519;p= {p} ",), "is published"),
    ],
)
def test_doctor_names_what_is_wrong_with_a_record(records, words):
    key = keys()[1]
    p = record_of(key).rpartition("p=")[2]
    ((well, told),) = record_findings([key], lambda name: tuple(r.format(p=p) for r in records))
    assert words in told
    assert well is (words == "is published")


def test_doctor_tells_when_no_name_server_answers():
    def mute(name):
        raise OSError("timed out")

    ((well, told),) = record_findings(keys()[:1], mute)
    assert (well, told[:46]) == (False, "r1._domainkey.desk.example: nobody could be as")


def test_a_record_is_cut_into_strings_that_fit(site, capsys):
    assert run(["dkim", "record", "--config", str(site(("desk.example", "r1", pem(rsa()))))]) == 0
    line = capsys.readouterr().out.strip()
    strings = line.partition("( ")[2].removesuffix(" )").split('" "')
    assert all(len(one.strip('"')) <= 255 for one in strings)
    assert "".join(one.strip('"') for one in strings) == record_of(keys()[0])
    assert line.startswith("r1._domainkey.desk.example. IN TXT ( ")


@pytest.mark.parametrize("kind", [[], ["--ed25519"]])
def test_a_new_key_is_private_never_overwritten_and_works(site, tmp_path, capsys, kind):
    file = tmp_path / "dkim0"
    assert run(["dkim", "key", str(file), *kind]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert run(["dkim", "key", str(file), *kind]) != 0
    assert "dkim0" in capsys.readouterr().err
    config = site(("desk.example", "n1", file.read_text()))
    assert len(offices_of(load(config))["rma"].signing) == 1


def test_nothing_is_signed_unless_it_is_asked_for(site, capsys):
    assert run(["dkim", "record", "--config", str(site())]) == 0
    assert "the relay may do it" in capsys.readouterr().out
    assert offices_of(load(site()))["rma"].signing == ()


def test_what_a_desk_sends_is_signed_whoever_caused_it(store):
    """A clock's message and the answer to a mail: both leave with the signatures of the desk's keys."""
    waiting(store)
    node = pipeline(store, MONDAY, replace(office(), signing=keys()))
    node.send_digests()
    (_, digest) = sent(store)
    link = message_from_bytes(digest.data)["List-Unsubscribe"].strip("<>")
    send_to(node, opened(link).to, sender=MANAGER)
    with store.read() as tx:
        rows = tx.execute(select(outbox_raw.c.data)).scalars().all()
    assert len(rows) == 3
    for data in rows:
        assert [one[b"s"] for one in tags(data)] == [b"r1", b"e1"]
        assert b"List-Unsubscribe" not in data or b"List-Unsubscribe" in tags(data)[0][b"h"]
