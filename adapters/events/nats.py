"""Events to a JetStream stream of NATS, and from one."""

import asyncio
import logging

import nats
from nats.aio.client import Client
from nats.errors import Error
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from adapters.events.answers import answered
from adapters.events.cloudevents import CONTENT_TYPE, written
from application.ports.event_bus import EventBus, Message

WHO = "NATS"

_log = logging.getLogger("clinic_media.events")


class NatsConnection:
    """Opened when it is used, and again when it broke. `url` may name several servers with commas between.

    The client is not to reconnect by itself: it would keep what could not be sent, and send it after its time.
    """

    def __init__(self, url: str) -> None:
        self._servers = [server.strip() for server in url.split(",")]
        self._client: Client | None = None
        self._turn = asyncio.Lock()

    async def client(self) -> Client:
        async with self._turn:
            if self._client is None or not self._client.is_connected:
                await self.close()
                self._client = await nats.connect(
                    self._servers,
                    name="clinic-media",
                    connect_timeout=3,
                    allow_reconnect=False,
                    max_reconnect_attempts=1,
                    reconnect_time_wait=0,
                    error_cb=_noted,
                )
            return self._client

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.close()


async def _noted(error: Exception) -> None:
    _log.debug("NATS: %s", type(error).__name__)


class NatsBus(EventBus):
    """Each message goes to the subject TOPIC.TYPE, such as clinic-media.document.trashed, with its id as Nats-Msg-Id,
    so that the server drops repetitions. Where no stream takes these subjects one is made: on disk, without limits.
    """

    def __init__(self, url: str, topic: str, *, seconds: float = 10.0) -> None:
        self._connection = NatsConnection(url)
        self._topic = topic
        self._seconds = seconds
        self._has_stream = False

    async def publish(self, message: Message) -> None:
        headers = {"Nats-Msg-Id": message.id, "content-type": CONTENT_TYPE}
        async with answered(WHO, self._seconds, Error):
            jetstream = (await self._connection.client()).jetstream()
            await self._make_stream(jetstream)
            subject = f"{self._topic}.{message.type}"
            await jetstream.publish(subject, written(message), timeout=self._seconds, headers=headers)

    async def close(self) -> None:
        await self._connection.close()

    async def _make_stream(self, jetstream: JetStreamContext) -> None:
        if self._has_stream:
            return
        subjects = f"{self._topic}.>"
        try:
            await jetstream.find_stream_name_by_subject(subjects)
        except NotFoundError:
            name = self._topic.replace(".", "-")
            await jetstream.add_stream(StreamConfig(name=name, subjects=[subjects]))
            _log.info("NATS: made the stream %s for %s", name, subjects)
        self._has_stream = True
