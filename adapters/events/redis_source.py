"""Events from a Redis stream."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from adapters.events.answers import answered
from adapters.events.cloudevents import received
from adapters.events.redis import WHO, connected
from application.ports.event_source import Delivery, EventSource, Received
from domain.errors import Malformed

GROUP = "clinic-media"
FIELD = b"event"
_WAIT_MS = 1000

# Whoever holds the lease keeps it.
_TAKE_LEASE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""


class RedisDelivery(Delivery):
    def __init__(self, client: Redis, stream: str, id: bytes, fields: Mapping[bytes, bytes], seconds: float) -> None:
        self.place = f"{stream} {id.decode()}"
        self._client = client
        self._stream = stream
        self._id = id
        self._fields = fields
        self._seconds = seconds

    def read(self) -> Received:
        body = self._fields.get(FIELD)
        if body is None:
            raise Malformed("The entry has no field event")
        return received(body)

    async def settle(self) -> None:
        async with answered(WHO, self._seconds, RedisError):
            await self._client.xack(self._stream, GROUP, self._id)


class RedisSource(EventSource):
    """Each entry has a CloudEvent in its field event. The group "clinic-media" of the stream is made where it is
    missing, from the stream's beginning on. Who holds the lease under the key STREAM:clinic-media gets the messages,
    until `lease` seconds after it last asked.
    """

    def __init__(self, url: str, stream: str, *, seconds: float = 10.0, lease: float = 30.0) -> None:
        self._client = connected(url, seconds)
        self._stream = stream
        self._seconds = seconds
        self._lease = int(lease * 1000)
        self._me = uuid4().hex
        self._has_group = False

    async def take(self, limit: int) -> Sequence[Delivery]:
        async with answered(WHO, self._seconds, RedisError):
            if not await self._client.eval(_TAKE_LEASE, 1, f"{self._stream}:{GROUP}", self._me, self._lease):
                return ()
            await self._make_group()
            entries = await self._read("0", limit) or await self._read(">", limit)
        return [RedisDelivery(self._client, self._stream, id, fields, self._seconds) for id, fields in entries]

    async def close(self) -> None:
        await self._client.aclose()

    async def _read(self, after: str, limit: int) -> list[tuple[bytes, Mapping[bytes, bytes]]]:
        """Those that were handed out before and never settled are after "0", new ones after ">"."""
        wait = None if after == "0" else _WAIT_MS
        answer: Any = await self._client.xreadgroup(GROUP, GROUP, {self._stream: after}, count=limit, block=wait)
        return [entry for _, entries in answer or () for entry in entries]

    async def _make_group(self) -> None:
        if self._has_group:
            return
        try:
            await self._client.xgroup_create(self._stream, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise
        self._has_group = True
