"""G21: forged tokens and signed links, of which none may open anything.

python -m tests.proof.forgeries --seed 1
"""

import asyncio
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import anyio
import httpx
from joserfc import jwt

from domain.errors import Unauthenticated
from entrypoints.http.keys import keys_of
from entrypoints.http.tokens import Tokens
from entrypoints.settings import Auth, Links
from tests.http.service import SECRET, Clinic, Service, serving, settings_for
from tests.proof import forged_links, forged_tokens
from tests.proof.figure import Figure, command
from tests.proof.forged_tokens import AUDIENCE, GENUINE, ISSUER, keyed

ASKED = "/api/v1/media/taxonomy"
COOKIE = "clinic-media-session"


@dataclass(slots=True)
class Tally:
    forged: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


async def measure(seed: int = 1, *, one_in: int = 1) -> Tally:
    """All tokens are tried, one in so many of them also by HTTP; all links by HTTP."""
    tally, random = Tally(), Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        await _of_a_secret(Path(folder, "secret"), tally, random, one_in)
        await _of_a_key_set(Path(folder), tally, random, one_in)
        await _links(Path(folder, "links"), tally)
    return tally


@dataclass(frozen=True, slots=True)
class _Tokens:
    """`one_in` so many tokens are also tried by HTTP."""

    service: Service
    tally: Tally
    random: Random
    one_in: int

    async def refused(self, kind: str, named: Iterator[tuple[str, str]]) -> None:
        auth = self.service.settings.auth
        tokens = Tokens(auth, keys_of(auth), lambda: datetime.now(UTC))
        for name, token in named:
            self.tally.forged[f"tokens, {kind}"] += 1
            try:
                await tokens.identity(token)
                self.tally.wrong.append(f"{kind}: {name}")
            except Unauthenticated:
                pass
            if self.random.randrange(self.one_in) == 0:
                await _asked(self.service, f"{kind}: {name}", token, self.tally)


async def _of_a_secret(folder: Path, tally: Tally, random: Random, one_in: int) -> None:
    secret = SECRET.encode()
    auth = Auth(secret=SECRET, issuer=ISSUER, audience=AUDIENCE)
    async with serving(settings_for(folder, auth=auth)) as service:
        genuine = keyed(GENUINE, secret)
        await _must_work(service, genuine)
        await _must_work(service, keyed(GENUINE | {"aud": ["x", AUDIENCE], "nbf": 0}, secret))
        await _Tokens(service, tally, random, one_in).refused("secret", _with_secret(genuine, secret, random))
        await _must_work(service, genuine)


def _with_secret(genuine: str, secret: bytes, random: Random) -> Iterator[tuple[str, str]]:
    yield from forged_tokens.by_anybody(genuine)
    yield from forged_tokens.with_bits_flipped(genuine, random)
    yield from forged_tokens.by_another_secret(secret)
    yield from forged_tokens.by_an_own_key()
    yield from forged_tokens.of_the_issuer(lambda said: keyed(said, secret))


async def _of_a_key_set(folder: Path, tally: Tally, random: Random, one_in: int) -> None:
    keys, public = forged_tokens.key_set()
    file = anyio.Path(folder, "keys.json")
    await file.write_text(json.dumps(public))
    auth = Auth(jwks_file=str(file), issuer=ISSUER, audience=AUDIENCE)
    async with serving(settings_for(folder / "keys", auth=auth, links=Links(secret=SECRET))) as service:
        tokens = _Tokens(service, tally, random, one_in)
        for kid, alg in (("rsa", "RS256"), ("ec", "ES256")):
            genuine = _signed(GENUINE, alg, kid, keys[kid])
            await _must_work(service, genuine)
            await tokens.refused(alg, _with_keys(genuine, alg, kid, keys, random))
            await _must_work(service, genuine)
        await tokens.refused("keys", forged_tokens.against_keys(keys))


def _with_keys(genuine: str, alg: str, kid: str, keys: dict[str, Any], random: Random) -> Iterator[tuple[str, str]]:
    yield from forged_tokens.by_anybody(genuine)
    yield from forged_tokens.with_bits_flipped(genuine, random)
    yield from forged_tokens.of_the_issuer(lambda said: _signed(said, alg, kid, keys[kid]))


def _signed(said: Any, alg: str, kid: str, key: Any) -> str:
    made = jwt.encode({"alg": alg, "kid": kid}, said, key, algorithms=[alg])
    assert isinstance(made, str)
    return made


async def _must_work(service: Service, token: str) -> None:
    """Else that forged ones are refused says nothing."""
    answer = await service.client.get(ASKED, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text


async def _asked(service: Service, name: str, token: str, tally: Tally) -> None:
    """As a bearer token, and where it can be written in one, as a session's cookie."""
    headers: list[dict[bytes, bytes]] = [{b"Authorization": b"Bearer " + token.encode()}]
    if token.isascii() and not set(token) & set("; \n\0"):
        headers.append({b"Cookie": f"{COOKIE}={token}".encode()})
    for each in headers:
        answer = await service.client.get(ASKED, headers=each)
        _note(tally, f"{name} {list(each)}", answer, {401})


def _note(tally: Tally, name: str, answer: httpx.Response, expected: set[int]) -> None:
    tally.answers[answer.status_code] += 1
    if answer.status_code not in expected:
        tally.wrong.append(f"{name}: {answer.status_code} {answer.text[:200]}")


async def _links(folder: Path, tally: Tally) -> None:
    async with serving(settings_for(folder)) as service:
        clinic, abroad = Clinic(service, "clinic"), Clinic(service, "abroad")
        known, client = await forged_links.links(clinic, abroad), service.client
        for url in known.genuine.values():
            assert (await client.get(url)).status_code == 200, url
        for name, url in forged_links.forged(known):
            tally.forged["links"] += 1
            _note(tally, f"link {name}: {url}", await client.get(url), {401, 404})
        for name, method, url in forged_links.elsewhere(known):
            tally.forged["links"] += 1
            _note(tally, f"link {name}: {method} {url}", await client.request(method, url), {401, 405})
        await _revoked(clinic, known, tally)


async def _revoked(clinic: Clinic, known: forged_links.Links, tally: Tally) -> None:
    """What was genuine, and is used again after it was taken away."""
    document, client = known.genuine["thumb"].split("/")[-2], clinic.service.client
    moved = await clinic.dentist.post(f"/media/documents/{document}/move", {"patient_id": "luis"})
    assert moved.status_code == 200
    tally.forged["links"] += 1
    _note(tally, "an account's, of what was moved", await client.get(known.genuine["account's thumb"]), {404})
    assert (await clinic.dentist.delete(f"/media/documents/{document}")).status_code == 204
    for name, url in known.genuine.items():
        tally.forged["links"] += 1
        _note(tally, f"{name} of what was trashed", await client.get(url), {404})


def figure(*, seed: int = 1) -> Figure:
    logging.disable()
    tally = asyncio.run(measure(seed))
    told = {"forged": sum(tally.forged.values()), "of": dict(tally.forged), "answers": dict(tally.answers)}
    return Figure({**told, "accepted": len(tally.wrong)}, tally.wrong)


if __name__ == "__main__":
    sys.exit(command(figure))
