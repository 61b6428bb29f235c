"""The OpenAPI document, and a page to read it with that loads nothing from elsewhere."""

import json
import re
from dataclasses import dataclass, fields
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.datastructures import ResponseHeader
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, OpenAPI, SecurityScheme, Tag

from domain.errors import NotFound

_FILES = Path(__file__).parent / "schema_page"
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'"

_TAGS = {
    "photos": "The gallery of a patient: photos and x-rays",
    "documents": "Documents and their bytes",
    "uploads": "Large files in pieces (tus 1.0.0)",
    "pairs": "Before and after",
    "attachments": "Documents on the host's records",
    "timeline": "What happened with a patient",
    "patients": "Archiving",
    "vocabulary": "The words of this installation",
    "notes": "Clinical notes",
    "directory": "Patients, records and who looks after whom, where no host keeps them",
    "session": "Signing in to the clinic app",
    "audit": "Who did what",
    "health": "For whoever runs it",
}

_ABOUT = """Keeps a clinic's patient photos, x-rays and documents.

Every answer that is no success is `application/problem+json` with a stable `code`. The clinic comes from the token;
what belongs to another clinic, or to a patient the caller may not see, is 404. In bodies null clears a field and an
absent one leaves it. Documents carry their version as `ETag`, and `If-Match` is honoured on every change. POSTs that
create honour `Idempotency-Key`."""


@dataclass
class ApiDocument(OpenAPI):
    """With names that people can read, and the headers and credentials that the routes' signatures do not show."""

    def to_schema(self) -> dict[str, Any]:
        schema = super().to_schema()
        for item in schema["paths"].values():
            for method, operation in item.items():
                _complete(method, operation)
        named: dict[str, Any] = json.loads(_WRAPPED.sub(_readable, json.dumps(schema)))
        return named


@dataclass
class Documentation(OpenAPIConfig):
    def to_openapi_schema(self) -> OpenAPI:
        plain = super().to_openapi_schema()
        return ApiDocument(**{field.name: getattr(plain, field.name) for field in fields(plain)})


# Envelope_list_entrypoints.http.attachments.CountOut_ is the name of Envelope[list[CountOut]].
_WRAPPED = re.compile(r"(Envelope|Listing)_(list_)?[a-z_.]+\.([A-Za-z]+)_(?=\")")


def _readable(match: re.Match[str]) -> str:
    wrapper, many, name = match.groups()
    return f"{name}{'List' if many else ''}{wrapper}"


def _complete(method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    for status in ("204", "304"):
        answers.get(status, {}).pop("content", None)  # such an answer has no body
    if "412" in answers and operation["tags"] != ["uploads"]:
        _add_header(operation, "If-Match", "The version that the change is meant for, as ETag told it")
    if method == "post" and "201" in answers:
        _add_header(operation, "Idempotency-Key", "The same key with the same request makes nothing new")
    if "401" not in answers or operation["tags"] == ["session"]:
        operation["security"] = []
    if "416" in answers:
        operation["security"] = [{"bearer": []}, {"link": []}]


def _add_header(operation: dict[str, Any], name: str, told: str) -> None:
    parameter = {"name": name, "in": "header", "description": told, "required": False, "schema": {"type": "string"}}
    operation.setdefault("parameters", []).append(parameter)


class SchemaPage(OpenAPIRenderPlugin):
    """One page, its script and its style, all from here."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return (_FILES / "page.html").read_bytes()

    def receive_router(self, router: Router) -> None:
        router.register(_file("page.js", "text/javascript"))
        router.register(_file("page.css", "text/css"))


def _file(name: str, media_type: str) -> Any:
    content = (_FILES / name).read_bytes()

    @get(f"/{name}", media_type=media_type, sync_to_thread=False, name=f"schema {name}")
    def handler() -> bytes:
        return content

    return handler


def openapi_config() -> OpenAPIConfig:
    token = SecurityScheme(type="http", scheme="bearer", bearer_format="JWT", description="A token of the clinic's")
    link = SecurityScheme(
        type="apiKey", name="sig", security_scheme_in="query", description="A signed link, as documents carry them"
    )
    return Documentation(
        title="clinic-media",
        version=_version(),
        description=_ABOUT,
        license=License(name="Apache-2.0", identifier="Apache-2.0"),
        tags=[Tag(name=name, description=told) for name, told in _TAGS.items()],
        components=Components(security_schemes={"bearer": token, "link": link}),
        security=[{"bearer": []}],
        render_plugins=[SchemaPage(), JsonRenderPlugin(media_type=MediaType.JSON)],
        openapi_router=Router(
            "/schema",
            route_handlers=[],
            include_in_schema=False,
            opt={"public": True},
            after_request=_only_what_is_there,
            response_headers=[ResponseHeader(name="content-security-policy", value=_POLICY)],
        ),
    )


def _only_what_is_there(response: Response[Any]) -> Response[Any]:
    """Litestar answers every other path below with a page of its own."""
    if response.status_code == HTTPStatus.NOT_FOUND:
        raise NotFound("There is nothing here")
    return response


def _version() -> str:
    try:
        return version("clinic-media")
    except PackageNotFoundError:  # run from its sources, without being installed
        return "0"
