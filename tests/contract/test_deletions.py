"""While a backup runs nobody destroys bytes, and a backup begins when nobody is about it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.memory.deletions import MemoryDeletions
from adapters.sql.database import open_database
from adapters.sql.deletions import open_deletions
from application.ports.backups import Deletions

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Deletions, Deletions]]:
    """Those of two processes; in memory there is only one."""
    if request.param == "memory":
        one = MemoryDeletions()
        yield one, one
        return
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'clinic.db'}"
        yield open_deletions(url, open_database(url)), open_deletions(url, open_database(url))
        return
    async with request.getfixturevalue("postgres").database(migrated=False) as url:
        databases = open_database(url), open_database(url)
        yield open_deletions(url, databases[0]), open_deletions(url, databases[1])
        for database in databases:
            await database.close()


async def test_several_may_destroy_bytes_at_once(pair: tuple[Deletions, Deletions]) -> None:
    one, other = pair
    async with one.allowed() as first, other.allowed() as second:
        assert (first, second) == (True, True)


async def test_nobody_may_while_a_backup_runs(pair: tuple[Deletions, Deletions]) -> None:
    one, other = pair
    async with one.suspended() as held:
        assert held
        async with one.allowed() as here, other.allowed() as there:
            assert (here, there) == (False, False)
    async with other.allowed() as again:
        assert again


async def test_of_two_backups_one_runs(pair: tuple[Deletions, Deletions]) -> None:
    one, other = pair
    async with one.suspended() as first, other.suspended() as second:
        assert (first, second) == (True, False)
    async with other.suspended() as held:
        assert held


async def test_a_backup_waits_for_whoever_is_destroying_bytes(pair: tuple[Deletions, Deletions]) -> None:
    one, other = pair
    happened = []

    async def back_up() -> None:
        async with other.suspended() as held:
            happened.append(f"backup {held}")

    async with one.allowed():
        waiting = asyncio.create_task(back_up())
        await asyncio.sleep(0.3)
        happened.append("destroyed")
    await waiting
    assert happened == ["destroyed", "backup True"]


async def test_a_backup_that_ended_in_an_error_holds_nothing(pair: tuple[Deletions, Deletions]) -> None:
    one, other = pair
    with pytest.raises(RuntimeError, match="on purpose"):
        async with one.suspended():
            raise RuntimeError("on purpose")
    async with other.allowed() as allowed:
        assert allowed
