"""Play the steps of a rehearsal: write the mails, move the clock, remember who is called what."""

from __future__ import annotations

import re
import string
from datetime import datetime
from email.message import EmailMessage
from email.utils import formataddr, getaddresses, parseaddr
from itertools import product
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from daemon.rehearsal.cast import AnswerPart
from daemon.rehearsal.expect import Happened
from daemon.rehearsal.given import put_tickets
from daemon.rehearsal.mail import Letter, quoted, write_bounce, write_mail
from daemon.rehearsal.papers import make_paper
from daemon.rehearsal.returned import returned_paper
from daemon.rehearsal.script import BouncePart, MailPart, Source, Step
from daemon.rehearsal.stage import KEYS, Stage, text_of
from daemon.rehearsal.tap import tap
from handlers.errors import ConfigError
from handlers.ticket import Role
from handlers.token import reply_address, reverse_path

Sent: TypeAlias = "tuple[dict[str, Any], EmailMessage]"

_HOLE = re.compile(r"\{(reply|message_id|key):([\w-]+)(?::(\w+))?\}")
NAMES = (*string.ascii_uppercase, *map("".join, product(string.ascii_uppercase, repeat=2)))


class Play:
    """One rehearsal on its stage."""

    def __init__(self, source: Source, stage: Stage) -> None:
        self._source = source
        self._stage = stage
        stage.know(source.script.given)
        self._names = put_tickets(stage, source)
        self._seen = {i: len(t["steps"]) for i, t in stage.tickets().items()}
        self._last_sent = 0
        self._asked: dict[int, int] = {}
        self._mails = 0

    def act(self, step: Step) -> Happened:
        """Play one step and return what it brought."""
        mail: dict[str, Any] = {}
        self._stage.relay.answers |= {self.address(k): v for k, v in step.relay.items()}
        if step.clock:
            self._stage.move(step.clock)
        if step.down:
            self._stage.sleep(step.down)
        if step.imports:
            self._stage.bring_in(step.imports, self._source.file.parent)
        if step.mail is not None:
            mail = self._send(step.mail)
        if step.bounce is not None:
            mail = self._bounce(step.bounce)
        if step.answer is not None:
            self._answer(step.answer)
        return self._look(mail)

    def _answer(self, part: AnswerPart) -> None:
        ticket_id = self._id_of(part.about) if part.about else 0
        desk = str(self._stage.tickets()[ticket_id]["desk"]) if ticket_id else self._stage.desk.name
        self._stage.organisations.tell(desk, part, ticket_id)
        self._stage.work_off()

    def address(self, told: str) -> str:
        """Return the bare address a script means by a short name, or by an address."""
        known = self._stage.people.get(told)
        return known.address if known else parseaddr(told)[1] or told

    def _look(self, mail: dict[str, Any]) -> Happened:
        sent = self._stage.messages(self._last_sent)  # first: what the relay refuses moves tickets
        self._last_sent += len(sent)
        tickets = self._stage.tickets()
        for ticket_id in sorted(tickets):
            self._name(ticket_id)
        fired = {}
        for name, ticket_id in self._names.items():
            steps = tickets[ticket_id]["steps"]
            fresh = steps[self._seen.get(ticket_id, 0) :]
            fired[name] = [one["transition"] for one in fresh if one["transition"]]
            self._seen[ticket_id] = len(steps)
        asked = {name: self._freshly_asked(i) for name, i in self._names.items()}
        reported = {line["notice"]: line["report"] for line, _ in self._stage.messages()}
        return Happened(
            tickets={name: self._shown(tickets[i]) for name, i in self._names.items()},
            fired=fired,
            asked=asked,
            rows=self._stage.rows,
            read_at_desk=lambda name: self._stage.read_at_desk(self._names[name]),
            sent=sent,
            mail=mail,
            waiting=self._stage.mails("held"),
            parked=self._stage.parked(),
            reported=reported,
            fates=self._stage.fates(),
            address=self.address,
        )

    def _freshly_asked(self, ticket_id: int) -> list[dict[str, Any]]:
        """Return what organisations were asked about a ticket in this step."""
        asked = self._stage.organisations.asked(ticket_id)
        before = self._asked.get(ticket_id, 0)
        self._asked[ticket_id] = len(asked)
        return asked[before:]

    def _shown(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """Return a ticket with the moment of its request as the clock on the wall showed it."""
        asked = datetime.fromisoformat(ticket["requested_at"])
        wall = asked.astimezone(ZoneInfo(self._stage.desk.time_zone))
        return {**ticket, "requested": f"{wall:%Y-%m-%d %H:%M}"}

    def _name(self, ticket_id: int) -> None:
        """Call a new ticket by the next free letter, or two letters behind Z."""
        if ticket_id not in self._names.values():
            free = (letters for letters in NAMES if letters not in self._names)
            self._names[next(free)] = ticket_id

    def _send(self, part: MailPart) -> dict[str, Any]:
        answered = self._answered(part)
        if part.taps:
            part, answered = _tapped(part, answered), None
        data, recipients = self._written(part, answered)
        reverse = part.reverse_path
        path = self.address(part.sender) if reverse is None else reverse
        rows = [
            self._stage.mail(self._stage.deliver(data, path, recipients, mute=part.mute))
            for _ in range(part.times)
        ]
        return rows[-1]

    def _written(self, part: MailPart, answered: Sent | None) -> tuple[bytes, tuple[str, ...]]:
        if part.file:
            data = (self._source.file.parent / part.file).read_bytes()
            return data, (self._stage.desk.address,)
        letter = self._letter(part, answered)
        named = [a for _, a in getaddresses([*letter.to, *letter.cc])]
        ours = [a for a in named if self._stage.scene_at(a)]
        data = write_mail(letter, self._stage.desk, self._stage.wall(part.received))
        return data, tuple(ours) or (self._stage.desk.address,)

    def _letter(self, part: MailPart, answered: Sent | None) -> Letter:
        self._mails += 1
        sender = self._mailbox(part.sender)
        to = [self._filled(one, part) for one in part.to]
        if part.reply and not to:
            to = [self._reply_to(part, answered)]
        subject, usual = part.subject, ""
        if answered is not None:
            usual = f"Re: {answered[1]['Subject']}"
        text = self._filled(part.text, part)
        if part.quoting and answered is not None:
            text = f"{text}\n{self._quote(answered, part)}"
        return Letter(
            sender=sender,
            to=to or [self._stage.desk.address],
            cc=[self._mailbox(one) for one in part.cc],
            subject=usual if subject is None else self._filled(subject, part),
            text=text,
            html=self._filled(part.html, part),
            message_id=part.message_id or self._message_id(sender),
            in_reply_to=self._in_reply_to(part, answered),
            headers={name: self._filled(value, part) for name, value in part.headers.items()},
            enclosures=self._enclosures(part),
            authentication=part.authentication,
        )

    def _enclosures(self, part: MailPart) -> list[Any]:
        folder, now = self._source.file.parent, self._stage.now_here()
        back = (returned_paper(p, self._sent_to, self.address, part.sender) for p in part.attach)
        return [one or make_paper(p, folder, now) for one, p in zip(back, part.attach, strict=True)]

    def _in_reply_to(self, part: MailPart, answered: Sent | None) -> str:
        if part.in_reply_to is not None:
            return self._filled(part.in_reply_to, part)
        return str(answered[0]["message_id"]) if answered is not None else ""

    def _message_id(self, sender: str) -> str:
        return f"<mail{self._mails}@{parseaddr(sender)[1].rpartition('@')[2]}>"

    def _mailbox(self, told: str) -> str:
        known = self._stage.people.get(told)
        return formataddr((known.name, known.address)) if known else told

    def _answered(self, part: MailPart) -> Sent | None:
        """Return the message of ours that a mail answers: the last to its sender, or the one named."""
        if not part.reply:
            return None
        name, _, notice = part.reply.partition(":")
        return self._sent_to(name, self.address(part.sender), notice)

    def _sent_to(self, name: str, address: str, notice: str) -> Sent | None:
        """Return the last message about a ticket to an address; agents read what their team gets."""
        about = self._names.get(name)
        teams = self._stage.team_addresses() if self._stage.is_agent(address) else set()
        mine = teams | {address}
        for line, message in reversed(self._stage.messages()):
            if notice and line["notice"] != notice:
                continue
            same = line["ticket_id"] == about if about else name in ("", "-", line["notice"])
            if same and line["recipient"].lower() in mine:
                return line, message
        return None

    def _reply_to(self, part: MailPart, answered: Sent | None) -> str:
        """Return the reply address of that message, else a fresh one for the sender."""
        if answered is not None:
            return str(answered[1]["Reply-To"])
        return self._fresh_reply(part.reply.partition(":")[0], self.address(part.sender))

    def _fresh_reply(self, name: str, address: str) -> str:
        ticket_id = self._id_of(name)
        ticket = self._stage.tickets()[ticket_id]
        roles = {p["address"].lower(): p["role"] for p in ticket["participants"]}
        desk = self._stage.scene(ticket["desk"]).desk
        role = Role.AGENT if desk.agent(address) else Role(roles.get(address.lower(), Role.CONTACT))
        role = Role.OBSERVER if role is Role.PENDING else role
        return reply_address(KEYS, desk.address, ticket_id, role, address)

    def _id_of(self, name: str) -> int:
        if name not in self._names:
            raise ConfigError(
                f"no ticket is called {name!r} here. Known: {', '.join(self._names)}."
            )
        return self._names[name]

    def _filled(self, text: str, part: MailPart) -> str:
        """Return a text with {reply:A}, {message_id:A:N3}, {key:A} filled in."""

        def fill(hole: re.Match[str]) -> str:
            what, name, notice = hole[1], hole[2], hole[3] or ""
            if what == "key":
                return str(self._stage.tickets()[self._id_of(name)]["key"])
            address = self.address(part.sender)
            found = self._sent_to(name, address, notice)
            if what == "reply":
                return str(found[1]["Reply-To"]) if found else self._fresh_reply(name, address)
            found = found or self._any(name, notice)
            if found is None:
                raise ConfigError(f"{hole[0]}: no such message was sent so far.")
            return str(found[0]["message_id"])

        return _HOLE.sub(fill, text)

    def _any(self, name: str, notice: str) -> Sent | None:
        """Return the last message about a ticket, whoever got it."""
        about = self._id_of(name)
        for line, message in reversed(self._stage.messages()):
            if line["ticket_id"] == about and notice in ("", line["notice"]):
                return line, message
        return None

    def _quote(self, answered: Sent, part: MailPart) -> str:
        message = answered[1]
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body is not None else text_of(message)
        for label, value in part.fills.items():
            line = re.search(rf"^{re.escape(label)} ?:(.*)$", text, re.MULTILINE)
            if line is None:
                raise ConfigError(f"fills: {label}: no such line stands in the message quoted.")
            text = f"{text[: line.start(1)]} {value}{text[line.end(1) :]}"
        if part.quoting == "unmarked":
            return text
        return quoted(text, str(message["From"]), self._stage.now_here())

    def _bounce(self, part: BouncePart) -> dict[str, Any]:
        name, _, notice = part.of.partition(":")
        found = self._any(name, notice)
        if found is None:
            raise ConfigError(f"bounce: {part.of}: no such message was sent so far.")
        scene = self._stage.scene_at(parseaddr(str(found[1]["From"]))[1])
        desk = scene.desk if scene else self._stage.desk
        to = reverse_path(KEYS, desk.address, found[0]["message_id"])
        data = write_bounce(
            to=to,
            recipient=found[0]["recipient"],
            message_id=found[0]["message_id"],
            status=part.status,
            reason=part.reason,
            desk=desk,
            now=self._stage.now_here(),
        )
        return self._stage.mail(self._stage.deliver(data, "", (to,)))


def _tapped(part: MailPart, answered: Sent | None) -> MailPart:
    """Return the mail as a link of the message prepared it, what was typed below: it answers nothing."""
    if answered is None:
        raise ConfigError(f"taps: {part.reply!r}: no such message was sent so far.")
    made = tap(answered[1], part.taps)
    text = f"{made.body}{part.text}"
    return part.model_copy(
        update={"reply": "", "to": (made.to,), "subject": made.subject, "text": text}
    )
