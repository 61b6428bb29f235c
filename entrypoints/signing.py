"""Issuing tokens, where the installation signs its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.jwk import OctKey

from domain.access import Access, Permission, Role
from entrypoints.configuration import WrongSettings
from entrypoints.settings import Auth


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Whom a token is for."""

    clinic: str
    user: str
    name: str = ""
    roles: Sequence[Role] = ()
    permissions: Sequence[Permission] = ()
    patients: Mapping[str, Access] = field(default_factory=dict)


def signed_token(auth: Auth, bearer: Bearer, *, now: datetime, ttl: timedelta) -> str:
    """A token that this installation takes. Raises `WrongSettings` where it has no secret to sign with."""
    if not auth.secret:
        raise WrongSettings(
            "auth.secret: tokens can only be signed here with a secret (CLINIC_MEDIA_AUTH__SECRET, at least 32 "
            "characters); with a key set, whoever holds the private keys issues them"
        )
    header = {"alg": auth.accepted[0], "typ": "JWT"}
    return jwt.encode(header, _claims(auth, bearer, now, ttl), OctKey.import_key(auth.secret), algorithms=auth.accepted)


def _claims(auth: Auth, bearer: Bearer, now: datetime, ttl: timedelta) -> dict[str, object]:
    names = auth.claims
    issued = int(now.timestamp())
    claims = {
        "iss": auth.issuer,
        "aud": auth.audience,
        names.name: bearer.name,
        names.roles: [role.value for role in bearer.roles],
        names.permissions: [permission.value for permission in bearer.permissions],
        names.patients: {patient: access.label for patient, access in bearer.patients.items()},
    }
    said = {name: value for name, value in claims.items() if value}
    return {
        names.clinic: bearer.clinic,
        names.user: bearer.user,
        "iat": issued,
        "exp": issued + int(ttl.total_seconds()),
        **said,
    }
