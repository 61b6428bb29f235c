"""Signing in to the clinic app: with a token of the clinic's issuer, or in the demo as one of its people."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, delete, get, post
from litestar.params import JSONBody
from msgspec import Meta

from application.sessions import RecordSession
from domain.access import ACCESS_PERMISSIONS, Access, Permission, Principal, Role
from domain.errors import Malformed, Unauthenticated, Unsupported
from domain.ids import PatientId
from entrypoints.http.documentation import refusals
from entrypoints.http.door import DemoPersonOut, Door
from entrypoints.http.envelopes import Envelope
from entrypoints.http.exchange import header, origin_of
from entrypoints.http.gate import Gate
from entrypoints.http.limiting import Throttle
from entrypoints.http.requests import MediaRequest
from entrypoints.http.sessions import Sessions
from entrypoints.http.tokens import Identity

_PUBLIC: dict[str, Any] = {"public": True}


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """One of the two."""

    token: Annotated[str, Meta(description="a bearer token that the service takes")] | None = None
    person: Annotated[str, Meta(description="the id of one of the people; in the demo only")] | None = None


class SessionOut(msgspec.Struct):
    """`permissions` of an account are those that it has for at least one patient, `grants` those for each; staff have
    theirs for every patient. `csrf_token` must be sent as X-CSRF-Token with every change."""

    user_id: str
    name: str
    clinic_id: str
    roles: list[Role]
    permissions: list[Permission]
    grants: dict[str, list[Permission]]
    csrf_token: str
    expires_at: datetime


class Session(Controller):
    path = "/session"
    tags = ("session",)

    gate: Gate
    sessions: Sessions
    door: Door
    throttle: Throttle
    record_session: RecordSession

    @get(operation_id="getSession", summary="Who is signed in", opt=_PUBLIC, responses=refusals())
    async def show(self, request: MediaRequest) -> Envelope[SessionOut]:
        token = self.sessions.token(request.scope)
        if token is None:
            raise Unauthenticated("Nobody is signed in")
        return Envelope(self._out(token, *await self.gate.known(request.scope, token)))

    @post(
        operation_id="signIn",
        summary="Begin a session: its cookie is set",
        opt=_PUBLIC,
        responses=refusals(404, 415, 422, 429),
    )
    async def begin(self, request: MediaRequest, data: JSONBody[SignIn]) -> Response[Envelope[SessionOut]]:
        # A form of another site can be sent here, but not as JSON.
        if not (header(request.scope, b"content-type") or b"").startswith(b"application/json"):
            raise Unsupported("A session begins with application/json")
        await self.throttle.sign_in(origin_of(request.scope).address)
        token = self._token(data)
        actor, identity = await self.gate.known(request.scope, token)
        cookie = self.sessions.begun(token, identity.expires_at - datetime.now(UTC), request.scope["scheme"])
        await self.record_session(actor, begun=True)
        session = self._out(token, actor, identity)
        return Response(Envelope(session), status_code=201, headers={"Set-Cookie": cookie})

    @delete(operation_id="signOut", summary="End the session: its cookie goes", opt=_PUBLIC, responses=refusals())
    async def end(self, request: MediaRequest) -> Response[None]:
        token = self.sessions.token(request.scope)
        if token is not None:
            with suppress(Unauthenticated):  # it has expired: nothing ends any more
                actor, _ = await self.gate.known(request.scope, token)
                self.sessions.check(request.scope, token)
                await self.record_session(actor, begun=False)
        return Response(None, status_code=204, headers={"Set-Cookie": self.sessions.ended()})

    @get("/people", operation_id="listPeople", summary="Whom one can sign in as: in the demo", opt=_PUBLIC)
    async def people(self) -> Envelope[list[DemoPersonOut]]:
        return Envelope(list(self.door.people))

    def _token(self, data: SignIn) -> str:
        if (data.token is None) == (data.person is None):
            raise Malformed("Either a token or a person is needed", field="token")
        return data.token if data.token is not None else self.door.token(data.person or "")

    def _out(self, token: str, actor: Principal, identity: Identity) -> SessionOut:
        return SessionOut(
            user_id=actor.user_id,
            name=actor.name,
            clinic_id=actor.clinic_id,
            roles=sorted(actor.roles),
            permissions=[permission for permission in Permission if actor.may(permission)],
            grants={patient: sorted(ACCESS_PERMISSIONS[level]) for patient, level in _granted(actor)},
            csrf_token=self.sessions.csrf_token(token),
            expires_at=identity.expires_at,
        )


def _granted(actor: Principal) -> Iterable[tuple[PatientId, Access]]:
    return () if actor.is_staff else actor.grants.items()
