"""The built browser side as a browser gets it."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from entrypoints.http import app
from entrypoints.http.pages import Pages
from entrypoints.settings import Storage
from tests.http.service import Service, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

INDEX = b"<!doctype html><title>clinic-media</title><script type=module src=/assets/main-1a2b.js></script>"
SCRIPT = b"console.log('clinic-media');" * 100
PAGE = {"Accept": "text/html,*/*"}


@pytest.fixture
async def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Service]:
    for name, content in {
        "app/index.html": INDEX,
        "app/assets/main-1a2b.js": SCRIPT,
        "elements/index.js": SCRIPT,
        "elements/secret.env": b"not for browsers",
    }.items():
        file = tmp_path / "dist" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    monkeypatch.setattr(app, "Pages", lambda **more: Pages(tmp_path / "dist", **more))
    storage = Storage(link_origin="https://bucket.example")
    async with serving(settings_for(tmp_path / "data", storage=storage)) as service:
        yield service


@pytest.mark.parametrize("path", ["/", "/patients/p-1/gallery", "/agenda"])
async def test_every_place_of_the_app_is_the_app(built: Service, path: str) -> None:
    answer = await built.client.get(path, headers=PAGE)
    assert (answer.status_code, answer.content) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "img-src 'self' blob: data: https://bucket.example;" in policy
    assert "script-src 'self';" in policy


async def test_files_named_by_their_content_are_kept_for_ever(built: Service) -> None:
    answer = await built.client.get("/assets/main-1a2b.js")
    assert (answer.status_code, answer.content) == (200, SCRIPT)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_elements_are_asked_for_anew_and_come_once(built: Service) -> None:
    first = await built.client.get("/elements/index.js")
    assert (first.content, first.headers["cache-control"]) == (SCRIPT, "no-cache")
    again = await built.client.get("/elements/index.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_it_comes_packed_to_who_can_unpack_it(built: Service) -> None:
    async with built.client.stream("GET", "/assets/main-1a2b.js", headers={"Accept-Encoding": "gzip"}) as answer:
        packed = b"".join([part async for part in answer.aiter_raw()])
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert len(packed) < len(SCRIPT) / 10
    assert gzip.decompress(packed) == SCRIPT
    plain = await built.client.get("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


async def test_head_tells_the_length_and_sends_nothing(built: Service) -> None:
    answer = await built.client.head("/assets/main-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert (answer.headers["content-length"], answer.content) == (str(len(SCRIPT)), b"")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/nothing"),
        ("GET", "/assets/gone-9f9f.js"),
        ("GET", "/elements/secret.env"),
        ("GET", "/elements/%2e%2e/app/index.html"),
        ("POST", "/patients/p-1"),
        ("POST", "/api/v1/nothing"),
    ],
)
async def test_what_is_not_there_stays_a_problem(built: Service, method: str, path: str) -> None:
    problem_of(await built.client.request(method, path, headers=PAGE), 404, "not_found")


async def test_who_wants_no_page_gets_none(built: Service) -> None:
    problem_of(await built.client.get("/nothing", headers={"Accept": "application/json"}), 404, "not_found")


async def test_where_the_app_was_not_built_the_front_door_leads_to_the_documentation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "Pages", lambda **more: Pages(tmp_path / "nothing", **more))
    async with serving(settings_for(tmp_path)) as service:
        answer = await service.client.get("/", headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (302, "/schema")
        problem_of(await service.client.get("/agenda", headers=PAGE), 404, "not_found")
