"""Keeps paths that can be nobody's from what is remembered by path."""

from collections.abc import Awaitable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

LONGEST = 1024
"""Characters; our own paths with the longest ids have a third of it."""
_NOWHERE = "/too-long"


class ShortPaths:
    """Around the application. Litestar remembers the last thousand paths that fit a route, before anybody has asked who
    sends them: of the longest that a server lets through that would be hundreds of megabytes. There is nothing under
    them, and that is how they are answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == ScopeType.HTTP and len(scope["path"]) > LONGEST:
            scope["path"] = _NOWHERE
        return self._app(scope, receive, send)
