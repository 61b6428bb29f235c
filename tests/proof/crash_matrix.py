"""G1: the process is killed at every fault point of every act, and opened again: nothing is lost, nothing is left over.

    python -m tests.proof.crash_matrix --runs 10000 --seed 1 [--database postgresql] [--jobs 2]

A run copies a clinic, forks a victim that kills itself (SIGKILL) before or after one step, or at a random moment, and
judges what is there when it is opened again. No thread runs while it forks, so that the victims are whole.
"""

import asyncio
import os
import pickle
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import Literal

from application.ports.event_bus import Message
from tests.proof.figure import Figure, command, progress
from tests.proof.postgres_world import postgres_worlds
from tests.proof.samples import InProcessInspector
from tests.proof.side_by_side import side_by_side
from tests.proof.taps import Switch, no_fault, tapped
from tests.proof.template import ACTS, Template, prepared
from tests.proof.trial import Wrong, judge
from tests.proof.use_cases import UseCases
from tests.proof.worlds import CountingIds, DiskWorld, HearingBus, World


class LoggingBus(HearingBus):
    """Remembers on disk what it was told, as a broker would."""

    def __init__(self, folder: Path, heard: Iterable[Message]) -> None:
        self._path = folder / "heard"
        super().__init__(heard)
        if self._path.exists():
            with self._path.open("rb") as file:
                while file.peek(1):
                    self.heard.append(pickle.load(file))  # noqa: S301 - our own

    async def publish(self, message: Message) -> None:
        await super().publish(message)
        with self._path.open("ab", buffering=0) as file:
            file.write(pickle.dumps(message))


@dataclass(frozen=True, slots=True)
class Run:
    act: str
    place: int | None
    """The number of the place; None is a random moment."""
    moment: float = 0.0


class Killer:
    """Ends this process at the place of that number."""

    def __init__(self, at: int | None) -> None:
        self._left = at

    def __call__(self, place: str) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


def forked(work: Callable[[int], None]) -> bytes:
    """What `work` wrote to its pipe, in a process of its own, until it ended or was killed."""
    assert threading.active_count() == 1, "only a process without threads can be copied whole"
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        code = 1
        try:
            os.close(reading)
            work(writing)
            code = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as answers:
        answer = answers.read()
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError("the victim was to be killed and was not, see above")
    return answer


@dataclass(frozen=True, slots=True)
class Matrix:
    template: Template

    def runs(self, dice: Random) -> Iterator[Run]:
        """Every place of every act in a random order, again and again, with random moments between them."""
        courses = self.template.courses
        places = [Run(act, place) for act, course in courses.items() for place in range(len(course.places))]
        while True:
            dice.shuffle(places)
            for number, run in enumerate(places):
                yield run
                if number % 4 == 0:
                    yield Run(run.act, None, dice.uniform(0, courses[run.act].seconds))

    def try_out(self, run: Run, folder: Path) -> tuple[bool, Wrong]:
        """Whether the act was acknowledged before the end, and what is wrong."""
        world = self.template.world.copied(folder)
        acknowledged = forked(lambda pipe: asyncio.run(self._suffer(run, world, folder, pipe))) == b"done"
        wrong = asyncio.run(self._judge(run, world, folder, acknowledged=acknowledged))
        return acknowledged, wrong

    async def _suffer(self, run: Run, world: World, folder: Path, pipe: int) -> None:
        tap = Switch(Killer(run.place))
        bus = LoggingBus(folder, self.template.heard)
        does = UseCases(tapped(await world.open(InProcessInspector(), bus, self.template.ids, tap), tap))
        if run.place is None:
            threading.Timer(run.moment, os.kill, (os.getpid(), signal.SIGKILL)).start()
        tap.is_on = True
        await ACTS[run.act](does, self.template.cast)
        os.write(pipe, b"done")
        tap.is_on = False
        os.kill(os.getpid(), signal.SIGKILL)

    async def _judge(self, run: Run, world: World, folder: Path, *, acknowledged: bool) -> Wrong:
        bus, course = LoggingBus(folder, self.template.heard), self.template.courses[run.act]
        ports = await world.open(InProcessInspector(), bus, CountingIds(), no_fault)
        try:
            return await judge(world, ports, self.template.cast, course, bus.heard, acknowledged=acknowledged)
        finally:
            await world.close()
            await world.drop()


@dataclass(slots=True)
class Tally:
    """`points` are the places where a process was killed, `wrong` what was found by kind."""

    runs: int = 0
    acknowledged: int = 0
    points: set[tuple[str, str]] = field(default_factory=set)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, run: Run, place: str, *, acknowledged: bool, wrong: Wrong) -> None:
        self.runs += 1
        self.acknowledged += acknowledged
        self.points.add((run.act, place))
        self.wrong.update(dict.fromkeys(wrong, 1))
        self.examples += [f"{run.act}, {place}: {kind}: {line}" for kind, lines in wrong.items() for line in lines]

    def join(self, other: "Tally") -> None:
        self.runs += other.runs
        self.acknowledged += other.acknowledged
        self.points |= other.points
        self.wrong += other.wrong
        self.examples += other.examples


def measure(runs: int, seed: int, database: str = "sqlite", jobs: int = 1) -> Tally:
    tally = Tally()
    for part in side_by_side(_share, [(runs, seed, database, jobs, job) for job in range(jobs)], jobs):
        tally.join(part)
    return tally


def _share(runs: int, seed: int, database: str, jobs: int, job: int) -> Tally:
    """Of all runs each so-many-th."""
    tally = Tally()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clinic-media-crashes-")))
        new_world = DiskWorld if database == "sqlite" else stack.enter_context(postgres_worlds())
        matrix = Matrix(asyncio.run(prepared(new_world(folder / "template"), folder)))
        for number, run in enumerate(islice(matrix.runs(Random(seed)), job, runs, jobs), 1):
            place = "at a random moment" if run.place is None else matrix.template.courses[run.act].places[run.place]
            acknowledged, wrong = matrix.try_out(run, folder / f"run-{number}")
            tally.add(run, place, acknowledged=acknowledged, wrong=wrong)
            progress(number * jobs, runs, f"{tally.wrong.total()} wrong", every=100)
    return tally


def figure(
    *, runs: int = 10_000, seed: int = 1, database: Literal["sqlite", "postgresql"] = "sqlite", jobs: int = 1
) -> Figure:
    tally = measure(runs, seed, database, jobs)
    told = {
        "killed": f"{tally.runs} times at {len(tally.points)} places",
        **{kind: tally.wrong[kind] for kind in ("lost", "orphans", "events", "pairs", "other")},
    }
    return Figure(told, tally.examples)


if __name__ == "__main__":
    sys.exit(command(figure))
