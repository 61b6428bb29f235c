"""One act on the scene while something goes wrong, and the judgement on what is there afterwards."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from application.ports.event_bus import Message
from domain.ids import DocumentId
from tests.invariants import READ, Known, Told, audit_rows, broken_invariants, drain, told
from tests.proof import samples
from tests.proof.ports import Ports
from tests.proof.records import File, Records, read_records
from tests.proof.scene import MARIO, NEW_PHOTO, NEW_TEXT, Cast
from tests.proof.use_cases import UseCases
from tests.proof.worlds import World
from tests.samples import CLINIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is stored, the changes that were logged, and how many reads."""

    records: Records
    changes: tuple[Told, ...]
    reads: int


async def look(ports: Ports) -> Seen:
    await ports.audit.flush()
    rows = [row async for row in audit_rows(ports, CLINIC)]
    changes = tuple(told(row) for row in rows if row.entry.action != READ)
    return Seen(records=await read_records(ports, CLINIC, [MARIO]), changes=changes, reads=len(rows) - len(changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How an act goes when nothing goes wrong: the places it comes by, and what is there before and after it."""

    places: Sequence[str]
    before: Seen
    after: Seen
    reads: int
    """How many reads are durable in the audit log when the act is acknowledged: those of originals."""
    answer: object
    seconds: float

    def is_done(self, seen: Seen) -> bool:
        """Whether the act was carried out, once; whatever ids it drew."""
        return self._anonymous(seen) == self._anonymous(self.after)

    def is_undone(self, seen: Seen) -> bool:
        return self._anonymous(seen) == self._anonymous(self.before)

    def _anonymous(self, seen: Seen) -> str:
        known = {*_ID.findall(_text(self.before))}
        return _ID.sub(lambda id: id[0] if id[0] in known else "new", _text(seen))


KINDS = {"I1": "lost", "I2": "lost", "I3": "orphans", "I10": "orphans", "I11": "orphans", "I4": "events", "I5": "pairs"}


Wrong: TypeAlias = dict[str, list[str]]
"""What is wrong, by kind: lost, orphans, events, pairs, other. Empty where all is well."""


async def judge(
    world: World, ports: Ports, cast: Cast, course: Course, heard: list[Message], *, acknowledged: bool
) -> Wrong:
    """What is wrong after recovery and a day."""
    does = UseCases(ports)
    await does.recover()
    seen = await look(ports)
    lines = [*_outcome(course, seen, acknowledged=acknowledged)]
    if await _wait_a_day(does) > 1:  # one was there before
        lines.append("I3 blobs that no row names had to be put aside")
    known = Known(heard=heard, reads=Counter({CLINIC: seen.reads}))
    known.happened[CLINIC] = [[each] for each in seen.changes]
    known.uploads = {id: _bytes(cast, id, file) for id, file in seen.records.files.items()}
    lines += await broken_invariants(ports, known, [CLINIC])
    lines += [f"I10 {entry.id} is still staged" async for entry in ports.blobs.staged()]
    purged = course.before.records.files.keys() - seen.records.files.keys()
    lines += [f"I11 bytes of the purged {id} are still somewhere" for id in await world.kept(purged)]
    wrong: Wrong = {}
    for line in lines:
        wrong.setdefault(KINDS.get(line.split()[0], "other"), []).append(line)
    return wrong


def _outcome(course: Course, seen: Seen, *, acknowledged: bool) -> Iterator[str]:
    if not course.is_done(seen) and not course.is_undone(seen):
        yield f"neither done nor undone: {seen}"
    if acknowledged and not (course.is_done(seen) and seen.reads >= course.before.reads + course.reads):
        yield f"I2 acknowledged, but there is {seen}"


async def _wait_a_day(does: UseCases) -> int:
    """How many documents' blobs had to be put aside."""
    does.ports.clock.advance(timedelta(hours=25))
    await does.recover()
    await does.finish_purges()
    aside = await does.quarantine_orphans()
    await drain(does)
    return aside


def _bytes(cast: Cast, id: DocumentId, file: File) -> bytes:
    new = samples.photo(NEW_PHOTO) if file.kind == "photo" else samples.text(NEW_TEXT)
    return cast.uploads.get(id, new)


def _text(seen: Seen) -> str:
    return f"{seen.records.sorted()} {seen.changes}"


_ID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
