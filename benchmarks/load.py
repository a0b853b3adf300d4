"""The load, in a process of its own: LMTP senders and the relay that takes what savd sends.

    python -m benchmarks.load KIND COUNT SEED CONNECTIONS PEOPLE

Talks JSON lines: prints {"relay": port}; reads {"lmtp": port, "replies": 0 if no
notices will come}; sends, prints {"first", "acked",
"octets"}; reads {"expect": n} (or nothing); prints {"taken", "distinct", "last"}. Times are
monotonic seconds, the same clock in all processes of the machine.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections import deque
from typing import ClassVar

from benchmarks.traffic import DESK, DOMAIN, FROM, REF, TO, Sent, mails

MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^>]+>)")
REPLY_TO = re.compile(rb"(?im)^reply-to:[^<\r]*<?([^\s<>]+@[^\s<>]+)")


class Relay(asyncio.Protocol):
    """The smallest SMTP server that can take messages; they are counted and forgotten."""

    taken = 0
    distinct: ClassVar[set[bytes]] = set()
    last = 0.0
    replies_come = True
    answerable: ClassVar[deque[tuple[bytes, bytes, bytes]]] = deque(maxlen=500)

    def connection_made(self, transport):
        self._transport = transport
        self._buffer = b""
        self._in_data = False
        self._recipient = b""
        transport.write(b"220 relay\r\n")

    def data_received(self, data):
        self._buffer += data
        while self._step():
            pass

    def _step(self):
        end = b"\r\n.\r\n" if self._in_data else b"\r\n"
        found, end_found, rest = self._buffer.partition(end)
        if not end_found:
            return False
        self._buffer = rest
        if self._in_data:
            self._in_data = False
            self._take(found)
            self._transport.write(b"250 2.0.0 taken\r\n")
            return True
        self._command(found)
        return True

    def _command(self, line):
        verb = line[:4].upper()
        if verb == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0]
        self._in_data = verb == b"DATA"
        replies = {
            b"DATA": b"354 go\r\n",
            b"EHLO": b"250-relay\r\n250-SIZE 99999999\r\n250 8BITMIME\r\n",
            b"QUIT": b"221 bye\r\n",
        }
        self._transport.write(replies.get(verb, b"250 2.0.0 ok\r\n"))

    def _take(self, data):
        kind = type(self)
        kind.taken += 1
        kind.last = time.monotonic()
        head = data[: data.find(b"\r\n\r\n")]
        message_id = MESSAGE_ID.search(head)
        kind.distinct.add(message_id[1] if message_id else data)
        reply_to = REPLY_TO.search(head)
        if reply_to and message_id and not self._recipient.endswith(b"@desk.example"):
            kind.answerable.append((reply_to[1], message_id[1], self._recipient))


async def send(port: int, waiting: deque[Sent]) -> None:
    """Send mails over one connection until there are no more. A mail is sent until it is taken."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    await reader.readline()
    writer.write(b"LHLO load.example\r\n")
    while (await reader.readline())[3:4] == b"-":
        pass
    while waiting:
        mail = waiting.popleft()
        recipient, sender, data = DESK.encode(), mail.sender.encode(), mail.data
        if mail.is_reply and Relay.replies_come:
            if not Relay.answerable:  # nothing to reply to yet: later
                waiting.append(mail)
                await asyncio.sleep(0.001)
                continue
            recipient, message_id, sender = Relay.answerable[0]
            Relay.answerable.rotate(-1)
            data = data.replace(TO, recipient).replace(REF, message_id).replace(FROM, sender)
            data = data.replace(DOMAIN, sender.partition(b"@")[2])
        writer.write(b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nDATA\r\n" % (sender, recipient))
        replies = [await reader.readline() for _ in range(3)]
        if not replies[2].startswith(b"354"):
            raise SystemExit(f"refused: {replies}")
        writer.write(data + b".\r\n")
        reply = await reader.readline()
        if not reply.startswith(b"250"):
            raise SystemExit(f"refused: {reply}")
    writer.close()


def tell(**said: float) -> None:
    print(json.dumps(said), flush=True)


async def hear() -> dict[str, int]:
    return json.loads(await asyncio.to_thread(sys.stdin.readline) or "{}")


async def main() -> None:
    kind, count, seed, connections, people = sys.argv[1], *map(int, sys.argv[2:6])
    prepared = deque(mails(count, kind, people, seed))
    octets = sum(len(mail.data) for mail in prepared)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Relay, "127.0.0.1", 0)
    tell(relay=server.sockets[0].getsockname()[1])
    told = await hear()
    port, Relay.replies_come = told["lmtp"], bool(told.get("replies", 1))
    first = time.monotonic()
    await asyncio.gather(*(send(port, prepared) for _ in range(connections)))
    tell(first=first, acked=time.monotonic(), octets=octets)
    await hear()
    tell(taken=Relay.taken, distinct=len(Relay.distinct), last=Relay.last)


if __name__ == "__main__":
    asyncio.run(main())
