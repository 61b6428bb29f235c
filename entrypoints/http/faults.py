"""What is wrong with an input, told from the words of msgspec: which field, and whether it is form or rule."""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple, get_args

from domain.errors import DomainError, Malformed, RuleViolated

_PATH = re.compile(r" - at `(?:key in )?\$(?:\.|(?=\[))?(.*)`$")
_NAMED = re.compile(r"^Object (contains unknown|missing required) field `(.*?)`$")
# A value of the right type that is out of bounds breaks a rule; anything else is not well formed.
_BOUND = re.compile(r"^Expected `\w+` (?:<|>|of length|matching|that's)")


class Fault(NamedTuple):
    """One thing that is wrong; `field` is dotted inside a body and empty where it is the input as a whole."""

    field: str
    message: str
    is_rule: bool = False

    def __str__(self) -> str:
        return f"{self.field}: {self.message}" if self.field else self.message


class Invalid(DomainError):
    """Several faults at once; 422 if all of them are rules, else 400."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)
        self.is_rule = all(fault.is_rule for fault in faults)
        self.code = RuleViolated.code if self.is_rule else Malformed.code


def fault_of(message: str, key: str = "", annotation: Any = None) -> Fault:
    """The fault that a message of msgspec tells of, in the input `key` whose type is `annotation`."""
    path = _PATH.search(message)
    text = message[: path.start()] if path else message
    field = ".".join(filter(None, (key, path.group(1) if path else "")))
    named = _NAMED.match(text)
    if named:
        return _named_fault(named.group(1), named.group(2), field)
    if text.startswith("Invalid enum value"):
        return Fault(field, _choices(annotation) or "is not one of the allowed words")
    return Fault(field, text[:1].lower() + text[1:].replace("`", ""), _BOUND.match(text) is not None)


def _named_fault(how: str, name: str, parent: str) -> Fault:
    field = ".".join(filter(None, (parent, name)))
    return Fault(field, "is not known here" if how == "contains unknown" else "is required", is_rule=True)


def _choices(annotation: Any) -> str:
    """The words of an enumeration, wherever it is inside of a union."""
    for part in (annotation, *get_args(annotation)):
        if isinstance(part, type) and issubclass(part, Enum):
            return f"must be one of {', '.join(str(member.value) for member in part)}"
    return ""
