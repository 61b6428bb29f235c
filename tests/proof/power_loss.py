"""G3: the power goes at any step, and of the disk only what was synced is sure to be there when it is back.

    python -m tests.proof.power_loss --runs 2000 --seed 1

Rows are in memory and count as durable once committed, as SQLite with synchronous=FULL promises; the files lie on a
disk that forgets (tests/contract/disks.py). Afterwards each sync is left out in turn, to see whether that is noticed.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from application.ports.blobs import ORIGINAL
from tests.proof.figure import Figure, command
from tests.proof.power_world import PowerWorld
from tests.proof.samples import InProcessInspector
from tests.proof.scene import ME, upload_photo
from tests.proof.taps import Cut, Dead, Switch, no_fault, tapped
from tests.proof.template import ACTS, Template, prepared
from tests.proof.trial import judge
from tests.proof.use_cases import UseCases
from tests.proof.worlds import CountingIds, HearingBus
from tests.samples import ANA

WITH_BYTES = (
    "upload",
    "upload, linked and paired",
    "upload a text",
    "trash",
    "purge",
    "download a picture that is not made yet",
    "make pictures",
    "recover",
    "sweep",
)


@dataclass(frozen=True, slots=True)
class Run:
    """`dice` decide about what was not synced; without any, all of it is gone."""

    act: str
    cut: int
    dice: int | None


@dataclass(slots=True)
class Tally:
    runs: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)


def runs(template: Template, dice: Random) -> Iterator[Run]:
    cuts = [(act, cut) for act in WITH_BYTES for cut in range(len(template.courses[act].places) + 1)]
    for turn in range(1_000_000):
        dice.shuffle(cuts)
        for act, cut in cuts:
            yield Run(act, cut, None if turn == 0 else dice.randrange(2**32))


async def try_out(template: Template, run: Run, folder: Path) -> dict[str, list[str]]:
    world, bus = template.world.copied(folder), HearingBus(template.heard)
    assert isinstance(world, PowerWorld)
    tap = Switch(Cut(run.cut))
    ports = await world.open(InProcessInspector(), bus, deepcopy(template.ids), tap)
    tap.is_on, acknowledged = True, True
    try:
        await ACTS[run.act](UseCases(tapped(ports, tap)), template.cast)
    except Dead:
        acknowledged = False
    tap.is_on = False
    await world.close()
    world.lose_power(None if run.dice is None else Random(run.dice))
    ports = await world.open(InProcessInspector(), bus, CountingIds(), no_fault)
    course = template.courses[run.act]
    try:
        return await judge(world, ports, template.cast, course, bus.heard, acknowledged=acknowledged)
    finally:
        await world.close()
        await world.drop()


async def measure(count: int, seed: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="clinic-media-power-") as name:
        folder = Path(name)
        template = await prepared(PowerWorld(folder / "template"), folder)
        for number, run in zip(range(count), runs(template, Random(seed)), strict=False):
            wrong = await try_out(template, run, folder / f"run-{number}")
            tally.runs += 1
            tally.wrong.update(dict.fromkeys(wrong, 1))
            tally.examples += [f"{kind}: {run}: {line}" for kind, lines in wrong.items() for line in lines]
    return tally


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What shows that a sync was left out of the first upload ever: an invariant that is broken after recovery, or at
    least that the storage does not have what it had promoted."""

    what: str
    breaks: bool
    forgets: bool


async def leave_out_each_sync() -> list[LeftOut]:
    with tempfile.TemporaryDirectory(prefix="clinic-media-power-") as name:
        whole = await _upload_without(Path(name, "whole"), None)
        assert not whole.breaks, "nothing was left out"
        assert not whole.forgets, "nothing was left out"
        return [await _upload_without(Path(name, str(skip)), skip) for skip in range(int(whole.what))]


async def _upload_without(folder: Path, skip: int | None) -> LeftOut:
    world = PowerWorld(folder, skip)
    does = UseCases(await world.open(InProcessInspector(), HearingBus(), CountingIds(), no_fault))
    await does.register_patient(ME, ANA, display_name="Ana García")
    view = await upload_photo(does, 1)
    assert world.disk is not None
    what = world.disk.what
    await world.close()
    world.lose_power(None)
    ports = await world.open(InProcessInspector(), HearingBus(), CountingIds(), no_fault)
    forgets = await ports.blobs.stat(f"{view.prefix}/{ORIGINAL}") is None
    await UseCases(ports).recover()
    broken = [finding async for finding in UseCases(ports).verify(share=1.0)]
    await world.close()
    return LeftOut(str(len(what)) if skip is None else what[skip], bool(broken), forgets)


def figure(*, runs: int = 2000, seed: int = 1) -> Figure:
    tally, left_out = asyncio.run(measure(runs, seed)), asyncio.run(leave_out_each_sync())
    unnoticed = [f"the sync of {each.what} is not missed" for each in left_out if not (each.breaks or each.forgets)]
    told = {
        "power lost": f"{tally.runs} times",
        "wrong": sum(tally.wrong.values()),
        "syncs left out": f"{len(left_out)}: {sum(each.breaks for each in left_out)} break an invariant, "
        f"{sum(each.forgets and not each.breaks for each in left_out)} make the storage forget",
        "not noticed": len(unnoticed),
    }
    return Figure(told, [*tally.examples, *unnoticed])


if __name__ == "__main__":
    sys.exit(command(figure))
