"""Where events of others come from, each with a way to send some."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import nats
import pytest
from redis.asyncio import Redis

from adapters.events.nats_source import NatsSource
from adapters.events.redis_source import RedisSource
from application.ports.event_source import EventSource
from tests.contract.buses import topic

AGAIN = 2.0
"""Seconds until what was taken and not settled comes to others."""


@dataclass(frozen=True, slots=True)
class Sending:
    send: Callable[[bytes], Awaitable[object]]
    open: Callable[[], EventSource]
    """Another process that listens."""


@asynccontextmanager
async def nats_subject(request: pytest.FixtureRequest) -> AsyncIterator[Sending]:
    url, name = request.getfixturevalue("nats").url, topic()
    client = await nats.connect(url)
    jetstream = client.jetstream()
    await jetstream.add_stream(name=name, subjects=[f"{name}.>"])
    yield Sending(
        lambda body: jetstream.publish(f"{name}.patients", body), lambda: NatsSource(url, f"{name}.>", again=AGAIN)
    )
    await client.close()


@asynccontextmanager
async def redis_stream(request: pytest.FixtureRequest) -> AsyncIterator[Sending]:
    url, name = request.getfixturevalue("redis").url, topic()
    client = Redis.from_url(url)
    yield Sending(lambda body: client.xadd(name, {"event": body}), lambda: RedisSource(url, name, lease=AGAIN))
    await client.aclose()


OpenSource: TypeAlias = Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[Sending]]
SOURCES: Mapping[str, OpenSource] = {"nats": nats_subject, "redis": redis_stream}
