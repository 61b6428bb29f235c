"""Entries of the audit log for reads and refusals; changes write theirs in the transaction that makes them.

The action of such an entry is the operation id of the OpenAPI document. An answer whose entry cannot be taken is not
given: the caller gets 503.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast
from urllib.parse import parse_qsl

from litestar.types import HTTPScope, Message, Scope

from application.ports.audit_trail import AuditEntry, AuditTrail
from domain.access import Principal
from domain.errors import Unavailable
from entrypoints.http.exchange import Exchange, exchange_of
from entrypoints.http.problems import MEDIA_TYPE, problem_body

_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class Auditing:
    """A Litestar hook that sees every message before it is sent."""

    def __init__(self, audit: AuditTrail, clock: Callable[[], datetime]) -> None:
        self._audit = audit
        self._clock = clock

    async def __call__(self, message: Message, any_scope: Scope) -> None:
        scope = cast("HTTPScope", any_scope)
        exchange = exchange_of(scope)
        if message["type"] == "http.response.start":
            if exchange.actor is not None and _is_entered(exchange, scope["method"], message["status"]):
                try:
                    await self._audit.append(self._entry(exchange, exchange.actor, scope))
                except Unavailable:
                    # Raising here would be too late for Litestar, so the answer is exchanged for another.
                    exchange.instead = problem_body(scope, 503, Unavailable.code, "This cannot be recorded now")
                    message["status"] = 503
                    message["headers"] = _headers(exchange.instead)
        elif message["type"] == "http.response.body" and exchange.instead is not None:
            message["body"] = exchange.instead

    def _entry(self, exchange: Exchange, actor: Principal, scope: HTTPScope) -> AuditEntry:
        named = scope["path_params"]
        return AuditEntry.by(
            actor,
            self._clock(),
            exchange.action,
            outcome=exchange.outcome,
            document_id=told(named.get("document_id", named.get("file_id"))),
            patient_id=exchange.patient or told(named.get("patient_id")),
            subject=_subject(scope),
        )


def _is_entered(exchange: Exchange, method: str, status: int) -> bool:
    """Reads that succeed, and whatever is refused; not what failed through no fault of the caller."""
    if status < 400:
        return exchange.is_recorded and method in ("GET", "HEAD")
    return status < 500


def _headers(body: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", str(Unavailable.retry_after_seconds).encode()),
    ]


def told(value: Any) -> str | None:
    """An id as text; what cannot be one may be anything, and is not kept."""
    text = str(value)
    return text if value is not None and _ID.fullmatch(text) else None


def _subject(scope: HTTPScope) -> str | None:
    """The thing or record that was asked for, where path or query name one."""
    named = scope["path_params"]
    for name in ("document_id", "file_id", "attachment_id", "note_id", "upload_id"):
        if name in named:
            return str(named[name])
    asked: Any = named
    word = "entity" if "entity_type" in named else "owner"
    if f"{word}_type" not in named and b"owner_type" in scope["query_string"]:
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    owner_type, owner_id = told(asked.get(f"{word}_type")), told(asked.get(f"{word}_id"))
    return f"{owner_type}/{owner_id}" if owner_type and owner_id else None
