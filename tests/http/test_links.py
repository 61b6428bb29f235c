"""Signed links: what works in `<img src>`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from domain.access import Access, Principal, Role
from domain.errors import Unauthenticated
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.http.links import DocumentLinks, Links
from entrypoints.settings import Server
from tests.http.service import Clinic, Json, data_of, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

URLS = ("thumb_url", "medium_url", "full_url")


@pytest.fixture
async def photo(clinic: Clinic, ana: str) -> Json:
    return await clinic.dentist.photo(ana)


async def fetch(clinic: Clinic, url: str) -> httpx.Response:
    """As a browser fetches a picture: without any header."""
    return await clinic.service.client.get(url)


@pytest.mark.parametrize("name", URLS)
async def test_a_link_works_without_a_token(clinic: Clinic, photo: Json, name: str) -> None:
    answer = await fetch(clinic, photo[name])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("inline")
    assert (await clinic.service.client.head(photo[name])).status_code == 200


async def test_the_same_link_is_given_out_again(clinic: Clinic, photo: Json) -> None:
    shown = data_of(await clinic.dentist.get(f"/media/documents/{photo['id']}"))
    assert [shown[name] for name in URLS] == [photo[name] for name in URLS]


async def test_a_link_opens_nothing_else(clinic: Clinic, photo: Json, ana: str) -> None:
    other = await clinic.dentist.photo(ana)
    url = photo["thumb_url"]
    forged = [
        url.replace(photo["id"], other["id"]),
        url.replace("variant=thumb", "variant=full"),
        url.replace("disposition=inline", "disposition=attachment"),
        url.replace(f"clinic={clinic.id}", "clinic=other"),
        url.replace("user=u-dentist", "user=u-admin"),
        url[:-1] + ("0" if url[-1] != "0" else "1"),
        url.partition("&sig=")[0] + "&sig=",
        url.partition("&sig=")[0] + "&sig=é",
        url.replace("exp=", "exp=9"),
        url.replace("kid=", "kid=0"),
        url + "&patient=ana",
        url + "&variant=full",
        url + "&v%61riant=full",
        url.replace("?", "?variant=full&"),
        url + "&x=1",
        url + ";variant=full",
        url.replace("variant=thumb&", "x=1%26variant=thumb&"),
        url.replace("variant=thumb", "variant=thumb%26x"),
        url.replace("?variant=thumb&disposition=inline", "?variant=full&"),
        url.replace("?variant=thumb&disposition=inline", "?"),
    ]
    assert len(set(forged)) == len(forged)
    for one in forged:
        problem_of(await fetch(clinic, one), 401, "unauthenticated")


async def test_a_link_is_for_downloads_only(clinic: Clinic, photo: Json) -> None:
    query = urlsplit(photo["thumb_url"]).query
    for path in (f"/api/v1/media/documents/{photo['id']}", "/api/v1/media/taxonomy"):
        problem_of(await clinic.service.client.get(f"{path}?{query}"), 401, "unauthenticated")
    problem_of(await clinic.service.client.delete(photo["thumb_url"].replace("/download", "")), 401, "unauthenticated")


async def test_a_link_is_dead_while_its_document_is_in_the_trash(clinic: Clinic, photo: Json) -> None:
    await clinic.dentist.delete(f"/media/documents/{photo['id']}")
    for name in URLS:
        problem_of(await fetch(clinic, photo[name]), 404, "not_found")
    await clinic.dentist.post(f"/media/documents/{photo['id']}/restore")
    assert (await fetch(clinic, photo["thumb_url"])).status_code == 200


async def test_an_accounts_link_does_not_follow_a_document_to_another_patient(
    clinic: Clinic, photo: Json, luis: str
) -> None:
    url = data_of(await clinic.account(ana=Access.VIEW).get(f"/media/documents/{photo['id']}"))["thumb_url"]
    assert (await fetch(clinic, url)).status_code == 200
    await clinic.dentist.post(f"/media/documents/{photo['id']}/move", {"patient_id": luis})
    problem_of(await fetch(clinic, url), 404, "not_found")
    assert (await fetch(clinic, photo["thumb_url"])).status_code == 200


async def test_the_audit_log_says_whose_link_it_was(clinic: Clinic, photo: Json) -> None:
    await fetch(clinic, photo["thumb_url"])
    read = {"document_id": photo["id"], "action": "document.read"}
    entry = data_of(await clinic.admin.get("/audit", params=read))[0]
    assert (entry["user_id"], entry["detail"], entry["outcome"]) == ("u-dentist", "thumb", "ok")


async def test_links_name_the_public_url(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, server=Server(public_url="https://media.clinic.example/"))
    async with serving(settings) as service:
        clinic = Clinic(service, "c")
        photo = await clinic.dentist.photo(await clinic.patient("ana"))
        assert photo["thumb_url"].startswith("https://media.clinic.example/api/v1/media/documents/")


class Watch:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


STAFF = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.DENTIST}))


def thumb_of(links: Links, actor: Principal = STAFF) -> str:
    url, _, _ = DocumentLinks(links, actor).urls("ana", "d-1", inline=True, pictures=True)
    assert url is not None
    return url


def test_a_link_lasts_one_window_at_least_and_two_at_most() -> None:
    watch = Watch(datetime(2026, 3, 1, 10, 0, 1, tzinfo=UTC))
    links = Links(b"secret", 3600, watch)
    url = thumb_of(links)
    query = urlsplit(url).query.encode()
    watch.now += timedelta(minutes=59)
    assert thumb_of(links) == url
    watch.now += timedelta(minutes=1)
    assert thumb_of(links) != url
    watch.now += timedelta(minutes=59, seconds=58)
    assert links.opened("d-1", query, STAFF.origin).actor.user_id == "u"
    watch.now += timedelta(seconds=1)
    with pytest.raises(Unauthenticated, match="expired"):
        links.opened("d-1", query, STAFF.origin)


def test_another_secret_signs_other_links() -> None:
    watch = Watch(datetime(2026, 3, 1, tzinfo=UTC))
    ours, theirs = Links(b"one", 60, watch), Links(b"two", 60, watch)
    assert parse_qs(thumb_of(ours))["kid"] != parse_qs(thumb_of(theirs))["kid"]
    with pytest.raises(Unauthenticated):
        ours.opened("d-1", urlsplit(thumb_of(theirs)).query.encode(), STAFF.origin)


def test_who_comes_with_a_link_may_read_and_nothing_else() -> None:
    links = Links(b"secret", 60, Watch(datetime(2026, 3, 1, tzinfo=UTC)))
    grants = {PatientId("ana"): Access.FULL, PatientId("luis"): Access.FULL}
    family = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ACCOUNT}), grants=grants)
    bearer = links.opened("d-1", urlsplit(thumb_of(links, family)).query.encode(), STAFF.origin).actor
    assert (bearer.is_staff, dict(bearer.grants)) == (False, {"ana": Access.VIEW})
    bearer = links.opened("d-1", urlsplit(thumb_of(links)).query.encode(), STAFF.origin).actor
    assert {str(permission) for permission in bearer.permissions} == {"media.documents.read"}
