"""What every answer gets on its way out: headers that keep it safe, its request's id, and a line in the log."""

import logging
import time
from typing import cast

from litestar.types import HTTPScope, Message, Scope

from entrypoints.http.auditing import told
from entrypoints.http.exchange import REQUEST_ID, Exchange, exchange_of

_SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
# Where the route says nothing else: no page may be made of the answer, and nobody keeps it.
_UNLESS_SAID = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"private, no-store"),
]
_log = logging.getLogger("clinic_media.access")


async def finish(message: Message, any_scope: Scope) -> None:
    """A Litestar hook that sees every message before it is sent."""
    scope = cast("HTTPScope", any_scope)
    if message["type"] == "http.response.start":
        exchange = exchange_of(scope)
        exchange.status = message["status"]
        headers = list(message["headers"])
        said = {name for name, _ in headers}
        headers += [pair for pair in _UNLESS_SAID if pair[0] not in said]
        message["headers"] = [*headers, *_SAFE, (REQUEST_ID, exchange.request_id.encode())]
    elif message["type"] == "http.response.body" and not message["more_body"] and _log.isEnabledFor(logging.INFO):
        _log_line(exchange_of(scope), scope)


def _log_line(exchange: Exchange, scope: HTTPScope) -> None:
    """Ids and the route's template: never what somebody wrote into path or query."""
    actor, milliseconds = exchange.actor, (time.perf_counter() - exchange.started) * 1000
    named = {name: told(value) or "?" for name, value in (scope.get("path_params") or {}).items()}
    line = {
        "method": scope["method"],
        "route": scope.get("path_template") or "-",
        "status": exchange.status,
        "milliseconds": round(milliseconds, 1),
        "request_id": exchange.request_id,
        "clinic": actor.clinic_id if actor else "-",
        "user": actor.user_id if actor else "-",
    }
    _log.info(
        "%s %s %d %.1fms request=%s clinic=%s user=%s%s",
        *line.values(),
        "".join([f" {name}={value}" for name, value in named.items()]),
        extra={"told": {**line, **named}},
    )
