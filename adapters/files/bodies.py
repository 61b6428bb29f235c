"""What is on its way to a bucket, and an answer of it: read as it is asked for, whatever becomes of the object."""

import io
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from adapters.files.faults import cloud_faults
from application.ports.blobs import CHUNK


class Sendable(io.BytesIO):
    """Bytes that are sent in pieces, so that the event loop is not held up."""

    def close(self) -> None:
        """Not yet: clients close what they have sent, and may have to send it again."""


class Body:
    """An answer under way. Its connection goes back with the last reference, also when nobody has begun to read.

    `stream` has a coroutine `read(size)` that gives at most so many bytes, and none at the end; `owner` has `close()`.
    """

    def __init__(self, stream: Any, owner: Any) -> None:
        self._stream = stream
        self._owner = owner

    async def chunk(self) -> bytes:
        """What comes in network-sized pieces, together."""
        pieces, missing = [], CHUNK
        with cloud_faults():
            while missing and (piece := await self._stream.read(missing)):
                pieces.append(piece)
                missing -= len(piece)
        return b"".join(pieces)

    def __del__(self) -> None:
        with suppress(RuntimeError):  # the event loop is closed, and with it the connection
            self._owner.close()


async def chunks(body: Body) -> AsyncIterator[bytes]:
    while chunk := await body.chunk():
        yield chunk


async def nothing() -> AsyncIterator[bytes]:
    empty: tuple[bytes, ...] = ()
    for chunk in empty:
        yield chunk
