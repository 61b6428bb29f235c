"""G24: the same things asked for by 24 at once, of one server over SQLite or of two over PostgreSQL.

    python -m tests.proof.races --rounds 50 --seed 1 [--database sqlite|postgresql] [--servers 2]

Each round runs every kind of race once, each in a clinic of its own. After each the right number must have won, the
others been told why not, each refusal and each change be in the audit log and each change in the outbox, and the
clinic's records be whole; after each round `verify --read-data` must find nothing. All answers of 500 and more count.
"""

import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random
from typing import Literal

import httpx
from dependency_injector.providers import Object

from entrypoints.configuration import read_settings
from entrypoints.container import Container
from tests.cli.running import environment
from tests.http.service import Service, serving
from tests.proof.figure import Figure, command, progress
from tests.proof.kill_server import Server
from tests.proof.race_arena import SETTINGS, Arena, Kind
from tests.proof.race_documents import DOCUMENTS
from tests.proof.race_records import RECORDS
from tests.proof.samples import InProcessInspector
from tests.services.postgres import PostgresServer, postgres_server

KINDS: Sequence[Kind] = (*DOCUMENTS, *RECORDS)

_ROUNDS_OF_AN_ARENA = 5
"""The checks look at all documents there are, so an arena is left before there are many."""


@asynccontextmanager
async def arena_of_servers(folder: Path, servers: int, **settings: str) -> AsyncIterator[Arena]:
    """Servers as they are installed, each with a process of its own."""
    async with AsyncExitStack() as opened:
        container = _container(folder, opened, **settings)
        services = []
        for _ in range(servers):
            server = await asyncio.to_thread(lambda: Server(folder, None, **SETTINGS, **settings))
            opened.callback(server.kill)
            await asyncio.to_thread(server.wait)
            limits = httpx.Limits(max_connections=None)
            client = httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits)
            services.append(Service(container, await opened.enter_async_context(client)))
        yield Arena(container, services)


def _container(folder: Path, opened: AsyncExitStack, **settings: str) -> Container:
    container = Container(settings=read_settings(None, environment(folder, **SETTINGS, **settings)))
    opened.push_async_callback(container.resources().close)
    return container


@asynccontextmanager
async def arena_of_applications(folder: Path, applications: int, racers: int, **settings: str) -> AsyncIterator[Arena]:
    """The same in this process, without sockets."""
    read = read_settings(None, environment(folder, **SETTINGS, **settings))
    async with AsyncExitStack() as opened:
        services = [await opened.enter_async_context(serving(read, _without_helpers)) for _ in range(applications)]
        yield Arena(services[0].container, services, racers)


def _without_helpers(container: Container) -> None:
    container.inspector.override(Object(InProcessInspector()))


async def run_rounds(arena: Arena, rounds: int, dice: Random) -> None:
    for _ in range(rounds):
        for kind in dice.sample(KINDS, len(KINDS)):
            await arena.run(kind)
        await arena.verify()


async def measure(rounds: int, seed: int, database: str, servers: int) -> tuple[Counter[str], Counter[int]]:
    """What went wrong, how often, and the answers by their status."""
    dice, broken, statuses = Random(seed), Counter[str](), Counter[int]()
    with tempfile.TemporaryDirectory(prefix="clinic-media-races-") as name:
        async with AsyncExitStack() as opened:
            postgres = opened.enter_context(postgres_server()) if database == "postgresql" else None
            for first in range(0, rounds, _ROUNDS_OF_AN_ARENA):
                these = min(_ROUNDS_OF_AN_ARENA, rounds - first)
                arena = await _one_arena(Path(name, str(first)), these, dice, postgres, servers)
                broken.update(arena.broken)
                statuses.update(arena.statuses)
                progress(first + these, rounds, f"rounds, {broken.total()} wrong", every=1)
    return broken, statuses


async def _one_arena(folder: Path, rounds: int, dice: Random, postgres: PostgresServer | None, servers: int) -> Arena:
    await asyncio.to_thread(folder.mkdir)
    async with AsyncExitStack() as opened:
        url = await opened.enter_async_context(postgres.database()) if postgres else ""
        settings = {"DATABASE__URL": url} if url else {}
        arena = await opened.enter_async_context(arena_of_servers(folder, servers, **settings))
        await run_rounds(arena, rounds, dice)
    return arena


def figure(
    *, rounds: int = 50, seed: int = 1, database: Literal["sqlite", "postgresql"] = "sqlite", servers: int = 0
) -> Figure:
    """`servers` are two over PostgreSQL and one over SQLite unless told."""
    servers = servers or (2 if database == "postgresql" else 1)
    broken, statuses = asyncio.run(measure(rounds, seed, database, servers))
    told = {
        "races": f"{rounds} rounds of {len(KINDS)} kinds, 24 at once",
        "servers": f"{servers} over {database}",
        "answers": dict(sorted(statuses.items())),
        "wrong": broken.total(),
    }
    return Figure(told, [f"{times} × {line}" for line, times in broken.most_common()])


if __name__ == "__main__":
    sys.exit(command(figure))
