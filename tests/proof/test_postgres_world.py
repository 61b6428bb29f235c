"""What the proofs over PostgreSQL begin with each time."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from application.reach import over_every_clinic
from tests.proof.postgres_world import worlds_on
from tests.proof.samples import InProcessInspector
from tests.proof.taps import no_fault
from tests.proof.template import prepared
from tests.proof.worlds import CountingIds, HearingBus, World
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.proof, pytest.mark.slow, pytest.mark.services]

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"


async def contents(url: str) -> dict[str, list[str]]:
    connection = await asyncpg.connect(url)
    try:
        tables = [name for (name,) in await connection.fetch(_TABLES)]
        rows = {name: await connection.fetch(f"SELECT t::text FROM {name} t ORDER BY 1") for name in tables}
        found = {name: [row for (row,) in lines] for name, lines in rows.items()}
        return found | {"sequences": [str(row) for row in await connection.fetch(_SEQUENCES)]}
    finally:
        await connection.close()


async def look_in(world: World) -> None:
    await world.open(InProcessInspector(), HearingBus(), CountingIds(), no_fault)
    await world.close()


def test_a_database_that_every_act_has_changed_is_filled_as_the_one_it_was_made_from(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    with over_every_clinic(), worlds_on(postgres) as new_world:
        source = new_world(tmp_path / "source")
        asyncio.run(prepared(source, tmp_path))
        copy = source.copied(tmp_path / "copy")
        asyncio.run(look_in(copy))
        urls = [postgres.unwalled(postgres.url_of(world.name)) for world in (source, copy)]
        was, is_now = [asyncio.run(contents(url)) for url in urls]
        assert len(was["documents"]) > 1
        assert is_now == was
