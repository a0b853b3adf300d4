"""A call: the name of a guard or effect in a workflow file, with its arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

ANY_OF = "any_of"
Labels: TypeAlias = dict[str, str]
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
    """Accept `name`, `{name: {argument: value}}`, `{not: <call>}` and `{any_of: [<call>, ...]}`; `when`
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
        return {"name": name, "arguments": {"value": arguments}}
    return value


GivenCall = Annotated[Call, BeforeValidator(_read_call)]
