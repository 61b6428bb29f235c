"""Counted in Redis, for all processes and machines together."""

import logging
import time
from collections.abc import Callable
from hashlib import blake2b

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from adapters.tallies.memory import MemoryTally
from application.ports.tallies import Tally

PAUSE = 10.0
"""Seconds for which Redis is left alone after it failed."""
_KEPT = 120
_log = logging.getLogger("clinic_media.limits")


class RedisTally(Tally):
    """While Redis is away, this process counts for itself: to refuse everybody would be worse than to count less.

    It is away when an answer takes longer than `patience`, in seconds. Keys are hashed, so that no address of a client
    lies in Redis.
    """

    def __init__(self, url: str, *, patience: float = 0.5, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = Redis.from_url(
            url,
            client_name="clinic-media",
            socket_timeout=patience,
            socket_connect_timeout=patience,
            retry=Retry(NoBackoff(), 0),
        )
        self._clock = clock
        self._own = MemoryTally()
        self._left_alone_until = 0.0

    async def add(self, key: str, window: int) -> int:
        if self._clock() < self._left_alone_until:
            return await self._own.add(key, window)
        try:
            return await self._added(key, window)
        except (RedisError, OSError) as error:
            self._leave_alone(error)
            return await self._own.add(key, window)

    async def close(self) -> None:
        await self._client.aclose()

    def _leave_alone(self, error: Exception) -> None:
        now = self._clock()
        if now >= self._left_alone_until:  # others may have been waiting for it too
            _log.warning("Redis does not count (%s), each process does for %.0f s", type(error).__name__, PAUSE)
        self._left_alone_until = now + PAUSE

    async def _added(self, key: str, window: int) -> int:
        name = f"clinic-media:limits:{window}:{blake2b(key.encode(), digest_size=16).hexdigest()}"
        async with self._client.pipeline(transaction=False) as together:
            together.incr(name)
            together.expire(name, _KEPT)
            count, _ = await together.execute()
        return int(count)
