"""What can be asked without a ticket: the list, the form, how it works (F-1, F-3, F-37, X-43)."""

from __future__ import annotations

from dataclasses import replace

from handlers.customers.group_answer import confirms_nothing
from handlers.decision import Decision, Value, Verdict
from handlers.process.workflow import said
from handlers.queries.inquiry import answer_free_words
from handlers.visit import Visit
from parsers.mail import Intent, IntentKind


def answer_request(visit: Visit) -> Decision | None:
    """Return the decision for a list, form or how-to request, None for anything else."""
    if visit.rows:  # "voici la liste": the mail brings one
        return None
    if confirms_nothing(visit):  # what was confirmed, and how it stands
        visit = replace(visit, intent=Intent(kind=IntentKind.STATUS, only=True))
    kind = visit.intent.kind
    listed = answer_free_words(visit)
    if listed is not None:
        return listed
    if kind is IntentKind.FORM or _says_nothing(visit):
        return _form(visit)
    if kind in (IntentKind.CONNECTION, IntentKind.RESEND):
        return visit.verdict(Verdict.APPLIED, "how_it_works", (), (visit.answer("N_how"),))
    if kind in (IntentKind.THANKS, IntentKind.AMBIGUOUS) and not visit.mail.attachments:
        return visit.verdict(Verdict.IGNORED, "nothing_asked")
    return None


def _form(visit: Visit) -> Decision:
    language = visit.language_of()
    labels: list[Value] = [
        said(rule.label, language)
        for rule in visit.workflow.fields.values()
        if rule.form and not rule.kept
    ]
    notice = visit.answer("N_form", form=labels)
    return visit.verdict(Verdict.APPLIED, "form", (), (notice,))


def _says_nothing(visit: Visit) -> bool:
    """Tell whether there is nothing to open a request with: "Produit Manquant" alone looks like a name,
    and is what a claim is about."""
    mute = visit.intent.kind is IntentKind.EMPTY and not visit.mail.attachments
    return mute and not any(sheet.values for sheet in visit.sheets)
