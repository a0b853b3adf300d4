"""A call: the name of a guard or effect in a workflow file, with its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

ANY_OF = "any_of"
_BARE: dict[str, str] = {}
"""Guard or effect -> the parameter that a bare value is for: `work_item: W_new`."""


def learn(function: Callable[..., object]) -> None:
    """Make a guard or effect known by its name: a bare value is for its parameter `value`, or for
    its first one."""
    _, *names = inspect.signature(function).parameters
    if names:
        _BARE[function.__name__] = "value" if "value" in names else names[0]


def spoken_in(labels: dict[str, str], language: str) -> str:
    """Return the label in a language, or the one for every language; "" when there is none."""
    return labels.get(language) or labels.get("", "")


def _read_labels(value: object) -> object:
    """Accept one text where each language says the same, as in a process of one language."""
    return {"": value} if isinstance(value, str) else value


Labels: TypeAlias = Annotated[dict[str, str], BeforeValidator(_read_labels)]
"""What something is called, by language; under "" what it is called in each."""

Argument: TypeAlias = "str | int | bool | list[str] | dict[str, str]"


class Part(BaseModel):
    """A part of a workflow file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Call(Part):
    """A named guard or effect with its arguments. `negated` turns a guard round; `any_of` holds when
    one of its `alternatives` does."""

    name: str
    arguments: dict[str, Argument] = {}
    negated: bool = False
    when: tuple[Call, ...] = ()
    alternatives: tuple[Call, ...] = ()

    def parts(self) -> Iterator[Call]:
        """Yield the named guards or effects that it is made of: itself, or its alternatives."""
        if not self.alternatives:
            yield self
        for one in self.alternatives:
            yield from one.parts()


def _read_call(value: object) -> object:
    """Accept `name`, `{name: value}`, `{name: {argument: value}}`, `{not: <call>}` and `{any_of: [<call>, ...]}`; `when`
    holds conditions."""
    if isinstance(value, Call):
        return value
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, dict) and len(value) == 1:
        ((name, arguments),) = value.items()
        if name == "not":
            inner = _read_call(arguments)
            return {**inner, "negated": True} if isinstance(inner, dict) else inner
        if name == ANY_OF and isinstance(arguments, list):
            return {"name": name, "alternatives": [_read_call(one) for one in arguments]}
        if isinstance(arguments, dict):
            rest = {key: given for key, given in arguments.items() if key != "when"}
            when = [_read_call(one) for one in arguments.get("when", ())]
            return {"name": name, "arguments": rest, "when": when}
        return {"name": name, "arguments": {_BARE.get(name, "value"): arguments}}
    return value


GivenCall = Annotated[Call, BeforeValidator(_read_call)]
