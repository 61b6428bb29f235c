"""G5: PostgreSQL is taken away in the middle of uploads and links; clients repeat, and nothing is lost or there twice.

    python -m tests.proof.postgresql_killed --runs 100 --seed 1

Each run ends the backend of a transaction that is under way (pg_terminate_backend), or, one in ten, stops the whole
server at once and starts it again a moment later. Eight clients, who lose connections themselves, send what was not
answered again under the same Idempotency-Key. Meanwhile the one `clinic-media serve` may say 503 with Retry-After and
nothing else that begins with a 5, and it must find back by itself. `clinic-media verify --read-data` must find nothing
at the end.
"""

import asyncio
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

import asyncpg
from sqlalchemy import make_url

from adapters.sql.schema import upgrade
from tests.proof.figure import Figure, command, progress
from tests.proof.kill_server import Server, verified
from tests.proof.persistent import Persistent, Tally, look, relayed
from tests.services.stoppable_postgres import StoppablePostgres, stoppable_postgres

CLIENTS = 8
PATIENTS = tuple(f"p-{number}" for number in range(4))
_STOPS_ONE_IN = 10
_IN_THE_MIDDLE = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'clinic-media' AND xact_start IS NOT NULL"
    " AND state IN ('active', 'idle in transaction')"
)


@dataclass(slots=True)
class Blows:
    backends: int = 0
    stops: int = 0

    def __len__(self) -> int:
        return self.backends + self.stops


class Trial:
    def __init__(self, postgres: StoppablePostgres, url: str, tally: Tally, dice: Random) -> None:
        self._postgres = postgres
        self._url = url
        self._tally = tally
        self._dice = dice
        self._over = False
        self.blows = Blows()

    async def run(self, runs: int) -> None:
        async with Persistent([self._url], self._tally, self._dice) as client:
            for patient in PATIENTS:
                put = {"display_name": "Ana García"}
                await client.done("PUT", f"/directory/patients/{patient}", json=put)
                body = {"patient_id": patient, "title": "Ortodoncia"}
                await client.done("PUT", f"/directory/owners/treatment/t-{patient}", json=body)
            clients = [asyncio.create_task(self._keep_on(client, number)) for number in range(CLIENTS)]
            while len(self.blows) < runs and not any(task.done() for task in clients):
                await asyncio.sleep(self._dice.uniform(0, 0.3))
                await self._strike()
                progress(len(self.blows), runs, f"{len(self._tally.uploads)} acknowledged")
            self._over = True
            await asyncio.gather(*clients)
            await look(client, self._tally)
        await relayed(self._postgres.url)

    async def _keep_on(self, client: Persistent, number: int) -> None:
        done = 0
        while not self._over:
            key, patient = f"upload-{number}-{done}", PATIENTS[(number + done) % len(PATIENTS)]
            answer = await client.upload(key, patient, f"{key}\n".encode() * 50)
            if answer.status_code != 201:
                self._tally.found.append(f"{key} was answered with {answer.status_code}: {answer.text[:200]}")
                return
            id = answer.json()["data"]["id"]
            await client.link(id, f"t-{patient}")
            await client.link(id, f"t-{patient}")
            done += 1

    async def _strike(self) -> None:
        if len(self.blows) % _STOPS_ONE_IN == _STOPS_ONE_IN // 2:
            await asyncio.to_thread(self._postgres.stop)
            await asyncio.sleep(self._dice.uniform(0, 1))
            await asyncio.to_thread(self._postgres.start)
            self.blows.stops += 1
            return
        connection = await asyncpg.connect(self._postgres.url)
        try:
            if pids := [pid for (pid,) in await connection.fetch(_IN_THE_MIDDLE)]:
                ended = await connection.fetchval("SELECT pg_terminate_backend($1)", self._dice.choice(pids))
                self.blows.backends += bool(ended)
        finally:
            await connection.close()


def measure(runs: int, seed: int) -> tuple[Tally, Blows]:
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="clinic-media-blows-") as name, stoppable_postgres() as postgres:
        url = make_url(postgres.url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)
        upgrade(url)
        server = Server(Path(name), DATABASE__URL=url)
        try:
            server.wait()
            trial = Trial(postgres, server.url, tally, Random(seed))
            asyncio.run(trial.run(runs))
            server.wait(5)  # it is the same process still, and ready
        finally:
            server.kill()
        tally.found += verified(Path(name), DATABASE__URL=url)
    return tally, trial.blows


def figure(*, runs: int = 100, seed: int = 1) -> Figure:
    tally, blows = measure(runs, seed)
    told = {
        "taken away": f"{blows.backends} backends, {blows.stops} times the whole server, under {CLIENTS} clients",
        "acknowledged": f"{len(tally.uploads)} uploads, {len(tally.links)} links",
        "sent again": f"{tally.again}, {tally.unavailable} of them answered with 503",
        "wrong": len(tally.found),
    }
    return Figure(told, tally.found)


if __name__ == "__main__":
    sys.exit(command(figure))
