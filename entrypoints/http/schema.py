"""The OpenAPI document, and a page to read it with that loads nothing from elsewhere."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Router, get
from litestar.datastructures import ResponseHeader
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import Components, License, SecurityScheme, Tag

_FILES = Path(__file__).parent / "schema_page"
_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'"

_TAGS = {
    "photos": "The gallery of a patient: photos and x-rays",
    "documents": "Documents and their bytes",
    "pairs": "Before and after",
    "attachments": "Documents on the host's records",
    "timeline": "What happened with a patient",
    "patients": "Archiving",
    "vocabulary": "The words of this installation",
    "notes": "Clinical notes",
    "directory": "Patients, records and who looks after whom, where no host keeps them",
    "audit": "Who did what",
    "health": "For whoever runs it",
}

_ABOUT = """Keeps a clinic's patient photos, x-rays and documents.

Every answer that is no success is `application/problem+json` with a stable `code`. The clinic comes from the token;
what belongs to another clinic, or to a patient the caller may not see, is 404. In bodies null clears a field and an
absent one leaves it. Documents carry their version as `ETag`, and `If-Match` is honoured on every change. POSTs that
create honour `Idempotency-Key`."""


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
    return OpenAPIConfig(
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
            response_headers=[ResponseHeader(name="content-security-policy", value=_POLICY)],
        ),
    )


def _version() -> str:
    try:
        return version("clinic-media")
    except PackageNotFoundError:  # run from its sources, without being installed
        return "0"
