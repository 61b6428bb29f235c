"""Lets whoever sends a body finish before it is told that it was refused.

A server that answers and closes while bytes still come makes the client's system drop the answer: the upload of
somebody whose token has expired would seem to break off, and be tried again.
"""

import asyncio
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Message, Receive, Scope, Send

from entrypoints.http.exchange import header

IDLE = 0.5
"""Seconds of silence after which nothing more is waited for."""
SECONDS = 10.0
_REQUEST_TIMEOUT = 408
_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})


class HearingOut:
    """Around the application; of a body that announces more than `most` bytes nothing is waited for."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not self._has_body(scope):
            await self._app(scope, receive, send)
            return
        rest = _Rest(receive, self._most)

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_told_early(message["status"]):
                await rest.heard_out()
            await send(message)

        await self._app(scope, rest.receive, answering)

    def _has_body(self, scope: HTTPScope) -> bool:
        if scope["method"] in _WITHOUT_BODY:
            return False
        announced = header(scope, b"content-length")
        if announced is None:
            return header(scope, b"transfer-encoding") is not None
        return announced.isdigit() and 0 < int(announced) <= self._most


def _is_told_early(status: int) -> bool:
    return status >= 400 and status != _REQUEST_TIMEOUT


class _Rest:
    """What has not been received of a body."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self._is_over = False

    async def receive(self) -> HTTPReceiveMessage:
        message: Any = await self._receive()
        self._left -= len(message.get("body", b""))
        self._is_over = message["type"] != "http.request" or not message.get("more_body", False)
        heard: HTTPReceiveMessage = message
        return heard

    async def heard_out(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + SECONDS
        try:
            while not self._is_over and self._left > 0:
                async with asyncio.timeout_at(min(until, loop.time() + IDLE)):
                    await self.receive()
        except TimeoutError:
            return
