"""What holds for the surface as a whole: declared permissions, headers, health, documentation."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Controller, Litestar, get
from litestar.exceptions import ImproperlyConfiguredException

from domain.access import Permission
from entrypoints.http.app import ROUTES, create_app
from entrypoints.http.gate import check_declared
from entrypoints.http.pairings import Pairings
from entrypoints.http.supply import supplied
from entrypoints.settings import Server
from tests.http.service import Clinic, Service, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio


def document_of(service: Service) -> Any:
    return create_app(service.container).openapi_schema.to_schema()


def test_an_application_with_a_route_that_declares_nothing_does_not_start() -> None:
    @get("/open", sync_to_thread=False)
    def undeclared() -> None: ...

    @get("/fine", sync_to_thread=False, opt={"permission": Permission.AUDIT_READ})
    def declared() -> None: ...

    check_declared(Litestar([declared], openapi_config=None, logging_config=None))
    with pytest.raises(ImproperlyConfiguredException, match="/open"):
        check_declared(Litestar([declared, undeclared], openapi_config=None, logging_config=None))


def test_the_application_itself_looks_after_that(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(Controller):
        @get("/careless", sync_to_thread=False)
        def show(self) -> None: ...

    monkeypatch.setitem(ROUTES, "/careless", (Careless,))
    with pytest.raises(ImproperlyConfiguredException, match="/careless"):
        create_app(service.container)


def test_a_controller_that_is_given_the_wrong_part_does_not_start() -> None:
    with pytest.raises(TypeError, match="pair_photos must be a PairPhotos"):
        supplied(Pairings, lambda name: object())


async def test_only_what_runs_the_service_is_public(service: Service) -> None:
    app = create_app(service.container)
    public = {
        route.path
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if handler.opt.get("public")
    }
    assert public == {
        "/", "/health/live", "/health/ready", "/metrics", "/api/v1/session", "/api/v1/session/people",
        "/schema", "/schema/openapi.json", "/schema/page.js", "/schema/page.css", "/schema/{path:str}",
    }  # fmt: skip


def protected(service: Service) -> list[tuple[str, str]]:
    """Method and a path of each route that is not public."""
    routes = []
    for path, item in document_of(service)["paths"].items():
        url = re.sub(r"\{\w+_id\}", "01890000-0000-7000-8000-000000000000", path)
        url = re.sub(r"\{(owner|entity)_type\}", "visit", url)
        routes += [(method.upper(), url) for method, operation in item.items() if operation.get("security") != []]
    assert len(routes) > 40
    return routes


async def test_every_route_wants_a_token(service: Service) -> None:
    for method, url in protected(service):
        answer = await service.client.request(method, url)
        assert answer.status_code == 401, (method, url)
        assert answer.headers["www-authenticate"] == 'Bearer realm="clinic-media"'


async def test_every_route_refuses_who_lacks_its_permission_before_it_looks_any_further(
    clinic: Clinic, service: Service
) -> None:
    nobody = clinic.person(permissions=(Permission.TRASH_PURGE,))
    for method, url in protected(service):
        answer = await nobody.ask(method, url, content=b"not json, and no form", params={"page_size": "x"})
        assert answer.status_code == 403, (method, url, answer.text)


async def test_health_is_told_to_anybody(service: Service) -> None:
    live, ready = [await service.client.get(path) for path in ("/health/live", "/health/ready")]
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert ready.status_code == 200
    assert ready.json()["parts"].keys() == {"database", "storage", "scanner", "schema", "disk", "events"}


async def test_the_documentation_is_whole(service: Service) -> None:
    answer = await service.client.get("/schema/openapi.json")
    document = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert document["openapi"].startswith("3.1")
    ids = []
    for path, item in document["paths"].items():
        for method, operation in item.items():
            where = f"{method} {path}"
            ids.append(operation["operationId"])
            assert operation["summary"], where
            assert operation["tags"], where
            for status, response in operation["responses"].items():
                if status >= "400":
                    assert list(response["content"]) == ["application/problem+json"], where
            if method in ("post", "put", "patch") and "requestBody" in operation:
                assert {"400", "422"} <= set(operation["responses"]), where
    assert len(ids) == len(set(ids))
    assert {"DocumentOutEnvelope", "DocumentOutListing", "CountOutListEnvelope"} <= set(
        document["components"]["schemas"]
    )
    assert not [name for name in document["components"]["schemas"] if not name.isalnum()]
    assert document["paths"]["/health/live"]["get"]["security"] == []
    heads = {
        parameter["name"]
        for parameter in document["paths"]["/api/v1/media/documents/{document_id}"]["put"]["parameters"]
    }
    assert heads == {"document_id", "If-Match"}
    assert document["security"] == [{"bearer": []}]
    upload = document["paths"]["/api/v1/media/patients/{patient_id}/photos"]["post"]
    form = upload["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]
    assert form["properties"]["media_kind"]["enum"] == ["document", "photo", "scan", "video", "xray"]


async def test_the_documentation_loads_nothing_from_elsewhere(service: Service) -> None:
    page = await service.client.get("/schema")
    assert page.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert loaded
    for url in loaded:
        assert url.startswith("/schema/")
        part = await service.client.get(url)
        assert part.status_code == 200
        assert not re.search(r"https?://", part.text) or url.endswith("openapi.json")


async def test_what_is_not_there_is_no_page_of_the_documentation_either(service: Service) -> None:
    for path in ("/schema/x", "/schema/openapi.yaml", "/schema/x/y"):
        answer = await service.client.get(path)
        problem_of(answer, 404, "not_found")


async def test_every_answer_carries_the_headers_that_keep_it_safe(clinic: Clinic) -> None:
    client = clinic.service.client
    for answer in (
        await clinic.dentist.get("/directory/patients"),
        await clinic.dentist.get("/nothing"),
        await client.get("/api/v1/audit"),
        await client.get("/health/live"),
    ):
        head = answer.headers
        assert head["x-content-type-options"] == "nosniff"
        assert head["referrer-policy"] == "no-referrer"
        assert head["cache-control"] == "private, no-store"
        assert head["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert re.fullmatch(r"[0-9a-f]{16}", head["x-request-id"])


@pytest.mark.parametrize("given", ["a\nb", "x" * 65, "ñ", ""])
async def test_a_request_id_that_could_spoil_the_log_is_replaced(service: Service, given: str) -> None:
    headers = [(b"X-Request-ID", given.encode())]
    answer = await service.client.get("/health/live", headers=headers)
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])


async def test_front_ends_elsewhere_are_let_in_where_they_are_named(tmp_path: Path) -> None:
    origin = "https://clinic.example"
    async with serving(settings_for(tmp_path, server=Server(cors_origins=(origin,)))) as service:
        asked = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}
        asked["Access-Control-Request-Headers"] = "authorization,if-match,idempotency-key,content-type"
        answer = await service.client.options("/api/v1/media/attachments", headers=asked)
        assert answer.headers["access-control-allow-origin"] == origin
        answer = await service.client.options("/api/v1/media/attachments", headers={**asked, "Origin": "https://x.y"})
        assert "access-control-allow-origin" not in answer.headers
        answer = await service.client.get("/health/live", headers={"Origin": origin})
        exposed = answer.headers["access-control-expose-headers"].lower()
        assert {"etag", "x-next-cursor", "x-total-count"} <= {name.strip() for name in exposed.split(",")}


async def test_without_named_front_ends_there_is_no_cross_origin_access(service: Service) -> None:
    answer: httpx.Response = await service.client.get("/health/live", headers={"Origin": "https://clinic.example"})
    assert "access-control-allow-origin" not in answer.headers
