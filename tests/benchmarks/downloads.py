"""P4: a download of 20 MB, from the service and by nginx on its word (X-Accel-Redirect), against nginx alone with the
same file, which in the second case it sends in the same way and with such headers; where there is no nginx, against a
process that does nothing but sendfile.

What counts is what the client sees, megabytes a second, over one connection that is kept; a download at a time. The
machine is shared, so of many turns, ours and the reference's, the best tenth of each tells what they can do.
"""

import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

from entrypoints.container import Container
from entrypoints.settings import Auth, Settings
from tests.benchmarks.serving import ROOT, SECRET, enter_patients, serving, settings_in, token
from tests.proof.zip_memory import MB, upload
from tests.services.nginx import NGINX, nginx_before
from tests.services.ports import free_port, wait_for

SIZE = 20 * MB
_TURNS = 80
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
    "an application that does nothing, asked by this nginx, reached 0.73: for each download two processes are woken, "
    "which takes half as long as nginx needs for the 20 MB. Ours also waits for the audit row to be on the disk"
)


def cases() -> list[dict[str, object]]:
    """Rows of the benchmark table; medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        Container(settings=Settings(data_dir=name, auth=Auth(secret=SECRET))).upgrade_schema()
        ours = stack.enter_context(serving("entrypoints.asgi:app", settings_in(folder)))
        enter_patients(ours, ["ana"])
        path = f"/api/v1/files/{upload(ours, 1, SIZE)[0]}/download"
        (original,) = (found for found in folder.rglob("original") if found.stat().st_size == SIZE)
        if NGINX is None:
            port = stack.enter_context(_bare(original))
            return [_case("sent by the service", 0.6, Load(ours.port, path), Load(port, "/"), _WHY_SENT)]
        forwarding = settings_in(folder) | {"CLINIC_MEDIA_STORAGE__DOWNLOADS": "x-accel"}
        behind = stack.enter_context(serving("entrypoints.asgi:app", forwarding))
        plain = f"location = /plain {{ alias {original}; }} location = /alike {{ alias {original}; {_ALIKE} }}"
        front = stack.enter_context(nginx_before(behind.port, folder / "files", folder / "nginx", more=plain))
        port = int(front.rpartition(":")[2])
        return [
            _case("sent by the service", 0.6, Load(ours.port, path), Load(port, "/plain"), _WHY_SENT),
            _case("sent by nginx, X-Accel-Redirect", 0.9, Load(port, path), Load(port, "/alike"), _WHY_FORWARDED),
        ]


class Load:
    """Downloads over one connection, thrown away as they come."""

    def __init__(self, port: int, path: str) -> None:
        self._request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n\r\n".encode()
        self._connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._place = bytearray(MB)

    def rate(self) -> float:
        """Megabytes a second, of one download."""
        before = perf_counter()
        self._connection.sendall(self._request)
        head = b""
        while b"\r\n\r\n" not in head:
            head += self._connection.recv(65536)
        head, _, body = head.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        missing = SIZE - len(body)
        while missing:
            missing -= self._connection.recv_into(self._place, min(missing, MB))
        return SIZE / MB / (perf_counter() - before)

    def close(self) -> None:
        self._connection.close()


def _case(name: str, target: float, ours: Load, reference: Load, why: str) -> dict[str, object]:
    mine, others = [], []
    for load in (ours, reference):
        load.rate()
    for _ in range(_TURNS):
        mine.append(ours.rate())
        others.append(reference.rate())
    for load in (ours, reference):
        load.close()
    best, half = [statistics.quantiles(rates, n=10)[8] for rates in (mine, others)], statistics.median
    return {
        "case": f"P4 download of {SIZE // MB} MB {name}, MB/s",
        "ours": round(best[0]),
        "reference": round(best[1]),
        "ratio": round(best[0] / best[1], 2),
        "target": f">= {target}",
        "spread": f"medians {half(mine):.0f} and {half(others):.0f}",
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
