"""G4: one step fails, once, in every way it can, and the act is then asked for again.

    python -m tests.proof.fail_nth --runs 2000 --seed 1 [--adapters memory]

A step of the disk fails with EIO, ENOSPC or EACCES, writes half of what it should, or reads other bytes than are
there; any other call of a port is `Unavailable`, before it does anything or after; an event bus and an owner resolver
may raise whatever they like. What the act may do then: succeed, or say `Unavailable`. Never claim what is not so.
"""

import asyncio
import errno
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Literal

from domain.errors import Conflict, DomainError, NotFound, RuleViolated, Unavailable
from tests.proof.disk_taps import Short, Wrong
from tests.proof.figure import Figure, command
from tests.proof.samples import InProcessInspector
from tests.proof.taps import Switch, tapped
from tests.proof.template import ACTS, Template, prepared
from tests.proof.trial import Course, judge
from tests.proof.use_cases import UseCases
from tests.proof.worlds import WORLDS, HearingBus

_DISK = tuple(OSError(code, "on purpose") for code in (errno.EIO, errno.ENOSPC, errno.EACCES))
KINDS = ("false success", "exceptions", "not mended", "lost", "orphans", "events", "pairs", "other")
_ANYTHING = (ValueError("on purpose"), TimeoutError("on purpose"))


def faults(place: str) -> Sequence[Exception]:
    """In what ways something can fail there."""
    if place.startswith("Disk."):
        more = {"Disk.write:before": (Short(),), "Disk.read:after": (Wrong(),)}
        return (*_DISK, *more.get(place, ()))
    foreign = place.startswith(("EventBus.", "OwnerResolver."))
    return (Unavailable("on purpose"), *(_ANYTHING if foreign else ()))


@dataclass(frozen=True, slots=True)
class Run:
    """`number` counts how often the place is reached, from 0."""

    act: str
    place: str
    number: int
    fault: Exception

    def __str__(self) -> str:
        return f"{self.act}, {self.place} ({self.number}): {self.fault!r}"


class FailingOnce:
    def __init__(self, run: Run) -> None:
        self._run = run
        self._left = run.number

    def __call__(self, place: str) -> None:
        if place == self._run.place:
            self._left -= 1
            if self._left == -1:
                raise self._run.fault


@dataclass(slots=True)
class Tally:
    runs: int = 0
    refused: int = 0
    places: set[str] = field(default_factory=set)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def blame(self, kind: str, run: Run, line: str) -> None:
        self.wrong[kind] += 1
        self.examples.append(f"{kind}: {run}: {line}")


def runs(places: Mapping[str, Sequence[str]], dice: Random) -> list[Run]:
    """Every fault at every place that the acts come by, in a random order."""
    every = [
        Run(act, place, number, fault)
        for act, reached in places.items()
        for place, times in Counter(reached).items()
        for number in range(times)
        for fault in faults(place)
    ]
    dice.shuffle(every)
    return every


async def try_out(template: Template, run: Run, folder: Path, tally: Tally, *, again: bool) -> None:
    world, bus = template.world.copied(folder), HearingBus(template.heard)
    tap = Switch(FailingOnce(run))
    ports = await world.open(InProcessInspector(), bus, deepcopy(template.ids), tap)
    does, course = UseCases(tapped(ports, tap)), template.courses[run.act]
    try:
        tap.is_on = True
        acknowledged = await _attempt(does, template, run, tally)
        tap.is_on = False
        if again:
            acknowledged = await _attempt_again(does, template, run, tally)
        wrong = await judge(world, ports, template.cast, course, bus.heard, acknowledged=acknowledged)
        for kind, lines in wrong.items():
            tally.blame(kind, run, "; ".join(lines))
    finally:
        await world.close()
        await world.drop()


async def _attempt(does: UseCases, template: Template, run: Run, tally: Tally) -> bool:
    """Whether it was acknowledged."""
    tally.runs += 1
    tally.places.add(run.place)
    try:
        answer = await ACTS[run.act](does, template.cast)
    except Unavailable:
        tally.refused += 1
        return False
    except Exception as error:
        tally.blame("exceptions", run, repr(error))
        return False
    _check_answer(answer, template.courses[run.act], run, tally)
    return True


async def _attempt_again(does: UseCases, template: Template, run: Run, tally: Tally) -> bool:
    """The fault is over: either it works now, or it turns out to have been done."""
    try:
        answer = await ACTS[run.act](does, template.cast)
    except (NotFound, RuleViolated, Conflict):
        return True
    except DomainError as error:
        tally.blame("not mended", run, repr(error))
        return False
    _check_answer(answer, template.courses[run.act], run, tally)
    return True


def _check_answer(answer: object, course: Course, run: Run, tally: Tally) -> None:
    if isinstance(course.answer, bytes) and answer != course.answer:
        tally.blame("false success", run, "other bytes than are stored")


async def measure(adapters: str, count: int, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="clinic-media-failures-") as name:
        folder = Path(name)
        template = await prepared(WORLDS[adapters](folder / "template"), folder)
        places = {act: course.places for act, course in template.courses.items()}
        for number, run in enumerate(runs(places, Random(seed))[:count]):
            await try_out(template, run, folder / f"run-{number}", tally, again=number % 2 == 0)
    return tally


def figure(*, runs: int = 100_000, seed: int = 1, adapters: Literal["memory", "sqlite"] = "sqlite") -> Figure:
    """Each fault at each place is tried once at most, so there may be fewer runs than were asked for."""
    tally = asyncio.run(measure(adapters, runs, seed))
    told = {
        "failed": f"{tally.runs} calls at {len(tally.places)} places, {tally.refused} refused",
        **{kind: tally.wrong[kind] for kind in KINDS},
    }
    return Figure(told, tally.examples)


if __name__ == "__main__":
    sys.exit(command(figure))
