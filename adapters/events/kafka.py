"""Events to a Kafka topic, partitioned by patient."""

import asyncio
import ssl
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from adapters.events.answers import answered
from adapters.events.cloudevents import CONTENT_TYPE, written
from application.ports.event_bus import EventBus, Message

WHO = "Kafka"
_HEADERS = [("content-type", CONTENT_TYPE.encode())]


class KafkaBus(EventBus):
    """`url` is kafka://[user:password@]host:port[,host:port …][?sasl=SCRAM-SHA-512], or kafkas://… with TLS.

    The producer is idempotent and waits for all replicas in sync, so that it neither loses a message nor repeats one by
    itself. It keeps its connections up from the first use on.
    """

    def __init__(self, url: str, topic: str, *, seconds: float = 15.0) -> None:
        self._options = _options(url)
        self._topic = topic
        self._seconds = seconds
        self._producer: AIOKafkaProducer | None = None
        self._turn = asyncio.Lock()

    async def publish(self, message: Message) -> None:
        async with answered(WHO, self._seconds, KafkaError):
            producer = await self._started()
            try:
                await producer.send_and_wait(self._topic, written(message), key=message.key.encode(), headers=_HEADERS)
            except KafkaError as error:
                if not error.retriable:
                    await self.close()  # such as one whose place another took: only a new one can go on
                raise

    async def close(self) -> None:
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await producer.stop()

    async def _started(self) -> AIOKafkaProducer:
        async with self._turn:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._options,
                    client_id="clinic-media",
                    acks="all",
                    enable_idempotence=True,
                    request_timeout_ms=int(self._seconds * 1000),
                )
                try:
                    await producer.start()
                except BaseException:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer


def _options(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    options: dict[str, Any] = {"bootstrap_servers": hosts.split(",")}
    encrypted = parts.scheme == "kafkas"
    if encrypted:
        options["ssl_context"] = ssl.create_default_context()
    if at:
        name, _, password = user.partition(":")
        options["sasl_mechanism"] = parse_qs(parts.query).get("sasl", ["PLAIN"])[0]
        options |= {"sasl_plain_username": unquote(name), "sasl_plain_password": unquote(password)}
    options["security_protocol"] = f"{'SASL_' if at else ''}{'SSL' if encrypted else 'PLAINTEXT'}"
    return options
