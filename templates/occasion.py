"""One notice on its way to one person: what it is about, and in whose name it is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import token
from handlers.decision import Notice
from handlers.desk import Desk, Look
from handlers.process.workflow import Workflow
from handlers.ticket import Role, Ticket, Visibility
from handlers.token import KeyRing
from templates.language import Language, language

NO_TICKET = 0
KEPT_INFORMED = (Role.OBSERVER, Role.PARTICIPANT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """One notice, what it is about, and where it comes from."""

    notice: Notice
    ticket: Ticket | None
    desk: Desk
    workflow: Workflow
    keys: KeyRing
    cause: str = ""

    @property
    def ticket_id(self) -> int:
        """The ticket, NO_TICKET for none."""
        return NO_TICKET if self.ticket is None else self.ticket.id

    @property
    def role(self) -> Role:
        """The role to sign; one who is only pending answers as an observer would."""
        role = self.notice.to.role
        return role if role in token.ROLE_LETTERS else Role.OBSERVER

    @property
    def message_id(self) -> str:
        """The Message-ID: the same cause, notice and recipient give the same one. An answer to an
        internal talk stays one (R-8)."""
        internal = self.notice.visibility is Visibility.INTERNAL
        return token.message_id(
            self.keys,
            self.desk.address,
            self.ticket_id,
            cause=self.cause,
            notice=self.notice.template,
            role=Role.INTERNAL if internal else self.role,
            to=self.notice.to.address,
        )

    @property
    def answers_as(self) -> tuple[Role, str]:
        """The role and address that a reply address stands for: those of the talk it belongs to."""
        notice = self.notice
        if notice.visibility is Visibility.INTERNAL:
            return Role.INTERNAL, notice.to.address
        if notice.visibility is Visibility.EXTERNAL:
            return Role.EXTERNAL, notice.thread
        return self.role, notice.to.address

    @property
    def reply_to(self) -> str:
        """The address of answers; that of the desk where nothing is signed."""
        if not self.keys.current:
            return self.desk.address
        role, who = self.answers_as
        return token.reply_address(self.keys, self.desk.address, self.ticket_id, role, who)

    @property
    def leave_address(self) -> str:
        """Where a mail stops what the recipient gets without having asked for it: digests, and copies of
        what is said on a ticket. "" for everything else, first of all for whoever asked; that of the desk where nothing is signed."""
        notice, to = self.notice, self.notice.to
        if not (notice.recurring or self._is_kept_informed):
            return ""
        if not self.keys.current:
            return self.desk.address
        return token.leave_address(
            self.keys, self.desk.address, self.ticket_id, self.role, to.address
        )

    @property
    def _is_kept_informed(self) -> bool:
        notice, ticket = self.notice, self.ticket
        if ticket is None or self.role not in KEPT_INFORMED:
            return False
        on_ticket = ticket.role_of(notice.to.address) in KEPT_INFORMED
        return on_ticket or notice.visibility is Visibility.INTERNAL

    @property
    def seen(self) -> Ticket | None:
        """The ticket as the recipient may see it: somebody outside knows no more than its key."""
        if self.ticket is None or self.role is not Role.EXTERNAL:
            return self.ticket
        return replace(
            self.ticket, subject="", organisation="", contact="", fields={}, participants=()
        )

    @property
    def look(self) -> Look:
        """The desk's look; its own people need no logo."""
        look = self.desk.look
        return replace(look, logo=b"") if self.is_work_item else look

    @property
    def is_work_item(self) -> bool:
        """Whether it goes to an agent."""
        return self.role is Role.AGENT

    @property
    def language(self) -> Language:
        """The recipient's language, else the desk's, as far as the notice is written in it (X-38)."""
        written = self.workflow.languages_for(self.notice.template)
        wanted = (self.notice.to.language[:2].lower(), self.desk.language, written[0])
        code = next(one for one in wanted if one in written)
        return language(code, self.desk.time_zone)
