"""kill -9 loses nothing and doubles nothing. `make crash` is the same for much longer (X-44)."""

import random
import time
from dataclasses import replace

from sqlalchemy import text

from .crashing import Count, Postman, check, crash, people
from .running import Savd, configure, introduce, open_sink, open_store


def test_kill_9_loses_nothing_and_doubles_nothing(tmp_path, dovecot):
    seed = time.time_ns()
    user = f"crash{seed}"
    mailbox = {"host": dovecot.host, "port": dovecot.port, "user": user}
    with open_sink() as sink:
        file = configure(tmp_path, sink.port, mailbox={**mailbox, "password": dovecot.password})
        store = open_store(file)
        introduce(store, people())
        postman = Postman(dovecot.host, dovecot.port, user, dovecot.password)
        count = crash(
            lambda: Savd(file),
            store,
            sink,
            mails=150,
            kills=8,
            chance=random.Random(seed),
            postman=postman,
        )
        postman.close()
        print(count)
        assert not count.wrong, f"seed {seed}: {count}\n" + "\n".join(count.wrong[:20])
        assert len(damage_seen(store, sink)) == 4, "the checker sees what it is for"
        store.close()


def damage_seen(store, sink):
    """Do four kinds of damage by hand and return what the checker says of them."""
    one = sink.relay.taken[0]
    sink.relay.taken.append(replace(one, data=one.data + b"again"))
    with store.write() as tx:
        first, second = "(SELECT min(id) FROM outbox)", "(SELECT max(id) FROM outbox)"
        tx.execute(text(f"UPDATE outbox SET state = 'deferred' WHERE id = {first}"))
        tx.execute(text(f"UPDATE outbox SET message_id = '<other@desk>' WHERE id = {second}"))
    seen = Count(mails=150)
    check(store, sink, list(range(151)), [], seen)
    words = " ".join(seen.wrong)
    kinds = ("mail 150 was acknowledged and is not", "is deferred", "never came", "two versions")
    return [kind for kind in kinds if kind in words]
