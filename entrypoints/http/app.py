"""The application: every route with its parts, behind one gate."""

import hmac
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Controller, Litestar, Router, get
from litestar.config.cors import CORSConfig
from litestar.response import Redirect

from entrypoints.container import Container
from entrypoints.http.archiving import Archiving
from entrypoints.http.attachments import Attachment, Attachments
from entrypoints.http.audit import Audit
from entrypoints.http.auditing import Auditing
from entrypoints.http.cursors import Cursors
from entrypoints.http.documents import Documents
from entrypoints.http.downloads import Downloads
from entrypoints.http.entity_types import EntityTypes
from entrypoints.http.envelopes import Pager
from entrypoints.http.files import File, Files
from entrypoints.http.finishing import finish
from entrypoints.http.gate import Gate, check_declared
from entrypoints.http.health import Health
from entrypoints.http.keys import keys_of
from entrypoints.http.lab_result_files import LabResultFiles
from entrypoints.http.links import Links
from entrypoints.http.notes import Notes
from entrypoints.http.owners import Owners
from entrypoints.http.pairings import Pairings
from entrypoints.http.patient_documents import PatientDocuments
from entrypoints.http.patients import Patients
from entrypoints.http.photos import Photos
from entrypoints.http.problems import HANDLERS
from entrypoints.http.receiving import Limits
from entrypoints.http.record_files import RecordFiles
from entrypoints.http.requests import MediaRequest
from entrypoints.http.schema import openapi_config
from entrypoints.http.supply import supplied
from entrypoints.http.timeline import Timeline
from entrypoints.http.tokens import Tokens
from entrypoints.http.uploading import Receiver
from entrypoints.http.vocabulary import Vocabulary
from entrypoints.settings import Settings

MAX_BODY = 1 << 20
"""Bytes of a body that is no upload."""

ROUTES: dict[str, Sequence[type[Controller]]] = {
    "/api/v1/media": (
        Photos,
        PatientDocuments,
        Documents,
        Downloads,
        Pairings,
        Attachments,
        Attachment,
        Timeline,
        Vocabulary,
        Archiving,
    ),
    "/api/v1/clinical_notes": (Notes,),
    "/api/v1/directory": (Patients, Owners),
    "/api/v1": (Audit, Files, File, RecordFiles, EntityTypes, LabResultFiles),
    "/": (Health,),
}

Beside = Callable[[Container], AbstractAsyncContextManager[None]]
"""What runs as long as the application does."""


def create_app(container: Container, beside: Beside | None = None) -> Litestar:
    """Raises where a route declares no permission, or a controller's part is missing."""
    settings: Settings = container.settings()
    clock = container.clock()
    secret = links_secret(settings)
    links = Links(secret, settings.links.minutes * 60, clock, settings.server.public_url)
    tokens = Tokens(settings.auth, keys_of(settings.auth), clock)
    part = _parts(container, links, Pager(Cursors(secret)), Limits(file=settings.server.max_upload_bytes))
    app = Litestar(
        route_handlers=[home, *_routers(part)],
        middleware=[Gate(tokens, links, container.directory_views().grants)],
        before_send=[Auditing(container.audit(), clock), finish],
        exception_handlers=HANDLERS,
        request_class=MediaRequest,
        request_max_body_size=MAX_BODY,
        cors_config=_cors(settings.server.cors_origins),
        openapi_config=openapi_config(),
        lifespan=[_opened(container, beside)],
        logging_config=None,
    )
    check_declared(app)
    return app


@get("/", include_in_schema=False, opt={"public": True}, sync_to_thread=False)
def home() -> Redirect:
    return Redirect("/schema")


def links_secret(settings: Settings) -> bytes:
    """What links and cursors are signed with; where only tokens have a secret, one derived from it."""
    if settings.links.secret:
        return settings.links.secret.encode()
    return hmac.digest(settings.auth.secret.encode(), b"clinic-media links and cursors", "sha256")


def _parts(container: Container, links: Links, pager: Pager, limits: Limits) -> Callable[[str], Any]:
    """A controller's part by its name: made here, or the container's provider of that name."""
    made: dict[str, Callable[[], Any]] = {
        "links": lambda: links,
        "pager": lambda: pager,
        "receive": lambda: Receiver(container.begin_upload(), limits),
    }
    return lambda name: (made.get(name) or getattr(container, name))()


def _routers(part: Callable[[str], Any]) -> list[Router]:
    routers = [
        Router(path, route_handlers=[supplied(controller, part) for controller in controllers])
        for path, controllers in ROUTES.items()
    ]
    # Where clients of the older system look for it; told once in the OpenAPI document.
    files = [supplied(controller, part) for controller in (Files, File, RecordFiles)]
    return [*routers, Router("/api/v1/entity-files", route_handlers=files, include_in_schema=False)]


def _cors(origins: Sequence[str]) -> CORSConfig | None:
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
        allow_headers=["Authorization", "Content-Type", "If-Match", "Idempotency-Key", "Range", "X-Request-ID"],
        expose_headers=["ETag", "Location", "Retry-After", "Content-Disposition", "Content-Range", "X-Request-ID"],
    )


def _opened(container: Container, beside: Beside | None) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        try:
            if beside is None:
                yield
            else:
                async with beside(container):
                    yield
        finally:
            await container.audit().flush()
            await container.resources().close()

    return lifespan
