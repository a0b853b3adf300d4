"""A form that comes back as a file, filled in on a screen: what it says counts as labelled lines do (X-10).

Only what was typed counts, under labels that the form of the process has. A paper most of whose fields bear
other names is somebody else's form: nothing is taken from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from handlers.papers.form_doubt import FormDoubt
from handlers.process.workflow import Workflow
from handlers.words.field_values import filled, read_value, vocabulary_of
from handlers.words.sheet import Sheet, labelled_values
from parsers.business import BusinessDocument, Confidence, DocumentKind, Form, FormEntry
from parsers.fields.bare_values import is_unknown
from parsers.fields.labels import labelled
from parsers.folding import key_of
from parsers.mail import Attachment

FEWEST, SURELY = 2, 3  # fields under labels of ours


@dataclass(frozen=True, kw_only=True, slots=True)
class FormFile:
    """A form of ours that came back: its file, what each field of the workflow was given and where in it,
    and the entries that nobody can follow: an unknown label, a value that does not suit its field. `left`
    are values it was handed out with, left as they were while others were filled in."""

    sha256: str
    filename: str
    values: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, FormEntry] = field(default_factory=dict)
    strange: tuple[FormEntry, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)

    def place_of(self, entry: FormEntry) -> str:
        """Return where an entry stands, for a person: the file and its page."""
        return f"{self.filename}, page {entry.place.page}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """What all forms of a mail say together: the values on which they agree, by field, the entries they
    stand in, with the place of each, and what is doubtful in them. `left` as in each of them."""

    values: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, FormEntry] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    left: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[FormDoubt, ...] = ()


def read_form_files(files: Iterable[Attachment], workflow: Workflow) -> tuple[FormFile, ...]:
    """Return the files that are forms of a workflow, filled in or not."""
    labels = _labels(workflow)
    return tuple(
        _read(file, file.document.form, workflow, labels)
        for file in files
        if not file.refusal
        and not file.decor
        and file.document is not None
        and file.document.form is not None
        and _is_ours(file.document, file.document.form, labels)
    )


def filled_by(forms: Iterable[FormFile]) -> Filled:
    """Return what forms say together. Where two contradict one another neither counts."""
    found = Filled()
    against: set[str] = set()
    for form in forms:
        found = _with(found, form, against)
    agreed = {name: value for name, value in found.values.items() if name not in against}
    return Filled(
        values=agreed,
        entries={name: found.entries[name] for name in agreed},
        sources={name: found.sources[name] for name in agreed},
        left=found.left,
        doubts=found.doubts,
    )


def written_in(found: Filled, have: Mapping[str, str]) -> dict[str, str]:
    """Return what forms say of a ticket that has these fields: what was typed, and for what it lacks what
    we proposed and nobody changed, as one agrees with the rest of a form that one fills in."""
    proposed = {name: value for name, value in found.left.items() if not have.get(name)}
    return {**proposed, **found.values}


def with_forms(
    sheets: tuple[Sheet, ...], text: str, forms: tuple[FormFile, ...], workflow: Workflow
) -> tuple[Sheet, ...]:
    """Return the one sheet of a mail with what its forms say, behind the labelled lines of its `text`; of
    several sheets nobody can tell which a form means."""
    if not forms or len(sheets) != 1:
        return sheets
    written = {**filled_by(forms).values, **lines_in(text, workflow)}
    return (replace(sheets[0], values={**sheets[0].values, **written}),)


def lines_in(text: str, workflow: Workflow) -> dict[str, str]:
    """Return what the labelled lines of a text say."""
    labels = labelled(text, vocabulary_of(workflow).known)
    return labelled_values(((label.key, label.value) for label in labels), workflow)


def contradictions(
    found: Filled, said: Mapping[str, str], kept: Mapping[str, str]
) -> tuple[FormDoubt, ...]:
    """Return what forms say otherwise than the mail itself, which `said` this of the fields; `kept` is
    what counts."""
    return tuple(
        FormDoubt(
            label=found.entries[name].label,
            value=found.entries[name].value,
            source=found.sources[name],
            name=name,
            said=said[name],
            kept=kept.get(name, ""),
        )
        for name, value in found.values.items()
        if said.get(name) and key_of(said[name]) != key_of(value)
    )


def unread(forms: Iterable[FormFile]) -> tuple[FormDoubt, ...]:
    """Return everything that forms say as doubtful: nobody can tell what it is about."""
    return tuple(
        _doubt(form, entry) for form in forms for entry in (*form.entries.values(), *form.strange)
    )


def _labels(workflow: Workflow) -> dict[str, str]:
    """Return the fields that the form of a workflow asks for, by their folded labels."""
    asked = vocabulary_of(workflow).asked
    rules = workflow.fields
    return {key: n for key, n in asked.items() if rules[n].form and not rules[n].kept}


def _is_ours(paper: BusinessDocument, form: Form, labels: Mapping[str, str]) -> bool:
    """Tell our form from somebody's: nearly every paper to sign asks for a name and a date, and a paper
    that is surely an order or a quote asks for more than we do."""
    known = sum(1 for label in form.labels if key_of(label) in labels)
    if known == len(form.labels) and known >= SURELY:
        return True
    plain = paper.kind is DocumentKind.OTHER or paper.confidence is Confidence.UNSURE
    return plain and known >= FEWEST and 2 * known > len(form.labels)


def _read(file: Attachment, form: Form, workflow: Workflow, labels: Mapping[str, str]) -> FormFile:
    """Return what a form says, each field once."""
    values: dict[str, str] = {}
    entries: dict[str, FormEntry] = {}
    strange: list[FormEntry] = []
    for entry in form.entries:
        name = labels.get(key_of(entry.label), "")
        value = _value(workflow, name, entry) if name else ""
        if value and values.get(name, value) == value:
            values[name], entries[name] = value, entry
        elif not is_unknown(entry.value):
            strange.append(entry)
    return FormFile(
        sha256=file.sha256,
        filename=file.filename,
        values=filled(values),
        entries=entries,
        strange=tuple(strange),
        left=_left(form, workflow, labels) if values else {},
    )


def _left(form: Form, workflow: Workflow, labels: Mapping[str, str]) -> dict[str, str]:
    named = ((labels.get(key_of(entry.label), ""), entry) for entry in form.left)
    return filled({name: _value(workflow, name, entry) for name, entry in named if name})


def _value(workflow: Workflow, name: str, entry: FormEntry) -> str:
    """Return a value as the ticket keeps it; only a long text has lines."""
    is_long = workflow.fields[name].type == "long"
    said = entry.value if is_long else " ".join(entry.value.split())
    return read_value(workflow, name, said, label=entry.label)


def _with(found: Filled, form: FormFile, against: set[str]) -> Filled:
    """Return what was found with one more form; fields on which they differ are added to `against`."""
    doubts = [_doubt(form, entry) for entry in form.strange]
    for name, value in form.values.items():
        if found.values.get(name, value) != value:
            against.add(name)
            doubts.append(_doubt(form, form.entries[name]))
    places = {name: form.place_of(entry) for name, entry in form.entries.items()}
    return Filled(
        values={**form.values, **found.values},
        entries={**form.entries, **found.entries},
        sources={**places, **found.sources},
        left={**form.left, **found.left},
        doubts=(*found.doubts, *doubts),
    )


def _doubt(form: FormFile, entry: FormEntry) -> FormDoubt:
    return FormDoubt(label=entry.label, value=entry.value, source=form.place_of(entry))
