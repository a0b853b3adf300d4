"""A call: the name of a guard or effect in a workflow file, with its arguments."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict

Labels: TypeAlias = dict[str, str]
Argument: TypeAlias = "str | int | bool | list[str] | dict[str, str]"


class Part(BaseModel):
    """A part of a workflow file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Call(Part):
    """A named guard or effect with its arguments. `negated` turns a guard round."""

    name: str
    arguments: dict[str, Argument] = {}
    negated: bool = False
    when: tuple[Call, ...] = ()


def _read_call(value: object) -> object:
    """Accept `name`, `{name: {argument: value}}` and `{not: <call>}`; `when` holds conditions."""
    if isinstance(value, Call):
        return value
    if isinstance(value, str):
        return {"name": value}
    if isinstance(value, dict) and len(value) == 1:
        ((name, arguments),) = value.items()
        if name == "not":
            inner = _read_call(arguments)
            return {**inner, "negated": True} if isinstance(inner, dict) else inner
        if isinstance(arguments, dict):
            rest = {key: given for key, given in arguments.items() if key != "when"}
            when = [_read_call(one) for one in arguments.get("when", ())]
            return {"name": name, "arguments": rest, "when": when}
        return {"name": name, "arguments": {"value": arguments}}
    return value


GivenCall = Annotated[Call, BeforeValidator(_read_call)]
