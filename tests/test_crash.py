"""kill -9 loses nothing and doubles nothing. `make crash` is the same for much longer."""

import random
import time

from .crashing import Postman, crash, people
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
            kills=10,
            chance=random.Random(seed),
            postman=postman,
        )
        postman.close()
        store.close()
    print(count)
    assert not count.wrong, f"seed {seed}: {count}\n" + "\n".join(count.wrong[:20])
