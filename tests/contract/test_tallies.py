"""Counting within a minute, in this process and in Redis."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from adapters.tallies.memory import MemoryTally
from adapters.tallies.opening import open_tally
from adapters.tallies.redis import PAUSE, RedisTally
from application.ports.tallies import Tally
from tests.services.ports import free_port
from tests.services.redis import RedisServer

pytestmark = pytest.mark.anyio

_windows = count(29_000_000)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.services)])
async def tally(request: pytest.FixtureRequest) -> AsyncIterator[Tally]:
    """Redis may take its time, as the machine may have other work."""
    is_redis = request.param == "redis"
    opened = RedisTally(request.getfixturevalue("redis").url, patience=30) if is_redis else MemoryTally()
    yield opened
    await opened.close()


async def test_each_key_is_counted_by_itself(tally: Tally) -> None:
    window = next(_windows)
    assert [await tally.add("ana", window) for _ in range(3)] == [1, 2, 3]
    assert await tally.add("luis", window) == 1


async def test_each_minute_begins_anew(tally: Tally) -> None:
    first, then = next(_windows), next(_windows)
    assert [await tally.add("ana", window) for window in (first, first, then)] == [1, 2, 1]


async def test_none_of_those_who_come_at_once_is_missed(tally: Tally) -> None:
    window = next(_windows)
    counts = await asyncio.gather(*(tally.add("ana", window) for _ in range(50)))
    assert sorted(counts) == list(range(1, 51))


@pytest.mark.services
async def test_processes_that_share_redis_count_together_and_leave_no_name_there(redis: RedisServer) -> None:
    window, (one, another) = next(_windows), [RedisTally(redis.url, patience=30) for _ in range(2)]
    try:
        assert [await tally.add("192.0.2.7", window) for tally in (one, another, one)] == [1, 2, 3]
        keys = [key async for key in one._client.scan_iter(f"*{window}*")]
        assert len(keys) == 1
        assert b"192.0.2.7" not in keys[0]
        assert 0 < await one._client.ttl(keys[0]) <= 120
    finally:
        await one.close()
        await another.close()


async def test_while_redis_is_away_each_process_counts_for_itself(caplog: pytest.LogCaptureFixture) -> None:
    now = 100.0
    tally = RedisTally(f"redis://127.0.0.1:{free_port()}", clock=lambda: now)
    try:
        assert [await tally.add("ana", 1) for _ in range(3)] == [1, 2, 3]
        assert len(caplog.records) == 1, "it is not asked again for a while"
        now += PAUSE
        assert await tally.add("ana", 1) == 4
        assert len(caplog.records) == 2
    finally:
        await tally.close()


async def test_an_absence_of_redis_that_many_meet_at_once_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    tally = RedisTally(f"redis://127.0.0.1:{free_port()}")
    try:
        counts = await asyncio.gather(*(tally.add("ana", 1) for _ in range(20)))
        assert sorted(counts) == list(range(1, 21))
        assert len(caplog.records) == 1
    finally:
        await tally.close()


def test_settings_choose_who_counts() -> None:
    assert isinstance(open_tally(""), MemoryTally)
    assert isinstance(open_tally("redis://127.0.0.1"), RedisTally)


async def test_memory_holds_one_minute_only() -> None:
    tally = MemoryTally()
    for window in range(3):
        for who in range(1000):
            await tally.add(f"{window}-{who}", window)
    assert len(tally._counts) == 1000
