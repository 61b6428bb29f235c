"""Whether the process runs, and whether it can do its work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

import msgspec
from litestar import Controller, get

from application.reach import over_every_clinic
from domain.errors import Unavailable
from entrypoints.http.documentation import answered
from entrypoints.http.faults import Fault
from entrypoints.http.problems import MEDIA_TYPE, NotReady, Problem

Checks = Mapping[str, Callable[[], Awaitable[None]]]

SECONDS = 5.0
_PUBLIC: dict[str, Any] = {"public": True}
_WORDS = {"schema": "other", "disk": "low", "events": "late"}
"""For what should be looked after; what is needed and does not answer is away."""
_log = logging.getLogger("clinic_media.http")


class HealthOut(msgspec.Struct):
    status: Literal["ok"] = "ok"


class ReadyOut(msgspec.Struct):
    """`attention`: the work goes on, but a part should be looked after: disk low (under 1 GiB), events late (more than
    five minutes), schema other (another version has migrated the database). What is wrong is in the log."""

    status: Literal["ok", "attention"]
    parts: dict[str, str]


class Health(Controller):
    path = "/health"
    tags = ("health",)

    needed: Checks
    watched: Checks

    @get("/live", operation_id="isLive", summary="The process runs", opt=_PUBLIC, sync_to_thread=False)
    def live(self) -> HealthOut:
        return HealthOut()

    @get(
        "/ready",
        operation_id="isReady",
        summary="Database, storage and whatever else uploads need answer",
        opt=_PUBLIC,
        responses={503: answered(Problem, "One of them is away: errors names it", MEDIA_TYPE)},
    )
    async def ready(self) -> ReadyOut:
        checks = {**self.needed, **self.watched}
        with over_every_clinic():
            told = await asyncio.gather(*(_told(name, check) for name, check in checks.items()))
        parts = dict(zip(checks, told, strict=True))
        if away := [name for name in self.needed if parts[name] != "ok"]:
            raise NotReady([Fault(name, parts[name]) for name in away])
        return ReadyOut("attention" if set(told) != {"ok"} else "ok", parts)


async def _told(name: str, check: Callable[[], Awaitable[None]]) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            await check()
    except (Unavailable, TimeoutError) as error:
        _log.warning("health: %s: %s", name, getattr(error, "detail", "no answer"))
        return _WORDS.get(name, "away")
    return "ok"
