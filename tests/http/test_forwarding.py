"""Originals that somebody else sends: a bucket by a link, nginx from the disk. Real ones of both."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from domain.access import Role
from entrypoints.configuration import WrongSettings
from entrypoints.settings import Database, Settings, Storage
from tests.cli.running import invoke
from tests.http.places import Places, over
from tests.http.served import Served, served
from tests.http.service import Clinic, Json, Service, data_of, problem_of, serving, settings_for
from tests.services import azure as az
from tests.services import s3
from tests.services.nginx import nginx_before, nginx_command
from tests.services.ports import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.services]

CONTENT = bytes(range(48, 58)) * 10
NAME = "Räumung 1.txt"
_clinics = count(1)
DISPOSITION = "attachment; filename=\"R_umung 1.txt\"; filename*=UTF-8''R%C3%A4umung%201.txt"


def stored(url: str, options: Json, **more: Any) -> Storage:
    return Storage(url=url, options=options, downloads="redirect", **more)


def _s3(request: pytest.FixtureRequest) -> Storage:
    server: s3.S3Server = request.getfixturevalue("s3")
    return stored(f"s3://{s3.BUCKET}/{uuid4()}", server.options)


def _azure(request: pytest.FixtureRequest) -> Storage:
    server: az.AzureServer = request.getfixturevalue("azure")
    return stored(f"az://{az.CONTAINER}/{uuid4()}", server.options)


@pytest.fixture(scope="module", params=[_s3, _azure])
async def redirecting(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, anyio_backend: str
) -> AsyncIterator[Service]:
    settings = settings_for(tmp_path_factory.mktemp("redirecting"), storage=request.param(request))
    async with serving(settings) as service:
        yield service


@pytest.fixture
def clinic(redirecting: Service) -> Clinic:
    return Clinic(redirecting, f"redirected-{next(_clinics)}")


@pytest.fixture
async def paper(clinic: Clinic, ana: str) -> Json:
    """A text of 100 bytes."""
    return await clinic.dentist.document("ana", file=(NAME, CONTENT, "text/plain"))


def path(document: Json) -> str:
    return f"/media/documents/{document['id']}/download"


async def fetched(answer: httpx.Response, **headers: str) -> httpx.Response:
    """What a client finds that goes where it is sent."""
    assert (answer.status_code, answer.content) == (302, b""), answer.text
    async with httpx.AsyncClient() as client:
        return await client.get(answer.headers["location"], headers=headers)


async def test_an_original_comes_from_the_bucket_as_it_would_from_here(clinic: Clinic, paper: Json) -> None:
    told = await clinic.dentist.get(path(paper))
    assert told.headers["cache-control"] == "private, no-store"
    assert told.headers["referrer-policy"] == "no-referrer"
    answer = await fetched(told)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"] == DISPOSITION
    assert answer.headers["cache-control"] == "private, no-store"
    part = await fetched(told, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, CONTENT[10:20])
    spoilt = told.headers["location"].replace("/original", "/thumb")
    async with httpx.AsyncClient() as client:
        assert (await client.get(spoilt)).status_code == 403


async def test_every_route_to_an_original_leads_there(clinic: Clinic, paper: Json) -> None:
    await clinic.dentist.post(
        "/media/attachments", await clinic.owner("visit", "7", "ana") | {"document_id": paper["id"]}
    )
    for url in (
        f"/files/{paper['id']}/download",
        f"/files/{paper['id']}/view",
        f"/lab-result-files/{paper['id']}/download",
    ):
        assert (await fetched(await clinic.dentist.get(url))).content == CONTENT, url
    assert (await fetched(await clinic.service.client.get(paper["full_url"]))).content == CONTENT


async def test_who_was_sent_there_stands_in_the_audit_log(clinic: Clinic, paper: Json) -> None:
    await clinic.dentist.get(path(paper))
    rows = (await clinic.admin.get("/audit", params={"document_id": paper["id"]})).json()["data"]
    assert ("document.read", "u-dentist") in {(row["action"], row["user_id"]) for row in rows}


async def test_nobody_is_sent_there_who_may_not_have_it(clinic: Clinic, paper: Json) -> None:
    other = Clinic(clinic.service, "other")
    problem_of(await other.admin.get(path(paper)), 404, "not_found")
    problem_of(await clinic.person(Role.ACCOUNT).get(path(paper)), 404, "not_found")
    await clinic.dentist.delete(f"/media/documents/{paper['id']}")
    problem_of(await clinic.dentist.get(path(paper)), 404, "not_found")
    problem_of(await clinic.service.client.get(paper["full_url"]), 404, "not_found")


async def test_pictures_copies_heads_and_what_the_client_has_are_still_answered_here(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana)
    assert (await fetched(await clinic.dentist.get(path(photo)))).headers["content-type"] == "image/jpeg"
    for words in ({"variant": "thumb"}, {"metadata": "strip"}):
        assert (await clinic.dentist.get(path(photo), params=words)).status_code == 200
    head = await clinic.dentist.ask("HEAD", path(photo))
    assert (head.status_code, head.headers["content-length"]) == (200, str(photo["file_size"]))
    known = await clinic.dentist.get(path(photo), headers={"If-None-Match": head.headers["etag"]})
    assert known.status_code == 304


@pytest.mark.parametrize(
    ("storage", "needed"),
    [
        (Storage(downloads="redirect"), "s3://"),
        (Storage(downloads="redirect", url="memory://"), "s3://"),
        (
            Storage(downloads="redirect", url="az://a/b", options={"account_name": "a", "sas_token": "b"}),
            "account's key",
        ),
        (Storage(downloads="x-accel", url="memory://"), "file:///"),
    ],
)
async def test_a_storage_that_cannot_is_told_at_the_start(tmp_path: Path, storage: Storage, needed: str) -> None:
    settings: Settings = settings_for(tmp_path, storage=storage, database=Database(url="memory://"))
    with pytest.raises(WrongSettings, match=f"storage.downloads: .*{needed}"):
        async with serving(settings):
            """Never come to."""


def test_serving_does_not_begin_with_a_storage_that_cannot(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "serve", "--port", str(free_port()), STORAGE__DOWNLOADS="redirect")
    assert ended.exit_code == 3
    assert "storage.downloads: redirect needs a bucket" in ended.stderr


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The service on a socket, and the URL of the nginx in front of it."""
    nginx_command()
    folder = tmp_path_factory.mktemp("behind")
    with (
        over(Places()),
        served(folder / "data", CLINIC_MEDIA_STORAGE__DOWNLOADS="x-accel") as service,
        nginx_before(service.port, folder / "data" / "files", folder / "nginx") as url,
    ):
        yield service, url


def test_nginx_sends_an_original_from_the_disk_with_all_that_was_said_of_it(behind: tuple[Served, str]) -> None:
    service, url = behind
    with httpx.Client(base_url=f"{url}/api/v1", headers=service.headers) as client:
        client.put("/directory/patients/ana", json={"display_name": "Ana"}).raise_for_status()
        file = {"file": (NAME, CONTENT, "text/plain")}
        words = {"document_type": "consent", "title": "x"}
        paper = data_of(client.post("/media/patients/ana/documents", data=words, files=file), 201)
        direct = httpx.get(f"{service.url}/api/v1{path(paper)}", headers=service.headers)
        answer = client.get(path(paper))
        assert direct.headers["x-accel-redirect"].startswith("/clinic-media-files/blobs/c/ana/")
        assert direct.content == b""
        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert "x-accel-redirect" not in answer.headers
        said = ("content-type", "content-disposition", "cache-control", "etag", "last-modified",
                "content-security-policy", "x-content-type-options", "referrer-policy")  # fmt: skip
        assert {name: answer.headers[name] for name in said} == {name: direct.headers[name] for name in said}
        assert answer.headers["x-request-id"]
        assert answer.headers["accept-ranges"] == "bytes"
        part = client.get(path(paper), headers={"Range": "bytes=90-", "If-Range": answer.headers["etag"]})
        assert (part.status_code, part.content) == (206, CONTENT[90:])
        assert part.headers["etag"] == answer.headers["etag"]
        assert client.get(path(paper), headers={"Range": "bytes=90-", "If-Range": '"other"'}).content == CONTENT
        assert client.get(path(paper), headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        assert client.head(path(paper)).headers["content-length"] == "100"
        assert client.get(path(paper), headers={"Range": "bytes=100-"}).status_code == 416
        place = direct.headers["x-accel-redirect"]
        assert httpx.get(f"{url}{place}", headers=service.headers).status_code == 404
