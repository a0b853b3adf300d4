"""The servers the other tests rely on are there and are ours."""

import imaplib

import psycopg


def test_dovecot_takes_any_name_as_a_mailbox_of_its_own(dovecot):
    with imaplib.IMAP4(dovecot.host, dovecot.port) as client:
        client.login("servers-test", dovecot.password)
        assert client.select("INBOX")[0] == "OK"
        assert "IDLE" in client.capabilities


def test_each_postgres_database_is_fresh(postgres, postgres_url):
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE t (n int)")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
