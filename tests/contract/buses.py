"""Every bus, each with what came out at its other end."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import uuid4

import aio_pika
import confluent_kafka
import nats
import pytest
from redis.asyncio import Redis

from adapters.events.kafka import KafkaBus
from adapters.events.log import LOGGER, LogBus
from adapters.events.nats import NatsBus
from adapters.events.rabbitmq import RabbitBus
from adapters.events.redis import RedisBus
from adapters.events.webhook import WebhookBus
from application.ports.event_bus import EventBus
from tests.services.endpoint import endpoint

Event: TypeAlias = Mapping[str, Any]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
STRUCTURED = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class Line:
    """A bus, and what came out at its other end: CloudEvents."""

    bus: EventBus
    received: Callable[[], Awaitable[list[Event]]]


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def topic() -> str:
    return f"clinic-{uuid4().hex[:8]}"


@asynccontextmanager
async def log(_: pytest.FixtureRequest) -> AsyncIterator[Line]:
    handler, logger = _Kept(), logging.getLogger(LOGGER)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    async def received() -> list[Event]:
        return [json.loads(line) for line in handler.lines]

    yield Line(LogBus(), received)
    logger.setLevel(level)
    logger.removeHandler(handler)


@asynccontextmanager
async def webhook(_: pytest.FixtureRequest) -> AsyncIterator[Line]:
    with endpoint() as server:

        async def received() -> list[Event]:
            assert {request.headers["content-type"] for request in server.requests} == {STRUCTURED}
            return [json.loads(request.body) for request in server.requests]

        yield Line(WebhookBus(server.url, SECRET), received)


@asynccontextmanager
async def nats_jetstream(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    url, name = request.getfixturevalue("nats").url, topic()
    client = await nats.connect(url)

    async def received() -> list[Event]:
        jetstream = client.jetstream()
        info = await jetstream.stream_info(name)
        kept = [await jetstream.get_msg(name, seq) for seq in range(1, info.state.last_seq + 1)]
        assert {(each.headers or {})["content-type"] for each in kept} == {STRUCTURED}
        events: list[Event] = [json.loads(each.data or b"") for each in kept]
        assert [each.subject for each in kept] == [f"{name}.{event['type']}" for event in events]
        return events

    yield Line(NatsBus(url, name), received)
    await client.close()


@asynccontextmanager
async def redis_stream(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    url, name = request.getfixturevalue("redis").url, topic()

    async def received() -> list[Event]:
        async with Redis.from_url(url) as client:
            kept: Any = await client.xrange(name)
        entries = [entry for _, entry in kept]
        assert {entry[b"content-type"].decode() for entry in entries} == {STRUCTURED}
        return [json.loads(entry[b"event"]) for entry in entries]

    yield Line(RedisBus(url, name), received)


@asynccontextmanager
async def kafka_topic(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    broker, name = request.getfixturevalue("kafka"), topic()

    async def received() -> list[Event]:
        kept = await asyncio.to_thread(_kafka_messages, broker.address, name)
        assert {dict(each.headers() or [])["content-type"] for each in kept} == {STRUCTURED.encode()}
        events: list[Event] = [json.loads(each.value() or b"") for each in kept]
        assert [each.key() for each in kept] == [event["partitionkey"].encode() for event in events]
        return events

    yield Line(KafkaBus(broker.url, name), received)


def _kafka_messages(address: str, topic: str) -> list[confluent_kafka.Message]:
    """Of all partitions to their ends."""
    consumer = confluent_kafka.Consumer(
        {"bootstrap.servers": address, "group.id": topic, "enable.partition.eof": True, "log_level": 0}
    )
    numbers = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    consumer.assign(
        [confluent_kafka.TopicPartition(topic, number, confluent_kafka.OFFSET_BEGINNING) for number in numbers]
    )
    kept, ended = [], 0
    while ended < len(numbers):
        message = consumer.poll(10)
        assert message is not None
        if message.error() is None:
            kept.append(message)
        else:
            assert "EOF" in str(message.error())
            ended += 1
    consumer.close()
    return kept


@asynccontextmanager
async def rabbitmq_exchange(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    url, name = request.getfixturevalue("rabbitmq").url, topic()
    connection = await aio_pika.connect(url)
    channel = await connection.channel()
    exchange = await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True)
    queue = await channel.declare_queue(name, durable=True)
    await queue.bind(exchange, "#")

    async def received() -> list[Event]:
        kept = []
        while (each := await queue.get(no_ack=True, fail=False)) is not None:
            assert (each.content_type, each.delivery_mode) == (STRUCTURED, aio_pika.DeliveryMode.PERSISTENT)
            kept.append(each)
        events: list[Event] = [json.loads(each.body) for each in kept]
        assert [each.routing_key for each in kept] == [event["type"] for event in events]
        assert [each.message_id for each in kept] == [event["id"] for event in events]
        return events

    yield Line(RabbitBus(url, name), received)
    await connection.close()


OpenLine: TypeAlias = Callable[[pytest.FixtureRequest], AbstractAsyncContextManager[Line]]
BUSES: Mapping[str, OpenLine] = {
    "log": log,
    "webhook": webhook,
    "nats": nats_jetstream,
    "redis": redis_stream,
    "kafka": kafka_topic,
    "rabbitmq": rabbitmq_exchange,
}
IN_PROCESS = {"log", "webhook", "kafka"}
