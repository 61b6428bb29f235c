"""Secrets that are replaced: what was signed before goes on counting for as long as the old one is named."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from domain.access import Principal, Role
from domain.errors import Unauthenticated
from domain.ids import ClinicId, UserId
from entrypoints.configuration import WrongSettings, read_settings
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.http.sessions import COOKIE
from entrypoints.settings import Auth
from tests.http.service import SECRET, Clinic, Person, data_of, serving, settings_for

pytestmark = pytest.mark.anyio

NEXT = "the secret that comes next, long enough to sign with"
STAFF = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.DENTIST}))
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def query_of(links: Links) -> bytes:
    url, _, _ = DocumentLinks(links, STAFF).urls("ana", "d-1", inline=True, pictures=True)
    assert url is not None
    return urlsplit(url).query.encode()


def test_a_link_signed_before_works_until_it_expires() -> None:
    now = [NOW]
    before = Links(b"one", 60, lambda: now[0])
    after = Links(b"two", 60, lambda: now[0], previous=[b"zero", b"one"])
    old, new = query_of(before), query_of(after)
    assert old != new
    for query in (old, new):
        assert after.opened("d-1", query, STAFF.origin).actor.user_id == "u"
    with pytest.raises(Unauthenticated):
        before.opened("d-1", new, STAFF.origin)
    with pytest.raises(Unauthenticated, match="not valid"):
        after.opened("d-1", old.replace(b"user=u&", b"user=x&"), STAFF.origin)
    now[0] = NOW + timedelta(minutes=3)
    with pytest.raises(Unauthenticated, match="expired"):
        after.opened("d-1", old, STAFF.origin)


@pytest.mark.usefixtures("kept_bytes")
async def test_nobody_notices_that_the_secrets_are_replaced_while_the_old_ones_are_named(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path)) as service:
        clinic = Clinic(service, "c")
        await clinic.patient("ana")
        photo = await clinic.dentist.photo("ana")
        await clinic.dentist.photo("ana")
        gallery = (await clinic.dentist.get("/media/patients/ana/photos", params={"page_size": 1})).json()
        token = clinic.dentist.token
        session = data_of(await service.client.post("/api/v1/session", json={"token": token}), 201)

    async def asked(person: Person) -> list[httpx.Response]:
        client, headers = person.service.client, {"Authorization": f"Bearer {token}"}
        page = {"page_size": 1, "cursor": gallery["next_cursor"]}
        by_cookie = {"X-CSRF-Token": session["csrf_token"], "Cookie": f"{COOKIE}={token}"}
        return [
            await client.get(photo["thumb_url"]),
            await client.get(f"/api/v1/media/documents/{photo['id']}", headers=headers),
            await person.get("/media/patients/ana/photos", params=page),
            await client.put(f"/api/v1/media/documents/{photo['id']}", json={"title": "x"}, headers=by_cookie),
        ]

    for previous, expected in (((SECRET,), [200, 200, 200, 200]), ((), [401, 401, 400, 401])):
        auth = Auth(secret=NEXT, previous_secrets=previous)
        async with serving(settings_for(tmp_path, auth=auth)) as service:
            dentist = Clinic(service, "c").dentist
            assert [answer.status_code for answer in await asked(dentist)] == expected
            assert data_of(await dentist.get(f"/media/documents/{photo['id']}"))["thumb_url"] != photo["thumb_url"]


def test_previous_secrets_are_long_enough_and_are_not_shown() -> None:
    with pytest.raises(WrongSettings, match=r"auth\.previous_secrets needs auth\.secret"):
        read_settings(None, {"CLINIC_MEDIA_AUTH__PREVIOUS_SECRETS": json.dumps([SECRET])})
    with pytest.raises(WrongSettings, match="LINKS__PREVIOUS_SECRETS: must be a list of secrets"):
        read_settings(None, {"CLINIC_MEDIA_LINKS__PREVIOUS_SECRETS": "short"})
    named = {"CLINIC_MEDIA_AUTH__SECRET": NEXT, "CLINIC_MEDIA_AUTH__PREVIOUS_SECRETS": json.dumps([SECRET])}
    settings = read_settings(None, named)
    assert settings.auth.previous_secrets == (SECRET,)
    assert "previous_secrets=***" in repr(settings)
