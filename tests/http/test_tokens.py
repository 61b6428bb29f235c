"""Who comes in, and who does not."""

import base64
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from domain.access import Access, Permission, Role
from domain.errors import Unauthenticated
from entrypoints.http.keys import keys_of
from entrypoints.http.tokens import Identity, Tokens
from entrypoints.settings import Auth, Claims, Links
from tests.http.service import SECRET, Clinic, Service, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

TAXONOMY = "/api/v1/media/taxonomy"
CLAIMS = {"clinic_id": "c", "sub": "u", "roles": ["dentist"]}


def claims(**changes: Any) -> dict[str, Any]:
    said = CLAIMS | {"exp": int(time.time()) + 600} | changes
    return {name: value for name, value in said.items() if value is not None}


def signed(said: dict[str, Any], key: Any = None, **header: Any) -> str:
    head = {"alg": "HS256", **header}
    return jwt.encode(head, said, key or OctKey.import_key(SECRET), algorithms=[head["alg"]])


async def status(service: Service, token: str) -> int:
    answer = await service.client.get(TAXONOMY, headers={"Authorization": f"Bearer {token}"})
    if answer.status_code != 200:
        problem_of(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    return answer.status_code


async def test_a_good_token_comes_in_and_comes_in_again(service: Service) -> None:
    token = signed(claims())
    assert [await status(service, token) for _ in range(3)] == [200, 200, 200]


def unsigned(said: dict[str, Any], alg: str) -> str:
    parts = [json.dumps({"alg": alg}), json.dumps(said)]
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts) + "."


def keyed(said: dict[str, Any], secret: bytes, **header: Any) -> str:
    """Signed by hand: the library does not lend itself to taking a public key for a secret."""
    head, body, _ = unsigned(said, "HS256").split(".")
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", **header}).encode()).decode().rstrip("=")
    signature = hmac.digest(secret, f"{head}.{body}".encode(), "sha256")
    return f"{head}.{body}." + base64.urlsafe_b64encode(signature).decode().rstrip("=")


FORGED = {
    "nothing": "",
    "no token": "abc",
    "parts": "a.b.c",
    "none": unsigned(claims(), "none"),
    "None": unsigned(claims(), "None"),
    "no signature": unsigned(claims(), "HS256"),
    "another secret": signed(claims(), OctKey.import_key("another secret, just as long as the first")),
    "another algorithm": signed(claims(), alg="HS512"),
    "changed": signed(claims()).replace(".", ".e", 1),
    "no exp": signed(claims(exp=None)),
    "expired": signed(claims(exp=int(time.time()) - 60)),
    "exp no number": signed(claims(exp="tomorrow")),
    "exp NaN": signed(claims(exp=float("nan"))),
    "not yet": signed(claims(nbf=int(time.time()) + 600)),
    "no clinic": signed(claims(clinic_id=None)),
    "clinic no id": signed(claims(clinic_id="a/b")),
    "clinic a list": signed(claims(clinic_id=["c"])),
    "clinic true": signed(claims(clinic_id=True)),
    "no user": signed(claims(sub=None)),
    "user no id": signed(claims(sub="a b")),
    "crit": signed(claims(), crit=["b64"], b64=True),
    "long": signed(claims(extra="x" * 20_000)),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
async def test_a_forged_or_spoilt_token_does_not(service: Service, token: str) -> None:
    assert await status(service, token) == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dTpw", "Token abc", "Bearer a b", "\xff"])
async def test_a_header_that_is_no_bearer_token_does_not(service: Service, header: str) -> None:
    headers = {b"Authorization": header.encode("latin-1")}
    problem_of(await service.client.get(TAXONOMY, headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
async def test_the_word_bearer_may_be_written_anyhow(service: Service, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {signed(claims())}"}
    assert (await service.client.get(TAXONOMY, headers=headers)).status_code == 200


@given(token=st.text(max_size=60) | st.builds("{}.{}.{}".format, *[st.text("abcXYZ019-_=", max_size=30)] * 3))
async def test_whatever_is_written_there_is_refused_and_nothing_worse(token: str) -> None:
    tokens = Tokens(Auth(secret=SECRET), keys_of(Auth(secret=SECRET)), lambda: datetime.now(UTC))
    with pytest.raises(Unauthenticated):
        await tokens.identity(token)


async def read(auth: Auth, token: str) -> Identity:
    return await Tokens(auth, keys_of(auth), lambda: datetime.now(UTC)).identity(token)


async def test_claims_are_read_by_the_names_that_are_configured() -> None:
    names = Claims(clinic="tenant", user="uid", name="full_name", roles="groups", permissions="scope", patients="kids")
    said = {
        "tenant": 7,
        "uid": 42,
        "full_name": "Ana",
        "groups": "dentist astronaut",
        "scope": "audit.read fly",
        "kids": {"p1": "edit", "p2": "everything", "p3": 1},
        "exp": int(time.time()) + 60,
    }
    identity = await read(Auth(secret=SECRET, claims=names), signed(said))
    assert identity == Identity(
        clinic_id="7",  # type: ignore[arg-type]
        user_id="42",  # type: ignore[arg-type]
        name="Ana",
        roles=frozenset({Role.DENTIST}),
        permissions=frozenset({Permission.AUDIT_READ}),
        grants={"p1": Access.EDIT},  # type: ignore[dict-item]
    )


async def test_an_account_is_no_staff_whatever_else_its_token_says() -> None:
    identity = await read(Auth(secret=SECRET), signed(claims(roles=["account"], permissions=["audit.read"])))
    assert identity.permissions == frozenset()


async def test_issuer_and_audience_count_where_they_are_configured() -> None:
    auth = Auth(secret=SECRET, issuer="https://login.example", audience="clinic-media")
    good = {"iss": "https://login.example", "aud": ["other", "clinic-media"]}
    assert (await read(auth, signed(claims(**good)))).user_id == "u"
    wrongs: list[dict[str, Any]] = [
        {"iss": None},
        {"aud": None},
        {"iss": "https://x.example"},
        {"aud": "o"},
        {"aud": []},
    ]
    for wrong in wrongs:
        with pytest.raises(Unauthenticated):
            await read(auth, signed(claims(**good | wrong)))


@pytest.mark.parametrize(("alg", "key"), [("RS256", RSAKey.generate_key(2048)), ("ES256", ECKey.generate_key("P-256"))])
async def test_keys_of_a_key_set_sign_tokens(tmp_path: Path, alg: str, key: Any) -> None:
    key.ensure_kid()
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    auth = Auth(jwks_file=str(file))
    assert (await read(auth, signed(claims(), key, alg=alg, kid=key.kid))).user_id == "u"
    forged = [
        keyed(claims(), key.as_pem(private=False), kid=key.kid),
        signed(claims(), type(key).generate_key(), alg=alg, kid=key.kid),
        signed(claims(), key, alg=alg, kid="unknown"),
    ]
    for token in forged:
        with pytest.raises(Unauthenticated):
            await read(auth, token)


async def test_a_key_set_that_cannot_be_read_is_a_matter_of_later(tmp_path: Path) -> None:
    auth, links = Auth(jwks_file=str(tmp_path / "missing.json")), Links(secret=SECRET)
    async with serving(settings_for(tmp_path, auth=auth, links=links)) as service:
        answer = await service.client.get(TAXONOMY, headers={"Authorization": f"Bearer {signed(claims())}"})
        problem_of(answer, 503, "unavailable")
        problem_of(await service.client.get(TAXONOMY), 401, "unauthenticated")


async def test_a_remembered_token_still_expires() -> None:
    now = datetime.now(UTC)
    times = [now]
    tokens = Tokens(Auth(secret=SECRET), keys_of(Auth(secret=SECRET)), lambda: times[0])
    token = signed(claims(exp=int(now.timestamp()) + 40))
    await tokens.identity(token)
    times[0] = now + timedelta(seconds=75)
    with pytest.raises(Unauthenticated, match="expired"):
        await tokens.identity(token)


async def test_the_clinic_is_the_tokens_and_no_other(clinic: Clinic, another_clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    for query in ({"clinic_id": clinic.id}, {"clinic": clinic.id}):
        answer = await another_clinic.admin.get(f"/media/documents/{photo['id']}", params=query)
        problem_of(answer, 404, "not_found")
    answer = await another_clinic.admin.get(f"/media/documents/{photo['id']}", headers={"X-Clinic-ID": clinic.id})
    problem_of(answer, 404, "not_found")
