"""P4: a download of 20 MB, from the service and by nginx on its word (X-Accel-Redirect), against nginx alone with the
same file, which in the second case it sends in the same way and with such headers; where there is no nginx, against a
process that does nothing but sendfile.

What counts is what the clients see, megabytes a second, over connections that are kept: eight at once, as under every
other load here, which tells what the processor can do, and one by itself, which also waits for the disk and for
processes to wake up. The machine is shared, so ours and the reference take turns, and what is told is the
median of what each turn says.
"""

import re
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from timeit import timeit
from typing import TypeAlias

from entrypoints.container import Container
from entrypoints.settings import Auth, Settings
from tests.benchmarks.serving import ROOT, SECRET, enter_patients, serving, settings_in, token
from tests.proof.zip_memory import MB, upload
from tests.services.nginx import NGINX, nginx_before
from tests.services.ports import free_port, wait_for

SIZE = 20 * MB
_TURNS = 40
_DOWNLOADS = 40
"""In a turn, over all its connections: so many that how it begins and ends is a small part of it."""
_TOLD = {8: "eight at once", 1: "one by itself"}
_ASKED = 500
_PLAIN = """keepalive_requests 100000; location = /plain {{ alias {original}; }} location = /alike {{ alias {original};
    sendfile on; etag off; if_modified_since off; max_ranges 1;
    add_header ETag '"0000000000000000000000000000000000000000000000000000000000000000"';
    add_header Content-Security-Policy "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'";
    add_header X-Content-Type-Options nosniff; add_header Referrer-Policy no-referrer; add_header X-Request-ID 00000000;
}}
"""
"""The second says what deploy/nginx.conf says of files sent on the service's word, so that only the asking differs."""
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_WHY_SENT = (
    "at the edge, runs here differ by a tenth; an application that does nothing but read and send such chunks reached "
    "0.78 to 0.99, and checking the kept checksum of a whole download is what it lacks"
)
_WHY_FORWARDED = "at the edge, runs here differ by a few hundredths; an application that does nothing reached 0.99"
_WHY_WAITED = (
    "nginx begins when the service has answered, and the row of the audit log is on the disk before that: an "
    "application that does nothing but commit one row to SQLite, in a thread, reached 0.81 to 0.89. Beside it, a GET "
    "of the file's metadata by the same nginx, for which no disk is waited for, took {asked:.2f} ms here, and nginx "
    "alone {sent:.1f} ms for the file: {most:.2f} without the row"
)


def cases() -> list[dict[str, object]]:
    """Rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        ways = _ways(Path(name), stack)
        return [_case(way, at_once) for way in ways for at_once in _TOLD]


Source: TypeAlias = tuple[int, str]
"""A port of this machine, and the path there."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the file is sent, and with what that is compared. `asked` is something small where `ours` is: it tells what
    asking alone takes."""

    how: str
    target: float
    ours: Source
    reference: Source
    asked: Source | None = None


def _ways(folder: Path, stack: ExitStack) -> list[Way]:
    Container(settings=Settings(data_dir=str(folder), auth=Auth(secret=SECRET))).upgrade_schema()
    ours = stack.enter_context(serving("entrypoints.asgi:app", settings_in(folder)))
    enter_patients(ours, ["ana"])
    file = f"/api/v1/files/{upload(ours, 1, SIZE)[0]}"
    path = f"{file}/download"
    (original,) = (found for found in folder.rglob("original") if found.stat().st_size == SIZE)
    if NGINX is None:
        port = stack.enter_context(_bare(original))
        return [Way("by the service", 0.6, (ours.port, path), (port, "/"))]
    forwarding = settings_in(folder) | {"CLINIC_MEDIA_STORAGE__DOWNLOADS": "x-accel"}
    behind = stack.enter_context(serving("entrypoints.asgi:app", forwarding))
    front = stack.enter_context(
        nginx_before(behind.port, folder / "files", folder / "nginx", more=_PLAIN.format(original=original))
    )
    port = int(front.rpartition(":")[2])
    return [
        Way("by the service", 0.6, (ours.port, path), (port, "/plain")),
        Way("by nginx, X-Accel-Redirect", 0.9, (port, path), (port, "/alike"), asked=(port, file)),
    ]


class Connection:
    """Answers, thrown away as they come."""

    def __init__(self, port: int, path: str) -> None:
        self._request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n\r\n".encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._place = bytearray(MB)

    def get(self) -> int:
        """Bytes of the body."""
        self._socket.sendall(self._request)
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._received(self._place)
        head, _, body = head.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        size = int(_LENGTH.findall(head)[0])
        missing = size - len(body)
        while missing:
            missing -= len(self._received(memoryview(self._place)[:missing]))
        return size

    def _received(self, place: memoryview | bytearray) -> memoryview:
        count = self._socket.recv_into(place)
        assert count, "the server has closed the connection"
        return memoryview(place)[:count]

    def close(self) -> None:
        self._socket.close()


class Load:
    """So many connections, which download at once."""

    def __init__(self, source: Source, at_once: int) -> None:
        self._connections = [Connection(*source) for _ in range(at_once)]
        self._threads = ThreadPoolExecutor(at_once)
        self._each = _DOWNLOADS // at_once

    def rate(self) -> float:
        """Megabytes a second, over all of them."""
        before = perf_counter()
        got = sum(self._threads.map(self._downloaded, self._connections))
        return got / MB / (perf_counter() - before)

    def _downloaded(self, connection: Connection) -> int:
        return sum(connection.get() for _ in range(self._each))

    def close(self) -> None:
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()


def _case(way: Way, at_once: int) -> dict[str, object]:
    with closing(Load(way.ours, at_once)) as ours, closing(Load(way.reference, at_once)) as reference:
        turns = [(ours.rate(), reference.rate()) for _ in range(_TURNS + 1)]
    mine, others = zip(*turns[1:], strict=True)  # the first warms up
    ratios = statistics.quantiles((one / other for one, other in zip(mine, others, strict=True)), n=4)
    return {
        "case": f"P4 download of {SIZE // MB} MB sent {way.how}, {_TOLD[at_once]}, MB/s",
        "ours": round(statistics.median(mine)),
        "reference": round(statistics.median(others)),
        "ratio": round(ratios[1], 2),
        "target": f">= {way.target}",
        "spread": f"{ratios[0]:.2f} to {ratios[2]:.2f}",
        "why": _why(way, at_once, SIZE / MB / statistics.median(others)),
    }


def _why(way: Way, at_once: int, sending: float) -> str:
    """`sending` is how many seconds the reference takes."""
    if way.asked is None:
        return _WHY_SENT
    if at_once > 1:
        return _WHY_FORWARDED
    asking = _seconds(way.asked)
    return _WHY_WAITED.format(asked=asking * 1000, sent=sending * 1000, most=sending / (sending + asking))


def _seconds(source: Source) -> float:
    """Until an answer is there, by itself."""
    with closing(Connection(*source)) as connection:
        times = [timeit(connection.get, number=1) for _ in range(_ASKED)]
    return statistics.median(times)


@contextmanager
def _bare(file: Path) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "tests.benchmarks.sendfile", str(file), str(port)], cwd=ROOT)
    try:
        wait_for(port, process)
        yield port
    finally:
        process.kill()
        process.wait(30)


if __name__ == "__main__":
    for row in cases():
        print(*(f"{key}: {value}" for key, value in row.items()), sep="  ")
