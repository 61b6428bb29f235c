"""`Scanner` by clamd, the daemon of ClamAV, over its INSTREAM command: the file goes through a socket, so the daemon
needs no access to the storage and may run on another machine."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from application.ports.inspecting import Source
from application.ports.scanning import Scanned, Scanner, Verdict
from domain.errors import Unavailable

_PIECE = 64 * 1024
_MAX_ANSWER = 1024
_AT_ONCE = 8
"""Scans of this process at one time; clamd works at 10 by default and makes others wait."""

_FOUND = re.compile(r"stream: ([\x20-\x7e]{1,200}) FOUND")
_OVER_STREAM_LIMIT = "INSTREAM size limit exceeded. ERROR"
_OVER_LIMIT = "Heuristics.Limits.Exceeded"
"""What clamd with AlertExceedsMax calls a file that it gave up on."""


class ClamdScanner(Scanner):
    """`url` is tcp://host:port or unix:///path. Files of more than `max_bytes` are not sent: keep it at or below
    clamd's StreamMaxLength and MaxFileSize. A scan may take `seconds`, getting a connection `connect_seconds`.
    Raises `ValueError` for another url."""

    def __init__(self, url: str, *, max_bytes: int, seconds: float = 60.0, connect_seconds: float = 5.0) -> None:
        self._address = _address(url)
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._connect_seconds = connect_seconds
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def scan(self, source: Source) -> Scanned:
        size = len(source) if isinstance(source, bytes) else (await asyncio.to_thread(source.stat)).st_size
        if size > self._max_bytes:
            return Scanned(Verdict.TOO_LARGE)
        async with self._turns:
            return _verdict(await self._ask(b"zINSTREAM\0", source))

    async def check(self) -> None:
        answer = await self._ask(b"zPING\0", None)
        if answer != "PONG":
            raise Unavailable("The malware scanner does not answer as clamd does")

    async def _ask(self, command: bytes, source: Source | None) -> str:
        """The one answer of a connection of its own."""
        try:
            async with asyncio.timeout(self._connect_seconds):
                connection = await _connected(self._address)
        except (OSError, TimeoutError) as error:
            raise Unavailable("The malware scanner is away") from error
        try:
            async with asyncio.timeout(self._seconds):
                return await _conversation(connection, command, source)
        except TimeoutError as error:
            raise Unavailable("The malware scanner did not answer in time") from error
        except OSError as error:
            raise Unavailable("The malware scanner broke off") from error
        finally:
            connection.close()


async def _connected(address: tuple[str, int] | Path) -> socket.socket:
    if isinstance(address, Path):
        return await _opened(socket.AF_UNIX, str(address))
    found = await asyncio.get_running_loop().getaddrinfo(*address, type=socket.SOCK_STREAM)
    for family, _, _, _, place in found[:-1]:
        with suppress(OSError):
            return await _opened(family, place)
    return await _opened(found[-1][0], found[-1][4])


async def _opened(family: int, place: Any) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, place)
    except BaseException:
        connection.close()
        raise
    return connection


async def _conversation(connection: socket.socket, command: bytes, source: Source | None) -> str:
    """Sockets and no stream: a daemon that has enough answers and hangs up, and a stream forgets the answer then."""
    whole = await _sent(connection, command, source)
    answer = await _answer(connection)
    if not whole and answer.endswith(" OK"):
        raise Unavailable("The malware scanner answered before it had the file")
    return answer


async def _sent(connection: socket.socket, command: bytes, source: Source | None) -> bool:
    """Whether the daemon took all of it."""
    loop = asyncio.get_running_loop()
    try:
        await loop.sock_sendall(connection, command)
        if source is not None:
            async for piece in _pieces(source):
                await loop.sock_sendall(connection, len(piece).to_bytes(4, "big") + piece)
            await loop.sock_sendall(connection, bytes(4))
    except ConnectionError:
        return False
    return True


async def _answer(connection: socket.socket) -> str:
    """Without the NUL that ends it; raises `OSError` where that does not come."""
    loop, got = asyncio.get_running_loop(), bytearray()
    while b"\0" not in got:
        piece = await loop.sock_recv(connection, _MAX_ANSWER)
        got += piece
        if not piece or len(got) > _MAX_ANSWER:
            raise ConnectionError("no whole answer")
    return got.partition(b"\0")[0].decode("ascii", "replace")


async def _pieces(source: Source) -> AsyncIterator[bytes]:
    if isinstance(source, bytes):
        for start in range(0, len(source), _PIECE):
            yield source[start : start + _PIECE]
        return
    file: BinaryIO = await asyncio.to_thread(source.open, "rb")
    try:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece
    finally:
        file.close()


def _verdict(answer: str) -> Scanned:
    """Anything but the three known answers is none."""
    if answer == "stream: OK":
        return Scanned(Verdict.CLEAN)
    if answer == _OVER_STREAM_LIMIT:
        return Scanned(Verdict.TOO_LARGE)
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise Unavailable("The malware scanner could not scan the file")
    name = re.sub(r"[^A-Za-z0-9._:-]", "_", found.group(1))[:100]
    return Scanned(Verdict.TOO_LARGE) if name.startswith(_OVER_LIMIT) else Scanned(Verdict.INFECTED, name)


def _address(url: str) -> tuple[str, int] | Path:
    parts = urlsplit(url)
    if parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1:
        return Path(parts.path)
    if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/"):
        return parts.hostname, parts.port
    raise ValueError("a malware scanner is at tcp://host:port or unix:///path")
