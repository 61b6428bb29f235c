"""The built browser side: the reference clinic app at `/`, the elements for other front ends at `/elements/`.

They are found where no route is: a route that takes every path would answer 405 to whatever is unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.exceptions import NotFoundException
from zlib_ng import zlib_ng

from entrypoints.http.exchange import header
from entrypoints.http.problems import on_http_exception

BUILT = Path(__file__).parents[1] / "web" / "dist"

_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data: {reaching}; "
    "connect-src 'self' {reaching}; font-src 'self'; frame-src 'self' blob: {reaching}; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_GZIP = 31
"""What zlib calls its largest window within a file of gzip."""
_NOT_THE_APP_S = ("/api/", "/schema/", "/health/", "/elements/", "/assets/")


@dataclass(frozen=True, slots=True)
class Page:
    content: bytes
    media_type: str
    etag: str
    cache_control: str


class Pages:
    """`folder` is what the build made; where it is not there, neither is the app.

    From the origin `reaching` it may show files too.
    """

    def __init__(self, folder: Path = BUILT, *, reaching: str = "") -> None:
        self._pages = dict(_read(folder / "app", "/")) | dict(_read(folder / "elements", "/elements/"))
        self._policy = _POLICY.format(reaching=reaching)

    @property
    def index(self) -> Page | None:
        return self._pages.get("/index.html")

    def found(self, request: Request[Any, Any, Any]) -> Page | None:
        """The file of that path, or the app for a place in it."""
        path = request.scope["path"]
        if request.method not in ("GET", "HEAD"):
            return None
        if (page := self._pages.get(path)) is not None:
            return page
        wants_page = b"text/html" in (header(request.scope, b"accept") or b"")
        return self.index if wants_page and not path.startswith(_NOT_THE_APP_S) else None

    def on_not_found(self, request: Request[Any, Any, Any], error: NotFoundException) -> Response[bytes]:
        page = self.found(request)
        return on_http_exception(request, error) if page is None else self.answer(request, page)

    def answer(self, request: Request[Any, Any, Any], page: Page) -> Response[bytes]:
        headers = {"ETag": page.etag, "Cache-Control": page.cache_control, "Vary": "Accept-Encoding"}
        if page.media_type.startswith("text/html"):
            headers["Content-Security-Policy"] = self._policy
        if page.etag.encode() in (header(request.scope, b"if-none-match") or b""):
            return Response(b"", status_code=304, headers=headers)
        content = page.content
        if b"gzip" in (header(request.scope, b"accept-encoding") or b""):
            content = _packed(content)
            headers["Content-Encoding"] = "gzip"
        body = b"" if request.method == "HEAD" else content
        headers["Content-Length"] = str(len(content))
        return Response(body, headers=headers, media_type=page.media_type)


def _read(folder: Path, at: str) -> Iterator[tuple[str, Page]]:
    for file in folder.rglob("*"):
        if (media_type := _TYPES.get(file.suffix)) is not None:
            path = at + file.relative_to(folder).as_posix()
            yield path, _page(file.read_bytes(), media_type, is_named_by_content=path.startswith("/assets/"))


def _page(content: bytes, media_type: str, *, is_named_by_content: bool) -> Page:
    return Page(
        content=content,
        media_type=media_type,
        etag=f'"{blake2b(content, digest_size=12).hexdigest()}"',
        cache_control="public, max-age=31536000, immutable" if is_named_by_content else "no-cache",
    )


@cache
def _packed(content: bytes) -> bytes:
    """When somebody first asks for it: everybody would wait for all of them at each start."""
    return zlib_ng.compress(content, wbits=_GZIP)
