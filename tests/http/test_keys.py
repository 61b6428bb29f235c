"""Keys that are published and replaced: tokens of another library, from an issuer on a socket."""

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from domain.access import Access, Role
from domain.errors import Unauthenticated, Unavailable
from entrypoints.http.keys import AGAIN, FRESH, KEPT, UNKNOWN, keys_of
from entrypoints.http.tokens import Identity, Tokens
from entrypoints.settings import Auth, Claims
from tests.http.service import SECRET
from tests.services.issuer import ELSEWHERE, Issuer, SigningKey, issuing

pytestmark = pytest.mark.anyio

ALL: Any = ("RS256", "ES256", "EdDSA")
OLD, NEW = SigningKey("old", "ES256"), SigningKey("new", "ES256")


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as server:
        yield server


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "clinic_media.http")


class Watched:
    """Whom tokens tell of, while a clock is turned by hand."""

    def __init__(self, auth: Auth) -> None:
        self.seconds = 1000.0
        self.tokens = Tokens(auth, keys_of(auth, lambda: self.seconds), lambda: datetime.now(UTC))

    async def reads(self, key: SigningKey) -> bool:
        """A token of its own each time: those that were read are remembered."""
        try:
            return (await self.tokens.identity(key.sign(claims(jti=str(time.perf_counter_ns()))))).user_id == "u"
        except Unauthenticated:
            return False


def claims(**more: Any) -> dict[str, Any]:
    return {"clinic_id": "c", "sub": "u", "roles": ["dentist"], "exp": int(time.time()) + 600, **more}


def watched(issuer: Issuer, **more: Any) -> Watched:
    return Watched(Auth(jwks_url=issuer.url, algorithms=ALL, **more))


@pytest.mark.parametrize("algorithm", ALL)
async def test_tokens_of_another_library_are_taken(issuer: Issuer, algorithm: str) -> None:
    key = SigningKey("k", algorithm)
    issuer.publish(SigningKey("another", "ES256"), key)
    clinic = watched(issuer)
    assert await clinic.reads(key)
    assert not await clinic.reads(SigningKey("k", algorithm))
    assert issuer.asked == 1


async def test_a_key_that_came_meanwhile_is_asked_for_once(issuer: Issuer) -> None:
    issuer.publish(OLD)
    clinic = watched(issuer)
    assert await clinic.reads(OLD)
    issuer.publish(OLD, NEW)
    assert not await clinic.reads(NEW)
    clinic.seconds += UNKNOWN + 1
    assert await asyncio.gather(*(clinic.reads(NEW) for _ in range(10))) == [True] * 10
    assert issuer.asked == 2
    assert await clinic.reads(OLD)


async def test_unknown_keys_do_not_make_the_issuer_be_asked_again_and_again(issuer: Issuer) -> None:
    issuer.publish(OLD)
    clinic = watched(issuer)
    for number in range(20):
        assert not await clinic.reads(SigningKey(f"made up {number}", "ES256"))
        clinic.seconds += UNKNOWN / 10
    assert issuer.asked <= 3


async def test_a_withdrawn_key_stops_counting(issuer: Issuer) -> None:
    issuer.publish(OLD, NEW)
    clinic = watched(issuer)
    token = OLD.sign(claims())
    await clinic.tokens.identity(token)
    issuer.publish(NEW)
    clinic.seconds += FRESH + 1
    assert await clinic.reads(NEW)
    assert not await clinic.reads(OLD)
    with pytest.raises(Unauthenticated):
        await clinic.tokens.identity(token)


OTHERS = [{"kty": "AKP", "kid": "pq"}, 7, {"kty": "oct", "kid": "old", "k": "A" * 43}, {**NEW.published, "use": "enc"}]
BROKEN: dict[str, dict[str, Any]] = {
    "a fault": {"status": 500},
    "no JSON": {"body": b"<html>"},
    "no keys": {"body": b'{"keys": []}'},
    "a list": {"body": b"[]"},
    "other keys": {"body": json.dumps({"keys": OTHERS}).encode()},
    "too long": {"body": json.dumps({"keys": [OLD.published], "x": "x" * 2**20}).encode()},
    "a redirect": {"status": 302, "headers": {"location": ELSEWHERE}},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_known_keys_count_while_the_issuer_is_away_but_not_for_ever(
    issuer: Issuer, broken: dict[str, Any]
) -> None:
    issuer.publish(OLD)
    clinic = watched(issuer)
    assert await clinic.reads(OLD)
    for name, value in broken.items():
        setattr(issuer, name, value)
    clinic.seconds += FRESH + 1
    assert await clinic.reads(OLD)
    asked = issuer.asked
    assert await clinic.reads(OLD)
    assert issuer.asked == asked == 2
    clinic.seconds += KEPT
    with pytest.raises(Unavailable):
        await clinic.reads(OLD)
    issuer.publish(OLD)
    with pytest.raises(Unavailable):
        await clinic.reads(OLD)
    clinic.seconds += AGAIN + 1
    assert await clinic.reads(OLD)


async def test_an_issuer_that_was_never_there_is_a_matter_of_later(issuer: Issuer) -> None:
    issuer.status = 503
    clinic = watched(issuer)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await clinic.reads(OLD)
    assert issuer.asked == 1


async def test_a_published_key_is_no_secret_to_sign_with(issuer: Issuer) -> None:
    key = SigningKey("k", "RS256")
    issuer.publish(key)
    clinic = watched(issuer)
    public = key.private.public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    pem = public.public_bytes(serialization.Encoding.PEM, form)
    der = public.public_bytes(serialization.Encoding.DER, form)
    for secret in (pem, pem.strip(), der, json.dumps(key.published).encode()):
        # by PyJWT's own parts, which it refuses to be put together so
        signed = jwt.api_jws.PyJWS(algorithms=["HS256"])
        signed._algorithms["HS256"].prepare_key = lambda given: given  # type: ignore[method-assign, assignment]
        forged = signed.encode(json.dumps(claims()).encode(), secret, "HS256", {"kid": "k"})
        with pytest.raises(Unauthenticated):
            await clinic.tokens.identity(forged)
    with pytest.raises(Unauthenticated):
        await clinic.tokens.identity(jwt.encode(claims(), "", algorithm="none", headers={"kid": "k"}))


async def test_a_key_of_a_set_signs_only_what_it_is_published_for(issuer: Issuer) -> None:
    short, sealing = SigningKey("short", "RS256"), SigningKey("sealing", "RS256")
    short.private = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    issuer.publish(OLD)
    told = json.loads(issuer.body)
    told["keys"] += [short.published, sealing.published | {"use": "enc"}]
    issuer.body = json.dumps(told).encode()
    clinic = watched(issuer)
    assert await clinic.reads(OLD)
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        assert not await clinic.reads(short)
    assert not await clinic.reads(sealing)


async def test_an_algorithm_that_is_not_configured_is_refused(issuer: Issuer) -> None:
    key = SigningKey("k", "EdDSA")
    issuer.publish(key, OLD)
    clinic = Watched(Auth(jwks_url=issuer.url))
    assert await clinic.reads(OLD)
    assert not await clinic.reads(key)


async def test_a_file_is_read_again_too(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [OLD.published]}))
    clinic = Watched(Auth(jwks_file=str(file)))
    assert await clinic.reads(OLD)
    file.write_text(json.dumps({"keys": [NEW.published]}))
    clinic.seconds += UNKNOWN + 1
    assert await clinic.reads(NEW)
    assert not await clinic.reads(OLD)


async def test_claims_inside_of_claims_and_words_of_the_issuer_are_understood(issuer: Issuer) -> None:
    issuer.publish(OLD)
    names = Claims(clinic="https://clinic.example/tenant", roles="realm_access.roles", patients="x.kids")
    clinic = watched(issuer, claims=names, role_names={"odontologo": "dentist", "dentist": "account"})
    said = {
        "https://clinic.example/tenant": "marina",
        "realm_access": {"roles": ["odontologo", "offline_access"]},
        "x": {"kids": {"p1": "view"}},
    }
    identity: Identity = await clinic.tokens.identity(OLD.sign(claims(**said)))
    assert identity.clinic_id == "marina"
    assert identity.roles == {Role.DENTIST}
    assert dict(identity.grants) == {"p1": Access.VIEW}
    for wrong in ({"realm_access": ["odontologo"]}, {"realm_access": None}):
        assert (await clinic.tokens.identity(OLD.sign(claims(**said | wrong)))).roles == frozenset()


async def test_a_secret_that_was_replaced_still_counts_as_long_as_it_stands_there() -> None:
    before, other = "the secret before, long enough to sign with", "a secret of nobody's, long enough to sign with"
    auth = Auth(secret=SECRET, previous_secrets=(before,))
    tokens = Tokens(auth, keys_of(auth), lambda: datetime.now(UTC))
    for secret in (SECRET, before):
        assert (await tokens.identity(jwt.encode(claims(), secret, "HS256"))).user_id == "u"
    with pytest.raises(Unauthenticated):
        await tokens.identity(jwt.encode(claims(), other, "HS256"))
    alone = Auth(secret=SECRET)
    with pytest.raises(Unauthenticated):
        await Tokens(alone, keys_of(alone), lambda: datetime.now(UTC)).identity(jwt.encode(claims(), before, "HS256"))
