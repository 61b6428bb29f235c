"""Events from a JetStream stream of NATS."""

from collections.abc import Sequence

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.errors import TimeoutError as NothingCame
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig
from nats.js.errors import NotFoundError

from adapters.events.answers import answered
from adapters.events.cloudevents import received
from adapters.events.nats import WHO, NatsConnection
from application.ports.event_source import Delivery, EventSource, Received
from domain.errors import Unavailable

DURABLE = "clinic-media"
_WAIT = 1.0


class NatsDelivery(Delivery):
    def __init__(self, message: Msg, seconds: float) -> None:
        self.place = f"{message.metadata.stream} {message.metadata.sequence.stream}"
        self._message = message
        self._seconds = seconds

    def read(self) -> Received:
        return received(self._message.data)

    async def settle(self) -> None:
        async with answered(WHO, self._seconds, Error):
            await self._message.ack_sync(timeout=self._seconds)


class NatsSource(EventSource):
    """The stream that takes `subject` must be there. Its durable consumer "clinic-media" is made: it hands out one
    message at a time, whoever asks, so that they stay in order, and again after `again` seconds if it was not settled.
    """

    def __init__(self, url: str, subject: str, *, seconds: float = 10.0, again: float = 30.0) -> None:
        self._connection = NatsConnection(url)
        self._subject = subject
        self._seconds = seconds
        self._again = again
        self._client: Client | None = None
        self._subscription: JetStreamContext.PullSubscription | None = None

    async def take(self, limit: int) -> Sequence[Delivery]:
        async with answered(WHO, self._seconds + _WAIT, Error):
            subscription = await self._subscribed()
            try:
                messages = await subscription.fetch(1, timeout=_WAIT)
            except NothingCame:
                return ()
        return [NatsDelivery(message, self._seconds) for message in messages]

    async def close(self) -> None:
        self._subscription = None
        await self._connection.close()

    async def _subscribed(self) -> JetStreamContext.PullSubscription:
        """Of the connection as it is now."""
        client = await self._connection.client()
        if self._subscription is None or client is not self._client:
            jetstream = client.jetstream()
            stream = await self._stream(jetstream)
            self._subscription = await jetstream.pull_subscribe(
                self._subject,
                durable=DURABLE,
                stream=stream,
                config=ConsumerConfig(max_ack_pending=1, ack_wait=self._again),
            )
            self._client = client
        return self._subscription

    async def _stream(self, jetstream: JetStreamContext) -> str:
        try:
            return await jetstream.find_stream_name_by_subject(self._subject)
        except NotFoundError as missing:
            raise Unavailable(
                f"NATS has no stream that takes {self._subject}: whoever sends there makes it"
            ) from missing
