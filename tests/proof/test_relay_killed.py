"""G9 at a small size: `python -m tests.proof.relay_killed` takes it to 10,000 events and 200 kills."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.sql.schema import upgrade
from tests.proof.relay_killed import Trial
from tests.services.nats import nats_server
from tests.services.postgres import PostgresServer

pytestmark = [pytest.mark.anyio, pytest.mark.proof, pytest.mark.services]


@pytest.fixture
async def postgresql(postgres: PostgresServer) -> AsyncIterator[str]:
    async with postgres.database() as url:
        yield url


async def test_a_relay_that_is_killed_loses_nothing_and_keeps_the_order(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'clinic.db'}"
    await asyncio.to_thread(upgrade, database)
    with nats_server(tmp_path / "nats") as broker:
        outcome = await asyncio.to_thread(Trial(database, broker.url).run, 300, 10)
    assert outcome.holds, outcome


async def test_of_several_relays_on_one_postgresql_any_may_be_killed(postgresql: str, tmp_path: Path) -> None:
    with nats_server(tmp_path / "nats") as broker:
        outcome = await asyncio.to_thread(Trial(postgresql, broker.url, relays=3).run, 300, 10)
    assert outcome.holds, outcome
