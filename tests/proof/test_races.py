"""G24, one round of it: `python -m tests.proof.races` takes more, and real servers."""

from pathlib import Path
from random import Random

import pytest

from tests.proof.races import KINDS, arena_of_applications, run_rounds
from tests.services.postgres import PostgresServer

RACERS = 12

pytestmark = [pytest.mark.anyio, pytest.mark.proof]


async def test_whatever_many_ask_for_at_once_ends_well_over_sqlite(tmp_path: Path) -> None:
    await _raced(tmp_path, applications=1)


@pytest.mark.services
async def test_whatever_many_ask_for_at_once_of_two_servers_ends_well_over_postgresql(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    async with postgres.database(migrated=False) as url:
        await _raced(tmp_path, applications=2, DATABASE__URL=url)


async def _raced(folder: Path, applications: int, **settings: str) -> None:
    async with arena_of_applications(folder, applications, RACERS, **settings) as arena:
        await run_rounds(arena, 1, Random(1))
    assert arena.broken == []
    assert arena.statuses.total() >= RACERS * len(KINDS)
