"""Events to a topic exchange of RabbitMQ."""

import asyncio

import aio_pika
from aio_pika.abc import AbstractExchange
from aio_pika.connection import make_url
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError, DeliveryError

from adapters.events.answers import answered
from adapters.events.cloudevents import CONTENT_TYPE, written
from application.ports.event_bus import EventBus, Message
from domain.errors import Unavailable

WHO = "RabbitMQ"


class RabbitBus(EventBus):
    """Each message goes to the durable topic exchange `topic`, which is made where it is missing, under its type as
    routing key; it is persistent and confirmed by the server. A message that no queue wants was not taken.
    """

    def __init__(self, url: str, topic: str, *, seconds: float = 10.0) -> None:
        self._url = url
        self._topic = topic
        self._seconds = seconds
        self._connection: aio_pika.RobustConnection | None = None
        self._exchange: AbstractExchange | None = None
        self._turn = asyncio.Lock()

    async def publish(self, message: Message) -> None:
        sent = aio_pika.Message(
            written(message),
            content_type=CONTENT_TYPE,
            message_id=message.id,
            type=message.type,
            headers={"partitionkey": message.key},
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        async with answered(WHO, self._seconds, AMQPError, ChannelInvalidStateError):
            exchange = await self._opened()
            try:
                await exchange.publish(sent, routing_key=message.type, mandatory=True)
            except DeliveryError as refused:
                raise Unavailable(f"No queue is bound to the exchange {self._topic} for {message.type}") from refused

    async def close(self) -> None:
        if self._connection is not None:
            connection, self._connection, self._exchange = self._connection, None, None
            await connection.close()

    async def _opened(self) -> AbstractExchange:
        async with self._turn:
            if self._exchange is None:
                self._connection, self._exchange = await self._connected()
            return self._exchange

    async def _connected(self) -> tuple[aio_pika.RobustConnection, AbstractExchange]:
        connection = aio_pika.RobustConnection(
            make_url(self._url), client_properties={"connection_name": "clinic-media"}
        )
        try:
            await connection.connect(self._seconds)
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            return connection, await channel.declare_exchange(self._topic, aio_pika.ExchangeType.TOPIC, durable=True)
        except BaseException:
            await connection.close()  # or it would go on trying, beside the one that the next message opens
            raise
