"""G28: damages of every kind, done behind the service's back; verify finds each, raises no other alarm, and repairs
only what can be repaired safely.

    python -m tests.proof.damages --damages 600 --seed 1

SQLite and a folder. Each round copies an installation, does one damage of each kind to it, each to documents of its
own, and compares what `verify --read-data` finds with what was done; then repairs, compares again, and looks whether
every row and every byte that was there still is. Changes inside a picture that leave it a whole JPEG are not among the
kinds: pictures have no checksum, and are made again at any time.
"""

import asyncio
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from shutil import copytree

from dependency_injector.providers import Object

from application.repairing import Repair
from application.verify import Finding
from entrypoints.container import Container, opened
from entrypoints.settings import Settings
from tests.proof.damage_kinds import KINDS, Done, Wreck
from tests.proof.damage_scene import CLINIC, make_scene
from tests.proof.figure import Figure, command
from tests.proof.samples import InProcessInspector


@dataclass(slots=True)
class Tally:
    damages: Counter[str] = field(default_factory=Counter)
    not_found: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)
    wrong_repairs: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Contents:
    """What must survive a repair."""

    rows: Counter[str]
    originals: Counter[str]

    def lost_in(self, after: "Contents") -> list[str]:
        return [*(self.rows - after.rows), *(self.originals - after.originals)]


def contents(folder: Path) -> Contents:
    with closing(sqlite3.connect(folder / "clinic-media.db")) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(documents)")]
        kept = ", ".join(name for name in names if name not in ("derived", "recipe", "placeholder"))
        rows = Counter(map(str, database.execute(f"SELECT {kept} FROM documents")))
        for table in ("attachments", "pairing_members", "owners", "audit", "tombstones"):
            rows.update(f"{table} {row}" for row in database.execute(f"SELECT * FROM {table}"))
    found = (path for path in (folder / "files").rglob("original*") if path.is_file() and not path.is_symlink())
    # what was never acknowledged may be dropped
    return Contents(rows, Counter(sha256(path.read_bytes()).hexdigest() for path in found if not _unsent(path)))


def _unsent(path: Path) -> bool:
    return path.read_bytes() == Wreck.ABANDONED


async def one_round(scene: Path, folder: Path, dice: Random, tally: Tally, kinds: int) -> None:
    copytree(scene, folder)
    done = await _damaged(folder, dice, kinds)
    tally.damages.update(one.kind for one in done)
    expected = {(code, id): one.kind for one in done for code, id in one.findings}
    mended = {finding for one in done for finding in one.findings if finding[0] == one.mended}
    async with opened(Settings(data_dir=str(folder))) as container:
        container.inspector.override(Object(InProcessInspector()))
        found = await _found(container)
        tally.not_found += [f"{expected[key]}: {key}" for key in expected.keys() - found.keys()]
        tally.false_alarms += [f"{found[key]}" for key in found.keys() - expected.keys()]
        before = contents(folder)
        repair: Repair = container.repair()
        await repair(list(found.values()))
        left = await _found(container)
    wrong = [f"not mended: {key}" for key in left.keys() & mended]
    wrong += [f"new after the repair: {left[key]}" for key in left.keys() - found.keys()]
    wrong += [f"not found after the repair: {key}" for key in found.keys() - left.keys() - mended]
    tally.wrong_repairs += [*wrong, *(f"lost by the repair: {lost[:200]}" for lost in before.lost_in(contents(folder)))]


async def _damaged(folder: Path, dice: Random, kinds: int) -> list[Done]:
    wreck = Wreck(folder, dice)
    done = []
    for name in dice.sample(sorted(KINDS), min(kinds, len(KINDS))):
        found, mended = KINDS[name](wreck)
        done.append(Done(name, tuple(found), mended))
    done += [Done(*each) for each in await wreck.rewrite_log(CLINIC)]
    return done


async def _found(container: Container) -> dict[tuple[str, str], Finding]:
    return {(finding.code, finding.id): finding async for finding in container.verify()(share=1.0)}


def measure(damages: int, seed: int) -> Tally:
    tally, dice = Tally(), Random(seed)
    with tempfile.TemporaryDirectory(prefix="clinic-media-damages-") as name:
        scene = Path(name, "scene")
        asyncio.run(make_scene(scene))
        number = 0
        while tally.damages.total() < damages:
            number += 1
            kinds = max(1, damages - tally.damages.total() - 1)
            asyncio.run(one_round(scene, Path(name, f"round-{number}"), dice, tally, kinds))
    return tally


def figure(*, damages: int = 600, seed: int = 1) -> Figure:
    tally = measure(damages, seed)
    told = {
        "damages": f"{tally.damages.total()} of {len(tally.damages)} kinds",
        "not found": len(tally.not_found),
        "false alarms": len(tally.false_alarms),
        "wrong repairs": len(tally.wrong_repairs),
    }
    return Figure(told, (*tally.not_found, *tally.false_alarms, *tally.wrong_repairs))


if __name__ == "__main__":
    sys.exit(command(figure))
