"""Events to a Redis stream."""

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from adapters.events.answers import answered
from adapters.events.cloudevents import CONTENT_TYPE, written
from application.ports.event_bus import EventBus, Message

WHO = "Redis"


def connected(url: str, seconds: float) -> "Redis":
    """A client that connects when it has to. A call that fails is repeated by whoever made it: only they know whether
    it may come twice."""
    return Redis.from_url(
        url,
        client_name="clinic-media",
        socket_timeout=seconds,
        socket_connect_timeout=min(seconds, 3.0),
        retry=Retry(NoBackoff(), 0),
    )


class RedisBus(EventBus):
    """Each message is an entry of the stream named `topic`, with the fields id, key, type, content-type and event."""

    def __init__(self, url: str, topic: str, *, seconds: float = 10.0) -> None:
        self._client = connected(url, seconds)
        self._topic = topic
        self._seconds = seconds

    async def publish(self, message: Message) -> None:
        entry: dict[Any, Any] = {
            "id": message.id,
            "key": message.key,
            "type": message.type,
            "content-type": CONTENT_TYPE,
            "event": written(message),
        }
        async with answered(WHO, self._seconds, RedisError):
            await self._client.xadd(self._topic, entry)

    async def close(self) -> None:
        await self._client.aclose()
