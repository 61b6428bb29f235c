"""G9: events through a real NATS, with the relays killed again and again: all there, each patient's in order.

    python -m tests.proof.relay_killed --events 10000 --kills 200 [--database postgresql] [--relays 3]

A relay is a process of its own, killed (SIGKILL) at a moment that nobody chose, in most cases between publishing and
noting that it published; with several relays, one of them at a time while the others go on.
"""

import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import nats
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

from adapters.events.nats import NatsBus
from adapters.sql.database import open_database
from adapters.sql.outbox import SqlOutbox
from adapters.sql.schema import upgrade
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.system import SystemClock, Uuid7
from application.reach import over_every_clinic
from application.relay import RelayEvents
from domain.events import DocumentTrashed
from domain.ids import DocumentId, PatientId
from tests.proof.figure import Figure, command
from tests.samples import staff
from tests.services.nats import nats_server
from tests.services.postgres import postgres_server

TOPIC = "proof"
PATIENTS = 40
BATCH = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    events: int
    kills: int
    delivered: int
    """Different events that arrived."""
    repeated: int
    """Arrivals of what had arrived: its relay was killed before it could note that."""
    out_of_order: int
    """Events that came behind a later one of their patient."""

    @property
    def holds(self) -> bool:
        return self.delivered == self.events and self.out_of_order == 0


@dataclass(slots=True)
class Trial:
    database: str
    broker: str
    relays: int = 1
    told: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Subjects of the events of each patient, in the order of their commits."""
    _chance: random.Random = field(default_factory=lambda: random.Random(9))
    _running: list[int] = field(default_factory=list)

    def run(self, events: int, kills: int) -> Outcome:
        asyncio.run(self._make_stream())
        for number in range(kills):
            self.tell(events * (number + 1) // kills - events * number // kills)
            self._start()
            time.sleep(self._chance.uniform(0.01, 0.12))
            self._kill()
        self._start()
        asyncio.run(self._until_empty())
        while self._running:
            self._kill()
        arrived = asyncio.run(self._arrived())
        return self._outcome(events, kills, arrived)

    async def _make_stream(self) -> None:
        """One that forgets soon what it has, so that repetitions can be seen."""
        client = await nats.connect(self.broker)
        await client.jetstream().add_stream(StreamConfig(name=TOPIC, subjects=[f"{TOPIC}.>"], duplicate_window=0.1))
        await client.close()

    def tell(self, events: int) -> None:
        asyncio.run(self._tell([PatientId(f"p{self._chance.randrange(PATIENTS)}") for _ in range(events)]))

    async def _tell(self, patients: Sequence[PatientId]) -> None:
        database, new_id = open_database(self.database), Uuid7()
        async with OpenSqlUnitOfWork(database, SystemClock(), new_id)(staff()) as uow:
            for patient in patients:
                subject = DocumentId(new_id())
                uow.record(DocumentTrashed(patient_id=patient, document_id=subject))
                self.told[patient].append(subject)
            await uow.commit()
        await database.close()

    def _start(self) -> None:
        """As many as there should be. They are forked: importing everything anew would take most of the time."""
        while len(self._running) < self.relays:
            pid = os.fork()
            if pid == 0:
                try:
                    asyncio.run(relay(self.database, self.broker))
                finally:
                    os._exit(1)
            self._running.append(pid)

    def _kill(self) -> None:
        pid = self._running.pop(self._chance.randrange(len(self._running)))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "a relay ended by itself"

    async def _until_empty(self) -> None:
        database = open_database(self.database)
        async with asyncio.timeout(300):
            while await SqlOutbox(database, SystemClock()).waiting():  # noqa: ASYNC110 - others empty it
                await asyncio.sleep(0.05)
        await database.close()

    async def _arrived(self) -> list[tuple[str, str]]:
        """Patient and subject of each event, in the stream's order."""
        client = await nats.connect(self.broker)
        jetstream = client.jetstream()
        total = (await jetstream.stream_info(TOPIC)).state.messages
        reader = await jetstream.pull_subscribe(f"{TOPIC}.>", config=ConsumerConfig(ack_policy=AckPolicy.NONE))
        arrived: list[tuple[str, str]] = []
        while len(arrived) < total:
            events = [json.loads(message.data) for message in await reader.fetch(500)]
            arrived += [(event["partitionkey"], event["subject"]) for event in events]
        await client.close()
        return arrived

    def _outcome(self, events: int, kills: int, arrived: list[tuple[str, str]]) -> Outcome:
        places = {subject: place for subjects in self.told.values() for place, subject in enumerate(subjects)}
        latest: defaultdict[str, int] = defaultdict(lambda: -1)
        seen, late = set(), 0
        for patient, subject in arrived:
            if subject not in seen:
                late += places[subject] < latest[patient]
                latest[patient] = max(latest[patient], places[subject])
                seen.add(subject)
        return Outcome(events, kills, len(seen), len(arrived) - len(seen), late)


async def relay(database: str, broker: str) -> None:
    """Until it is killed."""
    bus = NatsBus(broker, TOPIC)
    relay_events = RelayEvents(outbox=SqlOutbox(open_database(database), SystemClock()), bus=bus)
    while True:
        if not await relay_events(BATCH):
            await asyncio.sleep(0.005)


@over_every_clinic()
def figure(
    *, events: int = 10_000, kills: int = 200, relays: int = 1, database: Literal["sqlite", "postgresql"] = "sqlite"
) -> Figure:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        broker = stack.enter_context(nats_server(folder / "nats")).url
        url = f"sqlite:///{folder / 'clinic.db'}"
        if database == "postgresql":
            url = stack.enter_context(postgres_server()).url.replace("postgresql://", "postgresql+asyncpg://")
        upgrade(url)
        outcome = Trial(url, broker, relays).run(events, kills)
    told = asdict(outcome)
    return Figure(told, [] if outcome.holds else [f"lost or out of order: {told}"])


if __name__ == "__main__":
    sys.exit(command(figure))
