"""What may leave: by role, visibility and flags, never the bytes that tell where a photo was taken."""

import pytest

from handlers.papers.leaving import digest_that_leaves, may_leave
from handlers.ticket import Document, Role, Visibility
from tests.people import CLAIRE, NOW

CUSTOMERS = [role for role in Role if role not in (Role.AGENT, Role.EXTERNAL)]


def document(*flags: str, **changes: object) -> Document:
    known: dict[str, object] = {
        "number": 1, "kind": "quote", "filename": "d.pdf", "content_type": "application/pdf", "size": 1,
        "sha256": "original", "author": CLAIRE, "at": NOW, "cause": "m1", "flags": frozenset(flags),
    }  # fmt: skip
    return Document(**(known | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.EXTERNAL])
def test_a_public_document_may_leave_to_everybody_of_the_ticket(role: Role) -> None:
    assert may_leave(document(), role)


def test_somebody_outside_gets_the_files_of_the_own_talk_alone() -> None:
    """R-17 and the matrix A2.2: nothing else of the dossier."""
    assert may_leave(document(visibility=Visibility.EXTERNAL), Role.EXTERNAL)
    assert not may_leave(document(), Role.EXTERNAL)
    assert not may_leave(document(visibility=Visibility.NOTE), Role.EXTERNAL)


@pytest.mark.parametrize("role", Role)
def test_what_a_customer_keeps_inside_leaves_to_its_people_alone(role: Role) -> None:
    """R-8: never with another message, never to an agent."""
    inside = document(visibility=Visibility.INTERNAL)
    assert not may_leave(inside, role)
    assert may_leave(inside, role, Visibility.INTERNAL) is (role is not Role.AGENT)
    assert not may_leave(document(), role, Visibility.INTERNAL)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "kept",
    [
        document("disabled"),
        document("unscanned"),
        document("infected"),
        document(visibility=Visibility.QUARANTINE),
        document(content_type="application/vnd.ms-office"),
    ],
)
def test_nobody_gets_what_was_withdrawn_not_scanned_infected_quarantined_or_has_macros(
    kept: Document, role: Role
) -> None:
    assert not may_leave(kept, role)


@pytest.mark.parametrize("held", [document("to_attach"), document(visibility=Visibility.NOTE)])
def test_what_may_be_somebody_elses_and_files_of_notes_are_for_agents_alone(held: Document) -> None:
    assert may_leave(held, Role.AGENT)
    assert not any(may_leave(held, role) for role in CUSTOMERS)


def test_a_photo_leaves_as_its_copy_and_not_at_all_without_one() -> None:
    assert digest_that_leaves(document(content_type="image/jpeg", copy_sha256="copy")) == "copy"
    assert digest_that_leaves(document(content_type="image/heic")) == ""
    assert digest_that_leaves(document()) == "original"
