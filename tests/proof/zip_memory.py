"""A real server that hands out many files as one, and what it takes of memory for it.

`python -m tests.proof.zip_memory` does it with 200 files of 4 MB.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from zipfile import ZipFile

import httpx

from entrypoints.container import Container
from entrypoints.settings import Settings
from tests.benchmarks.serving import Server, enter_patients, serving, settings_in, token
from tests.proof.figure import Figure, command

MB = 2**20
TARGET = 16 * MB
_PAUSE = 1.5
"""Seconds for which the client stops reading: a server that goes on regardless fills its memory meanwhile."""


def measure(files: int, size: int, folder: Path) -> dict[str, float]:
    """Bytes by which the server's memory grows at most. Raises where what comes is not what was stored."""
    Container(settings=Settings(data_dir=str(folder))).upgrade_schema()
    with serving("entrypoints.asgi:app", settings_in(folder)) as server:
        enter_patients(server, ["ana"])
        ids = upload(server, files, size)
        packed, begun = folder / "taken.zip", time.monotonic()
        _take(server, ids[:1], packed, pause=0)
        before = _held(server)
        with _highest(server) as highest:
            _take(server, ids, packed, pause=_PAUSE)
        seconds = time.monotonic() - begun - _PAUSE
    with ZipFile(packed) as archive:
        assert archive.testzip() is None
        assert sum(info.file_size == size for info in archive.infolist()) == files
    return {"files": files, "bytes": size, "grown": highest[0] - before, "seconds": round(seconds, 1)}


def upload(server: Server, files: int, size: int) -> list[str]:
    """Texts of `size` bytes on a patient, no two alike; their ids."""
    text = Random(4).randbytes(size // 2).hex()
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=_headers(), timeout=60) as client:
        ids = []
        for number in range(files):
            content = f"{number:08}{text}"[:size]
            answer = client.post("/patient/ana/files", files={"file": (f"{number}.txt", content, "text/plain")})
            ids.append(answer.raise_for_status().json()["id"])
    return ids


def _take(server: Server, ids: list[str], target: Path, *, pause: float) -> None:
    url = f"{server.url}/api/v1/files/zip"
    with (
        target.open("wb") as file,
        httpx.stream("POST", url, json={"file_ids": ids}, headers=_headers(), timeout=60) as answer,
    ):
        answer.raise_for_status()
        for number, chunk in enumerate(answer.iter_bytes(256 * 1024)):
            if number == 4:
                time.sleep(pause)
            file.write(chunk)
        assert file.tell() == int(answer.headers["content-length"])


def _held(server: Server) -> int:
    """By the process that answers: the server keeps it as a child, beside those that look into files."""
    workers = [server.process, *server.process.children()]
    return max(worker.memory_info().rss for worker in workers)


@contextmanager
def _highest(server: Server) -> Iterator[list[int]]:
    """The most memory that the server has while the block lasts."""
    highest, is_over = [0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.005):
            highest[0] = max(highest[0], _held(server))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield highest
    finally:
        is_over.set()
        looking.join()


def _headers() -> dict[str, str]:
    return {"Authorization": f"Bearer {token()}"}


def figure(*, files: int = 200, megabytes: int = 4) -> Figure:
    with tempfile.TemporaryDirectory() as name:
        found = measure(files, megabytes * MB, Path(name))
    told = {
        "archive": f"{files} files of {megabytes} MB in {found['seconds']} s",
        "grown": f"{found['grown'] / MB:.1f} MB",
    }
    return Figure(told, ["it takes too much memory"] if found["grown"] >= TARGET else [])


if __name__ == "__main__":
    sys.exit(command(figure))
