"""Figures for Prometheus: what was asked and how long it took, what waits. Ids and names of people are no labels.

With several worker processes they share files in a folder (PROMETHEUS_MULTIPROC_DIR, set by `serve`), so that any of
them tells of all.
"""

import hmac
import os
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import lru_cache
from typing import cast

from litestar import Controller, MediaType, Response, get
from litestar.types import HTTPScope, Message, Scope
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY

from application.reach import over_every_clinic
from domain.errors import Unauthenticated
from entrypoints.http.exchange import exchange_of, header
from entrypoints.http.requests import MediaRequest

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"
"""A label of its own for whatever a client makes up would be kept for good, and anybody may make up as many."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_REQUESTS = Counter("clinic_media_http_requests", "Requests answered", ("method", "route", "status"))
_SECONDS = Histogram("clinic_media_http_request_seconds", "Until the last byte", ("method", "route"), buckets=_BUCKETS)
_PROBLEMS = Counter("clinic_media_problems", "Requests refused, by the code of the problem", ("code",))
_UPLOADS = Counter("clinic_media_uploads", "Requests that brought a file or a piece of one, by outcome", ("outcome",))
_ARRIVED = Counter("clinic_media_upload_bytes", "Bytes of their bodies, as far as they came", ("outcome",))
_LAG = Gauge(
    "clinic_media_outbox_lag_seconds", "For how long the oldest of them has waited", multiprocess_mode="mostrecent"
)
_OUTBOX = Gauge("clinic_media_outbox_messages", "Events that wait to be published", multiprocess_mode="mostrecent")


class Waiting:
    """Measures how many events wait to be published, and for how long."""

    def __init__(
        self,
        count: Callable[[], Awaitable[int]],
        oldest: Callable[[], Awaitable[datetime | None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._count = count
        self._oldest = oldest
        self._clock = clock

    async def measure(self) -> None:
        _OUTBOX.set(await self._count())
        oldest = await self._oldest()
        _LAG.set((self._clock() - oldest).total_seconds() if oldest else 0)


class MetricsToken:
    """What whoever asks for the figures must bring; empty: nothing."""

    def __init__(self, token: str) -> None:
        self._wanted = f"Bearer {token}".encode() if token else b""

    def check(self, authorization: bytes | None) -> None:
        """Raises `Unauthenticated`."""
        if self._wanted and not hmac.compare_digest(authorization or b"", self._wanted):
            raise Unauthenticated("The figures need the token of metrics.token")


class Metrics(Controller):
    path = "/metrics"

    waiting: Waiting
    metrics_token: MetricsToken

    @get(include_in_schema=False, opt={"public": True}, media_type=MediaType.TEXT)
    async def show(self, request: MediaRequest) -> Response[bytes]:
        self.metrics_token.check(header(request.scope, b"authorization"))
        with over_every_clinic():
            await self.waiting.measure()
        return Response(generate_latest(_registry()), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def measure(message: Message, any_scope: Scope) -> None:
    """A Litestar hook that sees every message before it is sent."""
    if message["type"] != "http.response.body" or message["more_body"]:
        return
    scope = cast("HTTPScope", any_scope)
    exchange = exchange_of(scope)
    method = scope["method"] if scope["method"] in _METHODS else _OTHER
    count, observe = _of_route(method, scope.get("path_template") or "none", exchange.status)
    count()
    observe(time.perf_counter() - exchange.started)
    if exchange.arrived is not None:
        _UPLOADS.labels(exchange.outcome).inc()
        _ARRIVED.labels(exchange.outcome).inc(exchange.arrived)
    if exchange.outcome != "ok":
        _PROBLEMS.labels(exchange.outcome).inc()


@lru_cache(maxsize=1024)
def _of_route(method: str, route: str, status: int) -> tuple[Callable[[], None], Callable[[float], None]]:
    return _REQUESTS.labels(method, route, str(status)).inc, _SECONDS.labels(method, route).observe


def _registry() -> CollectorRegistry:
    if FOLDER not in os.environ:
        return REGISTRY
    shared = CollectorRegistry()
    MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return shared
