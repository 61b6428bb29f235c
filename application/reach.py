"""How far what runs now may reach: into one clinic's records or everybody's. Said where it begins.

A request reaches into the clinic of whoever was let in; commands and the worker's jobs say that they work over every
clinic. A database that can (PostgreSQL) lets nobody see or change a row beyond that, whatever a statement asks for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from domain.ids import ClinicId

EVERY_CLINIC = ClinicId("*")
"""In place of a clinic's id; no clinic can have it."""

_NOTHING = ClinicId("")
_reach: ContextVar[ClinicId] = ContextVar("reach", default=_NOTHING)


class Unbound(RuntimeError):
    """The program asked for records without having said whose."""


def reach() -> ClinicId:
    """The clinic, or `EVERY_CLINIC`. Raises `Unbound` where nothing was said."""
    clinic = _reach.get()
    if clinic == _NOTHING:
        raise Unbound("nobody said which clinic's records this is about")
    return clinic


def bind(clinic: ClinicId) -> None:
    """From here on, to the end of the block that began `unbound` or of the task."""
    _reach.set(clinic)


@contextmanager
def within(clinic: ClinicId) -> Iterator[None]:
    before = _reach.set(clinic)
    try:
        yield
    finally:
        _reach.reset(before)


@contextmanager
def unbound() -> Iterator[None]:
    """A block that may see nothing before it says whose."""
    with within(_NOTHING):
        yield


@contextmanager
def over_every_clinic() -> Iterator[None]:
    with within(EVERY_CLINIC):
        yield


@contextmanager
def narrowed_to(clinic: ClinicId) -> Iterator[None]:
    """What works over every clinic deals with one; what is in a clinic already stays there."""
    with within(clinic if _reach.get() == EVERY_CLINIC else _reach.get()):
        yield
