"""Who a bearer token says is asking: signature, times, issuer and audience first, then the claims."""

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, InvalidKeyIdError, JoseError, SecurityWarning
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from domain.access import Access, Origin, Permission, Principal, Role
from domain.errors import DomainError, Unauthenticated
from domain.ids import ClinicId, PatientId, UserId, host_id
from entrypoints.http.keys import Candidate, Keys
from entrypoints.settings import Auth

LEEWAY = 30
"""Seconds by which the issuer's clock may differ from ours."""
_REMEMBERED = 4096
_REMEMBERED_SECONDS = 60.0
_LONGEST = 16 * 1024

# What joserfc lets through of hostile tokens besides its own errors.
_NOT_A_TOKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a token says. `grants` are those of the token alone."""

    clinic_id: ClinicId
    user_id: UserId
    name: str = ""
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    grants: Mapping[PatientId, Access] = field(default_factory=dict)
    expires_at: datetime = field(default=datetime.max.replace(tzinfo=UTC), compare=False)

    def principal(self, origin: Origin, grants: Mapping[PatientId, Access] | None = None) -> Principal:
        return Principal(
            clinic_id=self.clinic_id,
            user_id=self.user_id,
            name=self.name,
            roles=self.roles,
            permissions=self.permissions,
            grants=self.grants if grants is None else grants,
            origin=origin,
        )


class Lapsed(Unauthenticated):
    """The token is genuine, so it tells who asks, but it does not count now."""

    def __init__(self, detail: str, identity: Identity) -> None:
        super().__init__(detail)
        self.identity = identity


class Tokens:
    """Verified tokens are remembered for a minute: a gallery asks many times with the same one."""

    def __init__(self, auth: Auth, keys: Keys, clock: Callable[[], datetime]) -> None:
        self._auth = auth
        self._keys = keys
        self._clock = clock
        self._registry = _Registry(algorithms=auth.accepted, strict_check_header=False)
        self._claims = JWTClaimsRegistry(self._now, LEEWAY, **_demanded(auth))
        self._known: dict[str, tuple[float, Identity]] = {}
        self._generation = 0

    async def identity(self, token: str) -> Identity:
        """Raises `Unauthenticated` (`Lapsed` where it is known whose token it is), or `Unavailable` without keys."""
        known = self._known.get(token)
        if known is not None and self._clock().timestamp() < known[0]:
            return known[1]
        claims = await self._verified(token)
        identity = self._read(claims)
        try:
            self._claims.validate(claims)
        except ExpiredTokenError as error:
            raise Lapsed("The token has expired; get a new one", identity) from error
        except JoseError as error:
            raise Lapsed("The token does not count here: issuer, audience or times do not fit", identity) from error
        self._remember(token, identity, claims["exp"])
        return identity

    async def _verified(self, token: str) -> dict[str, Any]:
        if len(token) > _LONGEST:
            raise Unauthenticated("The token is too long")
        try:
            return self._decoded(token, await self._keys.get())
        except InvalidKeyIdError:
            return self._decoded_or_refused(token, await self._keys.get(unknown=True))
        except _NOT_A_TOKEN as error:
            raise Unauthenticated("The token is not valid") from error

    def _decoded_or_refused(self, token: str, keys: Sequence[Candidate]) -> dict[str, Any]:
        try:
            return self._decoded(token, keys)
        except _NOT_A_TOKEN as error:
            raise Unauthenticated("The token is not valid") from error

    def _decoded(self, token: str, keys: Sequence[Candidate]) -> dict[str, Any]:
        for key in keys[:-1]:
            with suppress(BadSignatureError):
                return self._decoded_by(key, token)
        return self._decoded_by(keys[-1], token)

    def _decoded_by(self, key: Candidate, token: str) -> dict[str, Any]:
        decoded = jwt.decode(token, key, algorithms=self._auth.accepted, registry=self._registry)
        if "crit" in decoded.header:
            raise ValueError("no extension is understood")
        return decoded.claims

    def _read(self, claims: Mapping[str, Any]) -> Identity:
        names = self._auth.claims
        words = (self._auth.role_names.get(word, word) for word in _words(_claim(claims, names.roles)))
        roles = frozenset(Role(word) for word in words if word in _ROLES)
        asked = _words(_claim(claims, names.permissions))
        granted = frozenset(Permission(word) for word in asked if word in _PERMISSIONS)
        # An account is nobody of the staff, whatever else its token carries.
        permissions = frozenset[Permission]() if roles == {Role.ACCOUNT} else granted
        name = _claim(claims, names.name)
        return Identity(
            clinic_id=ClinicId(_id(claims, names.clinic)),
            user_id=UserId(_id(claims, names.user)),
            name=name if isinstance(name, str) else "",
            roles=roles,
            permissions=permissions,
            grants=_grants(_claim(claims, names.patients)),
            expires_at=_instant(claims.get("exp")),
        )

    def _remember(self, token: str, identity: Identity, expires: float) -> None:
        if self._generation != self._keys.generation:
            self._known.clear()
            self._generation = self._keys.generation
        if len(self._known) >= _REMEMBERED:
            del self._known[next(iter(self._known))]
        self._known[token] = (min(expires, self._clock().timestamp() + _REMEMBERED_SECONDS), identity)

    def _now(self) -> int:
        return int(self._clock().timestamp())


_ROLES = frozenset(role.value for role in Role)
_PERMISSIONS = frozenset(permission.value for permission in Permission)
_LEVELS = {level.label: level for level in Access}


def _demanded(auth: Auth) -> dict[str, ClaimsOption]:
    demanded: dict[str, ClaimsOption] = {"exp": {"essential": True}}
    if auth.issuer:
        demanded["iss"] = {"essential": True, "value": auth.issuer}
    if auth.audience:
        demanded["aud"] = {"essential": True, "value": auth.audience}
    return demanded


class _Registry(JWSRegistry):
    """EdDSA is what issuers still write for Ed25519, whatever RFC 9864 says; who allows it here need not be warned."""

    def get_alg(self, name: str) -> Any:
        with warnings.catch_warnings():
            if name == "EdDSA":
                warnings.simplefilter("ignore", SecurityWarning)
            return super().get_alg(name)


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of that name, else the one inside others that dots lead to: ``realm_access.roles``."""
    if name in claims or "." not in name:
        return claims.get(name)
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _id(claims: Mapping[str, Any], name: str) -> str:
    value = _claim(claims, name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unauthenticated(f"The token has no usable claim {name}")
    try:
        return host_id(str(value), name)
    except (DomainError, ValueError) as error:
        raise Unauthenticated(f"The token has no usable claim {name}") from error


def _words(value: Any) -> Iterable[str]:
    """A list, or one text with spaces between the words as OAuth scopes have them."""
    if isinstance(value, str):
        return value.split()
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _instant(value: Any) -> datetime:
    """Of a claim that is yet to be checked; far away where it is no time."""
    try:
        return datetime.fromtimestamp(value, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC)


def _grants(value: Any) -> Mapping[PatientId, Access]:
    """Words that are no level grant nothing."""
    if not isinstance(value, dict):
        return {}
    return {PatientId(id): _LEVELS[word] for id, word in value.items() if isinstance(word, str) and word in _LEVELS}
