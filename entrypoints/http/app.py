"""The application: every route with its parts, behind one gate."""

import hmac
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Controller, Litestar, Response, Router, get
from litestar.config.cors import CORSConfig
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from entrypoints.container import Container
from entrypoints.http.archiving import Archiving
from entrypoints.http.attachments import Attachment, Attachments
from entrypoints.http.audit import Audit
from entrypoints.http.auditing import Auditing
from entrypoints.http.cursors import Cursors
from entrypoints.http.documents import Documents
from entrypoints.http.door import door_of
from entrypoints.http.downloads import Downloads
from entrypoints.http.entity_types import EntityTypes
from entrypoints.http.envelopes import Pager
from entrypoints.http.exchange import exchange_of
from entrypoints.http.files import File, Files
from entrypoints.http.finishing import finish
from entrypoints.http.forwarding import Forwarding
from entrypoints.http.gate import Gate, check_declared
from entrypoints.http.health import Health
from entrypoints.http.hearing_out import HearingOut
from entrypoints.http.keys import keys_of
from entrypoints.http.lab_result_files import LabResultFiles
from entrypoints.http.limiting import Throttle
from entrypoints.http.linked import LinkedDownloads
from entrypoints.http.links import Links
from entrypoints.http.metrics import Metrics, MetricsToken, Waiting, measure
from entrypoints.http.notes import Notes
from entrypoints.http.owners import Owners
from entrypoints.http.pages import Pages
from entrypoints.http.pairings import Pairings
from entrypoints.http.patient_documents import PatientDocuments
from entrypoints.http.patients import Patients
from entrypoints.http.photos import Photos
from entrypoints.http.problems import HANDLERS
from entrypoints.http.proxies import Proxies
from entrypoints.http.receiving import Limits
from entrypoints.http.record_files import RecordFiles
from entrypoints.http.requests import MediaRequest
from entrypoints.http.schema import openapi_config
from entrypoints.http.session import Session
from entrypoints.http.sessions import Sessions
from entrypoints.http.short_paths import ShortPaths
from entrypoints.http.supply import supplied
from entrypoints.http.timeline import Timeline
from entrypoints.http.tokens import Tokens
from entrypoints.http.tus import REQUEST_HEADERS, RESPONSE_HEADERS, TusHeaders
from entrypoints.http.uploading import Receiver
from entrypoints.http.uploads import Uploads
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
    "/api/v1": (Session, Audit, Uploads, Files, File, RecordFiles, EntityTypes, LabResultFiles),
    "/": (Health, Metrics),
}

Beside = Callable[[Container], AbstractAsyncContextManager[None]]
"""What runs as long as the application does."""


def create_app(container: Container, beside: Beside | None = None) -> Litestar:
    """Raises where a route declares no permission, or a controller's part is missing."""
    settings: Settings = container.settings()
    clock, secret, pages = container.clock(), links_secret(settings), Pages(reaching=settings.storage.link_origin)
    url, previous = settings.server.public_url, previous_links_secrets(settings)
    links = Links(secret, settings.links.minutes * 60, clock, url, previous)
    sessions = Sessions(secret, secure=url.startswith("https:"), previous=previous)
    tokens = Tokens(settings.auth, keys_of(settings.auth), clock)
    throttle = Throttle(settings.limits, container.tally(), clock)
    gate = Gate(tokens, links, sessions, container.directory_views().grants, throttle)
    pager = Pager(Cursors(secret, previous))
    part = _parts(container, links=links, sessions=sessions, gate=gate, throttle=throttle, pager=pager)
    app = Litestar(
        route_handlers=[_home(pages), *_routers(part)],
        middleware=[gate],
        before_send=[Auditing(container.audit(), clock), TusHeaders(settings.server.max_upload_bytes), finish, measure],
        exception_handlers={**HANDLERS, NotFoundException: pages.on_not_found},
        request_class=MediaRequest,
        request_max_body_size=MAX_BODY,
        cors_config=_cors(settings.server.cors_origins),
        openapi_config=openapi_config(),
        lifespan=[_opened(container, beside)],
        logging_config=None,
    )
    check_declared(app)
    app.asgi_handler = ShortPaths(app.asgi_handler)
    app.asgi_handler = LinkedDownloads(app.asgi_handler, gate, part("open_download"), part("forwarding"))
    app.asgi_handler = HearingOut(app.asgi_handler, Limits(file=settings.server.max_upload_bytes).body)
    app.asgi_handler = container.tracing().served(app.asgi_handler, lambda scope: exchange_of(scope).request_id)
    if settings.server.trusted_proxies:
        proxies = Proxies(settings.server.trusted_proxies, settings.server.proxy_header)
        app.asgi_handler = proxies.around(app.asgi_handler)
    return app


def _home(pages: Pages) -> Any:
    """The clinic app; where it was not built, the page to read the API with."""

    @get("/", include_in_schema=False, opt={"public": True}, sync_to_thread=False)
    def home(request: MediaRequest) -> Response[Any]:
        return Redirect("/schema") if pages.index is None else pages.answer(request, pages.index)

    return home


def links_secret(settings: Settings) -> bytes:
    """What links and cursors are signed with; where only tokens have a secret, one derived from it."""
    if settings.links.secret:
        return settings.links.secret.encode()
    return _derived(settings.auth.secret)


def previous_links_secrets(settings: Settings) -> list[bytes]:
    """What they were signed with before one of the secrets was replaced."""
    return [
        *(secret.encode() for secret in settings.links.previous_secrets),
        *map(_derived, settings.auth.previous_secrets),
    ]


def _derived(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"clinic-media links and cursors", "sha256")


def _parts(container: Container, **made: Any) -> Callable[[str], Any]:
    """A controller's part by its name: made here, or the container's provider of that name."""
    settings: Settings = container.settings()
    made["limits"] = Limits(file=settings.server.max_upload_bytes)
    traced = container.tracing().use_case
    made["receive"] = Receiver(traced(container.begin_upload()), made["limits"])
    made["door"] = door_of(settings)
    made["forwarding"] = Forwarding(settings.storage, container.blobs())
    made["waiting"] = Waiting(container.outbox().waiting, container.outbox().oldest, container.clock())
    made["metrics_token"] = MetricsToken(settings.metrics.token)
    return lambda name: made[name] if name in made else traced(getattr(container, name)())


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
        allow_headers=[
            *("Authorization", "Content-Type", "If-Match", "Idempotency-Key", "Range", "X-Request-ID"),
            *REQUEST_HEADERS,
        ],
        expose_headers=[
            *("ETag", "Location", "Retry-After", "Content-Disposition", "Content-Range", "X-Request-ID"),
            *("RateLimit", "RateLimit-Policy"),
            *("X-Total-Count", "X-Next-Cursor"),
            *RESPONSE_HEADERS,
        ],
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
