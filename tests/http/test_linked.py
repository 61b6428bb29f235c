"""The short way of signed links: it gives and tells what the route does, which takes over where anything goes wrong."""

import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from entrypoints.http.gate import Gate
from entrypoints.settings import Limits
from tests.http.service import Clinic, Json, Service, data_of, jpeg, problem_of, serving, settings_for
from tests.http.test_metrics import figures

pytestmark = pytest.mark.anyio

URLS = ("thumb_url", "medium_url", "full_url")
BY_THE_ROUTE = {"Origin": "https://clinic.example"}
"""A page of another origin wants more headers, which Litestar knows of."""
ROUTE = "/api/v1/media/documents/{document_id}/download"


@pytest.fixture
async def photo(clinic: Clinic, ana: str) -> Json:
    return await clinic.dentist.photo(ana, file=("Sonrisa ñ.jpg", jpeg(), "image/jpeg"))


async def both(clinic: Clinic, url: str, headers: Json) -> tuple[httpx.Response, httpx.Response]:
    """What comes on the short way, and by the route."""
    client = clinic.service.client
    return await client.get(url, headers=headers), await client.get(url, headers=headers | BY_THE_ROUTE)


def told(answer: httpx.Response) -> Any:
    headers = [(name, value) for name, value in answer.headers.multi_items() if name != "x-request-id"]
    return answer.status_code, sorted(headers), answer.content


@pytest.mark.parametrize("name", URLS)
async def test_both_ways_give_the_same_to_every_kind_of_request(clinic: Clinic, photo: Json, name: str) -> None:
    first = await clinic.service.client.get(photo[name])
    asked: dict[int, list[Json]] = {
        200: [{}, {"If-None-Match": '"other"'}, {"Range": "bytes=0-3", "If-Range": '"other"'}, {"Range": "bytes=x"}],
        206: [{"Range": "bytes=2-9"}, {"Range": "bytes=-4"}, {"Range": "bytes=0-3", "If-Range": first.headers["etag"]}],
        304: [{"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}],
        416: [{"Range": "bytes=99999999-"}],
    }
    for status, some in asked.items():
        for headers in some:
            short, by_the_route = await both(clinic, photo[name], headers)
            assert short.status_code == status
            assert short.headers["x-content-type-options"] == "nosniff"
            if status != 416:
                assert told(short) == told(by_the_route)


async def test_no_route_is_asked_for_what_a_link_opens(
    clinic: Clinic, photo: Json, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def closed(*_: Any) -> None:
        raise RuntimeError("nobody gets to a route")

    monkeypatch.setattr(Gate, "admit", closed)
    for name in URLS:
        short, by_the_route = await both(clinic, photo[name], {})
        assert (short.status_code, by_the_route.status_code) == (200, 500)


async def test_what_is_refused_is_told_alike(clinic: Clinic, photo: Json) -> None:
    url = photo["thumb_url"]
    forged, missing = f"{url[:-1]}{'0' if url[-1] != '0' else '1'}", url.replace(photo["id"], photo["id"][::-1])
    await clinic.dentist.delete(f"/media/documents/{photo['id']}")
    for one, status, code in ((url, 404, "not_found"), (forged, 401, "unauthenticated"), (missing, 401, None)):
        short, by_the_route = await both(clinic, one, {})
        assert told(short) == told(by_the_route)
        assert short.status_code == status
        if code:
            problem_of(short, status, code)


async def test_a_document_that_is_no_picture_comes_alike(clinic: Clinic, ana: str) -> None:
    document = await clinic.dentist.document(ana)
    short, by_the_route = await both(clinic, document["full_url"], {})
    assert short.status_code == 200
    assert told(short) == told(by_the_route)


async def test_what_is_read_and_refused_is_entered_once_on_either_way(clinic: Clinic, photo: Json) -> None:
    entered: list[Json] = []
    for headers in ({}, BY_THE_ROUTE):
        await clinic.service.client.get(photo["thumb_url"], headers=headers)
        await clinic.service.client.get(photo["full_url"], headers=headers)
    await clinic.dentist.delete(f"/media/documents/{photo['id']}")
    for headers in ({}, BY_THE_ROUTE):
        problem_of(await clinic.service.client.get(photo["thumb_url"], headers=headers), 404, "not_found")
    entered = data_of(await clinic.admin.get("/audit", params={"document_id": photo["id"]}))
    read = [(each["detail"], each["user_id"]) for each in entered if each["action"] == "document.read"]
    assert sorted(read) == [("full", "u-dentist")] * 2 + [("thumb", "u-dentist")] * 2
    refused = [each for each in entered if each["outcome"] == "not_found"]
    assert [(each["action"], each["user_id"]) for each in refused] == [("downloadDocument", "u-dentist")] * 2


async def test_who_asks_too_often_is_told_so_once_in_the_log(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path, limits=Limits(requests=12, strangers=0))) as service:
        clinic = Clinic(service, "c")
        await clinic.patient("ana")
        photo = await clinic.dentist.photo("ana")
        answers = [await service.client.get(photo["thumb_url"]) for _ in range(40)]
        refused = [answer for answer in answers if answer.status_code != 200]
        assert refused
        for answer in refused:
            problem_of(answer, 429, "too_many_requests")
            assert answer.headers["ratelimit-policy"] == '"requests";q=12;w=60'
        entries = data_of(await clinic.admin.get("/audit", params={"document_id": photo["id"]}))
        stopped = [entry["action"] for entry in entries if entry["outcome"] == "too_many_requests"]
        # the clock may begin another minute meanwhile
        assert stopped
        assert len(stopped) <= 2
        assert set(stopped) == {"downloadDocument"}


async def test_it_is_counted_and_logged_under_its_route(
    service: Service, clinic: Clinic, photo: Json, caplog: pytest.LogCaptureFixture
) -> None:
    counted = f'clinic_media_http_requests_total{{method="GET",route="{ROUTE}",status="200"}}'
    before = (await figures(service)).get(counted, 0)
    with caplog.at_level(logging.INFO, "clinic_media.access"):
        answer = await service.client.get(photo["thumb_url"])
    assert (await figures(service))[counted] == before + 1
    of_it = f"request={answer.headers['x-request-id']} clinic={clinic.id} user=u-dentist"
    (line,) = [record.getMessage() for record in caplog.records if of_it in record.getMessage()]
    assert line.startswith(f"GET {ROUTE} 200 ")
    assert line.endswith(f"document_id={photo['id']}")
