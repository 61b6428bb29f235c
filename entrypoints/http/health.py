"""Whether the process runs, and whether it can do its work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from litestar import Controller, get

from domain.errors import Unavailable
from entrypoints.http.documentation import answered
from entrypoints.http.problems import MEDIA_TYPE, Problem

Checks = Sequence[Callable[[], Awaitable[None]]]

SECONDS = 5.0
_PUBLIC: dict[str, Any] = {"public": True}
_log = logging.getLogger("clinic_media.http")


class HealthOut(msgspec.Struct):
    status: str = "ok"


class Health(Controller):
    path = "/health"
    tags = ("health",)

    checks: Checks

    @get("/live", operation_id="isLive", summary="The process runs", opt=_PUBLIC, sync_to_thread=False)
    def live(self) -> HealthOut:
        return HealthOut()

    @get(
        "/ready",
        operation_id="isReady",
        summary="Database, storage and whatever else uploads need answer",
        opt=_PUBLIC,
        responses={503: answered(Problem, "One of them is away", MEDIA_TYPE)},
    )
    async def ready(self) -> HealthOut:
        try:
            async with asyncio.timeout(SECONDS):
                await asyncio.gather(*(check() for check in self.checks))
        except (Unavailable, TimeoutError) as error:
            _log.warning("not ready: %s", error)
            raise Unavailable("Storage, database or malware scanner are away") from error
        return HealthOut()
