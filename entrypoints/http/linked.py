"""Downloads by signed link, on a short way: a page of sixty pictures asks for all of them at once.

What Litestar does for every route (finding it, its parameters, its layers) costs more than all else about a picture. A
request that is plainly one of these is answered here, by the same use case and in the same form. Anything else goes on
to the route, and so does what goes wrong before the answer has begun: it is told there, as for everybody.
"""

import re
from typing import Any, cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from application.downloads import OpenDownload
from application.reach import unbound
from domain.errors import Unauthenticated
from domain.ids import DocumentId
from entrypoints.http.exchange import exchange_of
from entrypoints.http.forwarding import Forwarding
from entrypoints.http.gate import Gate
from entrypoints.http.links import PATH
from entrypoints.http.sending import SentBytes, sent

_PATH = re.compile(re.escape(PATH) + r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/download")
_TEMPLATE = f"{PATH}{{document_id}}/download"
_OF_THE_ROUTE = frozenset({b"authorization", b"origin"})
"""Headers that say who asks otherwise than by link, or want headers for pages of other origins."""


class LinkedDownloads:
    """Around the application."""

    def __init__(self, app: ASGIApp, gate: Gate, open_download: OpenDownload, forwarding: Forwarding) -> None:
        self._app = app
        self._gate = gate
        self._open_download = open_download
        self._forwarding = forwarding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        document = _document(scope)
        if document is not None:
            with unbound():
                answer = await self._answer(cast("HTTPScope", scope), document)
                if answer is not None:
                    await answer(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _answer(self, scope: HTTPScope, document: str) -> SentBytes | None:
        try:
            linked = await self._gate.come_by_link(scope, document)
            download = await self._open_download(linked.actor, DocumentId(document), linked.variant)
            inline = linked.disposition == "inline"
            answer = await sent(scope, download, inline=inline, opener=self._open_download, forward=self._forwarding)
        except Unauthenticated:
            return None
        except Exception as error:
            exchange_of(scope).refused = error
            return None
        told = cast("dict[str, Any]", scope)
        told["path_template"], told["path_params"] = _TEMPLATE, {"document_id": document}
        return answer


def _document(scope: Scope) -> str | None:
    """The document of a request that is plainly a download by link."""
    if scope["type"] != ScopeType.HTTP or scope["method"] != "GET" or b"sig=" not in scope["query_string"]:
        return None
    path = _PATH.fullmatch(scope["path"])
    if path is None or any(name in _OF_THE_ROUTE for name, _ in scope["headers"]):
        return None
    return path.group(1)
