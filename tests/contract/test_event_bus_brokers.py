"""Brokers that go away and come back, and what they keep meanwhile."""

import asyncio
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import nats as nats_client
import pytest
from redis.asyncio import Redis

from adapters.events.kafka import KafkaBus
from adapters.events.nats import NatsBus
from adapters.events.opening import open_bus
from adapters.events.rabbitmq import RabbitBus
from adapters.events.redis import RedisBus
from application.ports.event_bus import EventBus
from domain.errors import Unavailable
from tests.contract.buses import topic
from tests.contract.test_event_bus import MESSAGE
from tests.services.nats import NatsServer, nats_server
from tests.services.ports import free_port
from tests.services.redis import RedisServer, redis_server

pytestmark = [pytest.mark.anyio, pytest.mark.services]

SECOND = replace(MESSAGE, id="0197a1b2-0000-7000-8000-000000000002")
Server: TypeAlias = NatsServer | RedisServer
_SERVERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {"nats": nats_server, "redis": redis_server}


@pytest.fixture(params=_SERVERS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """One of its own for each test, to be killed."""
    with _SERVERS[request.param](tmp_path) as started:
        yield started


async def ids(server: Server, name: str) -> list[str]:
    """Of the events that the broker has."""
    if isinstance(server, RedisServer):
        async with Redis.from_url(server.url) as client:
            entries: Any = await client.xrange(name)
        return [entry[b"id"].decode() for _, entry in entries]
    connection = await nats_client.connect(server.url)
    last = (await connection.jetstream().stream_info(name)).state.last_seq
    kept = [await connection.jetstream().get_msg(name, seq) for seq in range(1, last + 1)]
    await connection.close()
    return [json.loads(each.data or b"")["id"] for each in kept]


async def test_a_broker_that_was_killed_has_what_it_took_and_is_found_again(server: Server) -> None:
    broker, name = ("redis" if isinstance(server, RedisServer) else "nats"), topic()
    bus = open_bus(broker, server.url, name)
    await bus.publish(MESSAGE)
    server.kill()
    await asyncio.sleep(0.1)  # until then a client may believe that it is still connected
    with pytest.raises(Unavailable):
        await bus.publish(SECOND)
    server.start()
    async with asyncio.timeout(20):
        while True:
            try:
                await bus.publish(SECOND)
                break
            except Unavailable:
                await asyncio.sleep(0.05)
    assert await ids(server, name) == [MESSAGE.id, SECOND.id]
    await bus.close()


@pytest.mark.parametrize("make", [NatsBus, RedisBus, KafkaBus, RabbitBus])
async def test_a_broker_that_is_not_there_is_told_within_a_moment(make: Callable[[str, str], EventBus]) -> None:
    scheme = {NatsBus: "nats", RedisBus: "redis", KafkaBus: "kafka", RabbitBus: "amqp"}[make]  # type: ignore[index]
    bus = make(f"{scheme}://somebody:secret@127.0.0.1:{free_port()}", "clinic-media")
    async with asyncio.timeout(10):
        with pytest.raises(Unavailable) as told:
            await bus.publish(MESSAGE)
    assert "secret" not in told.value.detail
    await bus.close()


async def test_a_rabbitmq_that_says_nothing_is_not_tried_any_more_once_that_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        bus = RabbitBus(f"amqp://somebody:secret@127.0.0.1:{listening.getsockname()[1]}", "clinic-media", seconds=0.3)
        before = asyncio.all_tasks()
        with pytest.raises(Unavailable):
            await bus.publish(MESSAGE)
    assert asyncio.all_tasks() <= before


async def test_nats_drops_what_it_has_already(nats: NatsServer) -> None:
    name = topic()
    bus = NatsBus(nats.url, name)
    for message in (MESSAGE, SECOND, MESSAGE):
        await bus.publish(message)
    assert await ids(nats, name) == [MESSAGE.id, SECOND.id]
    await bus.close()


async def test_a_stream_of_the_operators_own_is_used_as_it_is(nats: NatsServer) -> None:
    name, other = topic(), topic()
    client = await nats_client.connect(nats.url)
    await client.jetstream().add_stream(name=other, subjects=[f"{name}.>", f"{other}.else"], max_age=3600)
    bus = NatsBus(nats.url, name)
    await bus.publish(MESSAGE)
    assert await ids(nats, other) == [MESSAGE.id]
    await bus.close()
    await client.close()
