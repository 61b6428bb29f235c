"""Where requests race: servers over one database and storage, and what is looked at when they are through."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, NamedTuple, TypeAlias

import httpx
from sqlalchemy import bindparam, select

from adapters.sql.logs import audit, outbox
from application.reach import over_every_clinic
from domain import events
from domain.errors import DomainError
from domain.ids import ClinicId
from entrypoints.container import Container
from tests.http.service import Clinic, Json, Person, Service, data_of
from tests.installations import TickingClock
from tests.invariants import broken_records
from tests.proof.ports import Ports, ports_of
from tests.proof.records import Records, read_records
from tests.proof.use_cases import MAX_FILES

SETTINGS: Mapping[str, str] = {
    "OWNER_TYPES__VISIT__MAX_FILES": str(MAX_FILES),
    "OWNER_TYPES__TREATMENT__MAX_FILES": str(MAX_FILES),
    "RETENTION__TRASH_DAYS": "1",
    "RETENTION__PHOTOS_PURGEABLE": "true",
}

Ask: TypeAlias = Callable[[Person, int], Awaitable[httpx.Response]]

_EVENTS = {kind.type for kind in vars(events).values() if isinstance(kind, type) and hasattr(kind, "type")}
_LOGGED = (
    select(audit.c.action, audit.c.subject, audit.c.patient_id, audit.c.outcome)
    .where(audit.c.clinic_id == bindparam("clinic"))
    .order_by(audit.c.seq)
)
_SENT = (
    select(outbox.c.type, outbox.c.subject, outbox.c.key)
    .where(outbox.c.clinic_id == bindparam("clinic"))
    .order_by(outbox.c.seq)
)


class Written(NamedTuple):
    """How much of the audit log is events, refusals and the rest, which is reads for the most part."""

    events: Counter[str]
    refusals: int
    others: int


@dataclass(slots=True)
class Arena:
    """`container` stands on the database and storage of all `services`; `broken` is what went wrong so far."""

    container: Container
    services: Sequence[Service]
    racers: int = 24
    broken: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    _numbers: "count[int]" = field(default_factory=count)

    async def run(self, kind: "Kind") -> None:
        race = Race(self, f"clinic-{next(self._numbers)}", kind.__name__.replace("_", " "))
        with over_every_clinic():
            try:
                await kind(race)
            except (AssertionError, ValueError, DomainError, httpx.HTTPError) as error:
                race.that(False, repr(error))
            await race.look()

    async def verify(self) -> None:
        """Everything there is, bytes and all."""
        with over_every_clinic():
            found = [finding async for finding in self.container.verify()(share=1.0)]
        self.broken += [f"{finding.code} {finding.id}: {finding.problem}" for finding in found]

    async def purge(self) -> httpx.Response:
        """What a worker does, two days from now."""
        later = TickingClock(datetime.now(UTC) + timedelta(days=2))
        async for _ in replace(self.container.purge_trash(), clock=later)():
            pass
        return httpx.Response(204)


class Race:
    """One race in a clinic of its own. What it finds wrong is noted in the arena."""

    def __init__(self, arena: Arena, clinic: str, name: str) -> None:
        self.arena = arena
        self.clinic = ClinicId(clinic)
        self.told: dict[str, int] = {}
        self._name = name
        self._clinics = [Clinic(service, clinic) for service in arena.services]

    @property
    def racers(self) -> int:
        return self.arena.racers

    @property
    def half(self) -> int:
        return self.racers // 2

    # --- what is there before ---

    @property
    def person(self) -> Person:
        return self._clinics[0].admin

    async def patient(self, id: str = "ana") -> str:
        return await self._clinics[0].patient(id)

    async def record(self, type: str = "visit", id: str = "v1", patient: str = "ana") -> Json:
        """As the body of an attachment names it."""
        return await self._clinics[0].owner(type, id, patient)

    async def photos(self, number: int) -> list[str]:
        return sorted([(await self.person.photo("ana"))["id"] for _ in range(number)])

    async def documents(self, number: int) -> list[str]:
        return sorted([(await self.person.document("ana"))["id"] for _ in range(number)])

    async def linked(self, document: str, owner: Json) -> str:
        """The id of the new attachment."""
        answer = await self.person.post("/media/attachments", {"document_id": document, **owner})
        id: str = data_of(answer, 201)["id"]
        return id

    # --- the race ---

    async def at_once(self, *asks: Ask, noted: int = 0) -> list[httpx.Response]:
        """The asks in turn until there are as many as race, through the servers in turn. Each read and refusal must
        get its entry in the audit log; `noted` are further ones."""
        people = [clinic.admin for clinic in self._clinics]
        before = await self._written()
        answers = await asyncio.gather(
            *(
                asks[number % len(asks)](people[number // len(asks) % len(people)], number)
                for number in range(self.racers)
            )
        )
        self.arena.statuses.update(answer.status_code for answer in answers)
        for answer in answers:
            self.that(answer.status_code < 500, f"{answer.status_code} {answer.text[:300]}")
        served = [answer for answer in answers if _is_served(answer)]
        refused = sum(answer.is_client_error for answer in served)
        read = sum(answer.is_success and answer.request.method == "GET" for answer in served)
        after = await self._written_once(before, refused, read + noted)
        self.told = dict(after.events - before.events)
        return answers

    def that(self, holds: bool, said: str) -> None:
        if not holds:
            self.arena.broken.append(f"{self._name}: {said}")

    def answered(self, answers: Sequence[httpx.Response], expected: Mapping[int, int]) -> None:
        found = _statuses(answers)
        self.that(found == expected, f"answered {found}, it had to be {expected}")

    def within(self, answers: Sequence[httpx.Response], *allowed: int) -> None:
        found = _statuses(answers)
        self.that({*found} <= {*allowed}, f"answered {found}, only {allowed} may be")

    def happened(self, *choices: Mapping[str, int]) -> None:
        """The events of the race are one of these."""
        self.that(self.told in choices, f"told {self.told}, it had to be {' or '.join(map(str, choices))}")

    # --- what is there afterwards ---

    async def records(self) -> Records:
        return await read_records(self._ports, self.clinic)

    async def look(self) -> None:
        for line in await broken_records(self._ports, self.clinic, await self.records()):
            self.that(False, line)
        logged, sent = await self._events(_LOGGED), await self._events(_SENT)
        self.that(logged == sent, f"I4 logged {logged}, sent {sent}")

    @property
    def _ports(self) -> Ports:
        return ports_of(self.arena.container)

    async def _events(self, statement: Any) -> dict[str, list[tuple[str, str]]]:
        """I4: type and subject of each, by patient; the same in the log as in the outbox."""
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for kind, subject, patient, *_ in await self._rows(statement):
            if kind in _EVENTS:
                found[patient].append((kind, subject))
        return dict(found)

    async def _written_once(self, before: Written, refused: int, others: int) -> Written:
        """When all entries are there: those of reads and refusals come a little later."""
        wanted = before.refusals + refused, before.others + others
        for _ in range(100):
            for clinic in self._clinics:
                await clinic.service.container.audit().flush()
            after = await self._written()
            if after.refusals + after.others >= sum(wanted):
                break
            await asyncio.sleep(0.05)
        else:
            after = await self._written()
        self.that(after[1:] == wanted, f"I9 {after[1:]} refusals and reads are entered, it had to be {wanted}")
        return after

    async def _written(self) -> Written:
        rows = await self._rows(_LOGGED)
        told = Counter(action for action, *_ in rows if action in _EVENTS)
        refusals = sum(outcome != "ok" for *_, outcome in rows)
        return Written(told, refusals, len(rows) - told.total() - refusals)

    async def _rows(self, statement: Any) -> Sequence[Any]:
        rows: Sequence[Any] = await self.arena.container._database().fetch(statement, {"clinic": self.clinic})
        return rows


Kind: TypeAlias = Callable[[Race], Awaitable[None]]


def _statuses(answers: Sequence[httpx.Response]) -> dict[int, int]:
    return dict(Counter(answer.status_code for answer in answers))


def _is_served(answer: httpx.Response) -> bool:
    """Whether it came from a server, and not from something done beside."""
    return "x-request-id" in answer.headers
