"""The gate that every request passes before its body is read: who is it, and may they use this route at all.

Each route says what it needs in `opt`: `{"permission": Permission.X}`, with `"signed": True` where a signed link will
do instead of a token, `"unrecorded": True` where reading says nothing of a patient or is audited further in, and
`"upload": True` where files come in; or `{"public": True}`. Which documents and records somebody may use is decided
further in.
"""

from collections.abc import Awaitable, Mapping
from typing import Any, Protocol, cast

from litestar import Litestar
from litestar.exceptions import ImproperlyConfiguredException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from application.reach import bind, unbound
from domain.access import ACCESS_PERMISSIONS, Access, Permission, Principal, merged
from domain.errors import Forbidden, Unauthenticated
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.http.exchange import Exchange, exchange_of, header, origin_of
from entrypoints.http.limiting import OverLimit, Throttle
from entrypoints.http.links import Linked, Links
from entrypoints.http.sessions import Sessions
from entrypoints.http.tokens import Identity, Lapsed, Tokens

_EVER_GRANTED = ACCESS_PERMISSIONS[Access.FULL]


class Grants(Protocol):
    """What the directory says an account may do."""

    def __call__(self, clinic: ClinicId, user: UserId) -> Awaitable[Mapping[PatientId, Access]]: ...


class Gate:
    """A Litestar middleware: guards would do, but for each request Litestar copies the route's handler for them."""

    def __init__(self, tokens: Tokens, links: Links, sessions: Sessions, grants: Grants, throttle: Throttle) -> None:
        self._tokens = tokens
        self._links = links
        self._sessions = sessions
        self._grants = grants
        self._throttle = throttle

    def __call__(self, app: ASGIApp) -> ASGIApp:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            with unbound():
                await self.admit(cast("HTTPScope", scope))
                await app(scope, receive, send)

        return guarded

    async def admit(self, scope: HTTPScope) -> None:
        """Raises `Unauthenticated`, `Forbidden`, `OverLimit`; `NotFound` for a patient that the caller may not see."""
        handler: Any = scope["route_handler"]
        needs = handler.opt
        if needs.get("public") or _is_preflight(handler):
            return
        exchange = exchange_of(scope)
        exchange.action = _action(handler)
        exchange.is_recorded = not needs.get("unrecorded", False)
        if exchange.refused is not None:
            raise exchange.refused
        try:
            actor = await self._caller(scope, signed=needs.get("signed", False))
        except Unauthenticated:
            await self._throttle.stranger(origin_of(scope).address)
            raise
        await self._counted(exchange, actor, is_upload=needs.get("upload", False))
        bind(actor.clinic_id)
        scope["user"] = exchange.actor = actor
        _check(actor, needs["permission"], scope["path_params"].get("patient_id"))

    async def come_by_link(self, scope: HTTPScope, document: str) -> Linked:
        """Who comes with the signed link that is the address of the download of `document`, and what it opens.

        Raises `Unauthenticated`, before anything is noted of the request, and `OverLimit`.
        """
        linked = self._links.opened(document, scope["query_string"], origin_of(scope))
        exchange = exchange_of(scope)
        await self._counted(exchange, linked.actor, is_upload=False)
        bind(linked.actor.clinic_id)
        exchange.actor = linked.actor
        return linked

    async def known(self, scope: HTTPScope, token: str) -> tuple[Principal, Identity]:
        """Who comes with this bearer token. Raises `Unauthenticated`."""
        origin = origin_of(scope)
        try:
            identity = await self._tokens.identity(token)
        except Lapsed as lapsed:
            exchange_of(scope).actor = lapsed.identity.principal(origin)
            raise
        bind(identity.clinic_id)
        principal = identity.principal(origin)
        if principal.is_staff:
            return principal, identity
        granted = await self._grants(identity.clinic_id, identity.user_id)
        return identity.principal(origin, merged(identity.grants, granted)), identity

    async def _counted(self, exchange: Exchange, actor: Principal, *, is_upload: bool) -> None:
        try:
            await (self._throttle.upload(actor) if is_upload else self._throttle.request(actor))
        except OverLimit as over:
            # The audit log tells that somebody was stopped, not each of the thousand tries after that.
            exchange.actor = actor if over.first else None
            raise

    async def _caller(self, scope: HTTPScope, *, signed: bool) -> Principal:
        authorization = header(scope, b"authorization")
        if authorization is not None:
            return (await self.known(scope, _bearer(authorization)))[0]
        if signed and b"sig=" in scope["query_string"]:
            document = str(scope["path_params"]["document_id"])
            return self._links.opened(document, scope["query_string"], origin_of(scope)).actor
        token = self._sessions.token(scope)
        if token is None:
            raise Unauthenticated("A bearer token is needed")
        actor, _ = await self.known(scope, token)
        exchange_of(scope).actor = actor  # so that a refusal tells who it was
        self._sessions.check(scope, token)
        return actor


def _bearer(authorization: bytes) -> str:
    scheme, _, token = authorization.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("A bearer token is needed")
    return token.strip()


def _check(actor: Principal, permission: Permission, patient: str | None) -> None:
    if patient is not None:
        actor.require(permission, PatientId(patient))
    elif actor.is_staff:
        actor.require(permission)
    elif permission not in _EVER_GRANTED:
        # Of an account's own patients the use case decides: for all others, nothing is there.
        raise Forbidden(f"This needs the permission {permission}")


def _action(handler: BaseRouteHandler) -> str:
    """The operation id; a route of several methods has one for each, and says in `opt` which names it."""
    said = handler.opt.get("action") or getattr(handler, "operation_id", None)
    return said if isinstance(said, str) else handler.handler_name


def _is_preflight(handler: BaseRouteHandler) -> bool:
    return isinstance(handler, HTTPRouteHandler) and handler.http_methods == {"OPTIONS"}


def check_declared(app: Litestar) -> None:
    """Refuse to start with a route that says neither what it needs nor that it is public."""
    undeclared = [
        f"{handler} at {route.path}"
        for route in app.routes
        for handler in _handlers(route)
        if not _is_preflight(handler) and not handler.opt.get("public") and "permission" not in handler.opt
    ]
    if undeclared:
        raise ImproperlyConfiguredException(f"These routes declare no permission: {', '.join(undeclared)}")


def _handlers(route: Any) -> list[BaseRouteHandler]:
    return getattr(route, "route_handlers", None) or [route.route_handler]
