"""P3 and P8: what uploads take of memory, and what they do to others: the slowest galleries while three clients upload.

The gallery is asked in turns of quiet and of three clients that upload photos of 12 MP without a pause. What counts is
what the client sees, so the machine should have nothing else to do.
"""

import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import httpx

from entrypoints.container import Container
from entrypoints.settings import Settings
from tests.benchmarks.derivatives import photo
from tests.benchmarks.serving import Server, enter_patients, serving, settings_in, token
from tests.proof import big_uploads
from tests.proof.zip_memory import MB

UPLOADERS, PHOTOS = 3, 60
_ROUNDS, _PAGES = 5, 300
_LARGE = 500 * MB


def cases() -> list[dict[str, object]]:
    """Rows of the benchmark table."""
    with tempfile.TemporaryDirectory() as name:
        grown = max(each.bytes for each in big_uploads.measure(_LARGE, Path(name))) / MB
    memory = {
        "case": f"P3 upload of {_LARGE // MB} MB, growth of RSS, MB",
        "ours": round(grown, 1),
        "reference": 0,
        "ratio": round(grown, 1),
        "target": "<= 16",
        "spread": "",
    }
    return [memory, _slowest()]


def _slowest() -> dict[str, object]:
    """Milliseconds; the median of interleaved rounds."""
    with tempfile.TemporaryDirectory() as name:
        Container(settings=Settings(data_dir=name)).upgrade_schema()
        with serving("entrypoints.asgi:app", settings_in(Path(name))) as server, _client(server) as client:
            enter_patients(server, ["ana", "luis"])
            jpeg = photo()
            for _ in range(PHOTOS):
                _upload(client, "ana", jpeg)
            idle, beside = [], []
            for _ in range(_ROUNDS):
                idle.append(_p99(client))
                with _uploading(server, jpeg):
                    beside.append(_p99(client))
    ratios = sorted(one / other for one, other in zip(beside, idle, strict=True))
    return {
        "case": f"P8 gallery p99 while {UPLOADERS} clients upload, ms",
        "ours": round(statistics.median(beside), 1),
        "reference": round(statistics.median(idle), 1),
        "ratio": round(statistics.median(ratios), 2),
        "target": "<= 4",
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
    }


def _p99(client: httpx.Client) -> float:
    times = []
    for _ in range(_PAGES):
        before = perf_counter()
        client.get("/media/patients/ana/photos?page_size=60").raise_for_status()
        times.append((perf_counter() - before) * 1000)
    return sorted(times)[int(_PAGES * 0.99)]


@contextmanager
def _uploading(server: Server, jpeg: bytes) -> Iterator[None]:
    is_over = threading.Event()

    def upload() -> None:
        with _client(server) as client:
            while not is_over.is_set():
                _upload(client, "luis", jpeg)

    uploaders = [threading.Thread(target=upload) for _ in range(UPLOADERS)]
    for each in uploaders:
        each.start()
    try:
        yield
    finally:
        is_over.set()
        for each in uploaders:
            each.join()


def _upload(client: httpx.Client, patient: str, jpeg: bytes) -> None:
    client.post(
        f"/media/patients/{patient}/photos",
        files={"file": ("IMG_0001.JPG", jpeg, "image/jpeg")},
        data={"media_category": "intraoral"},
    ).raise_for_status()


def _client(server: Server) -> httpx.Client:
    headers = {"Authorization": f"Bearer {token()}"}
    return httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=60)


if __name__ == "__main__":
    for row in cases():
        print(*(f"{key}: {value}" for key, value in row.items()), sep="  ")
