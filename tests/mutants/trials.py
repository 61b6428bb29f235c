"""Trying mutants out, one at a time, in the copy of the tree that this is run in."""

import os
import shlex
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutants.catalogue import Mutant

_HOW = ("-n", "0", "-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
PASSED, FAILED = 0, 1
_KILLED, _SURVIVED, _UNTRIED = "killed", "SURVIVED", "NOT TRIED"


@dataclass(frozen=True, slots=True)
class Trial:
    """`by` is the selection of tests that failed; of a mutant that could not be tried, the one that broke off."""

    mutant: Mutant
    outcome: str
    by: str
    seconds: float

    @property
    def is_killed(self) -> bool:
        return self.outcome == _KILLED


def get_ready(selections: Iterable[str]) -> None:
    """Import once, for all the processes that are forked from this one, what the tests import that no mutant is of."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        _be_silent()
        _status([*{selection.split()[0] for selection in selections}, "--collect-only", *_HOW])
        with os.fdopen(writing, "w") as told:
            told.write("\n".join(name for name, module in list(sys.modules.items()) if _is_installed(module)))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        names = told.read().splitlines()
    os.waitpid(pid, 0)
    for name in names:
        with suppress(ImportError):
            import_module(name)


def _is_installed(module: ModuleType) -> bool:
    return "site-packages" in (getattr(module, "__file__", None) or "")


def passing(selections: Iterable[str]) -> dict[str, bool]:
    """Whether each passes where nothing is changed: only then does its failure say anything."""
    return {selection: _asked(selection, services=True) == PASSED for selection in selections}


def tried(mutant: Mutant, root: Path, number: int) -> Trial:
    path, began = root / mutant.path, time.monotonic()
    text = path.read_text(encoding="utf-8")
    _write(path, text.replace(mutant.before, mutant.after), 2 * number)
    try:
        outcome, by = _judged(mutant)
    finally:
        _write(path, text, 2 * number + 1)
    return Trial(mutant, outcome, by, time.monotonic() - began)


def _judged(mutant: Mutant) -> tuple[str, str]:
    for selection in mutant.tests:
        if (status := _asked(selection, services=mutant.needs_services)) != PASSED:
            return (_KILLED if status == FAILED else _UNTRIED), selection
    return _SURVIVED, ""


def _write(path: Path, text: str, moment: int) -> None:
    """At a time of its own: of a text as long as the last one, Python would take what it compiled before."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (10**9 + moment, 10**9 + moment))


def _asked(selection: str, *, services: bool) -> int:
    """The exit status of pytest, in a process of its own."""
    arguments = [*shlex.split(selection), *_HOW]
    pid = os.fork()
    if pid == 0:
        _be_silent()
        os._exit(_status(arguments + ([] if services else ["-m", "not services"])))
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _status(arguments: list[str]) -> int:
    try:
        return int(pytest.main(arguments))
    except BaseException:
        return -1


def _be_silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
