"""G26 and P3: what a large upload takes of the server's memory, whole as a form and in pieces.

    python -m tests.proof.big_uploads --megabytes 500

A real server over SQLite and local disk; the memory is that of the process that answers, looked at all the time.
"""

import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

import httpx
import psutil

from entrypoints.container import Container
from entrypoints.settings import Settings
from tests.benchmarks.serving import Server, enter_patients, serving, settings_in, token
from tests.proof.figure import Figure, command

MB = 2**20
TARGET = 32 * MB
_CHUNK = 256 * 1024
_BOUNDARY = "the-boundary-of-a-form"
_WORDS = {"target": "document", "patient_id": "ana", "document_type": "other", "title": "x", "filename": "x.txt"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """Bytes by which the server grew at most, and seconds that the upload took."""

    way: str
    bytes: int
    seconds: float


class Text:
    """`size` bytes of text, made again each time."""

    def __init__(self, size: int, seed: int) -> None:
        self._piece = Random(seed).randbytes(_CHUNK // 2).hex().encode()
        self.size = size
        seen = sha256()
        for chunk in self.chunks(0, size):
            seen.update(chunk)
        self.sha256 = seen.hexdigest()

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        for at in range(start, stop, _CHUNK):
            yield self._piece[: min(_CHUNK, stop - at)]


Way = Callable[[httpx.Client, Text], str]


def as_form(client: httpx.Client, text: Text) -> str:
    """The id of the document."""
    fields = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("document_type", "other"), ("title", "x"))
    )
    file = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield (fields + file).encode()
        yield from text.chunks(0, text.size)
        yield f"\r\n--{_BOUNDARY}--\r\n".encode()

    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    answer = client.post("/media/patients/ana/documents", content=body(), headers=headers)
    id: str = answer.raise_for_status().json()["data"]["id"]
    return id


def in_pieces(count: int) -> Way:
    def sent(client: httpx.Client, text: Text) -> str:
        said = ",".join(f"{name} {b64encode(word.encode()).decode()}" for name, word in _WORDS.items())
        tus = {"Tus-Resumable": "1.0.0"}
        begun = client.post("/uploads", headers={**tus, "Upload-Length": str(text.size), "Upload-Metadata": said})
        url = f"/uploads/{begun.raise_for_status().headers['Location'].rpartition('/')[2]}"
        step = -(-text.size // count // _CHUNK) * _CHUNK
        id = ""
        for start in range(0, text.size, step):
            headers = {**tus, "Upload-Offset": str(start), "Content-Type": "application/offset+octet-stream"}
            answer = client.patch(url, content=text.chunks(start, min(text.size, start + step)), headers=headers)
            id = answer.raise_for_status().headers.get("Upload-Document", "")
        return id

    return sent


WAYS: dict[str, Way] = {"form": as_form, "one piece": in_pieces(1), "four pieces": in_pieces(4)}


def measure(size: int, folder: Path) -> list[Grown]:
    """Raises where what was stored is not what was sent."""
    Container(settings=Settings(data_dir=str(folder))).upgrade_schema()
    settings = settings_in(folder) | {"CLINIC_MEDIA_SERVER__MAX_UPLOAD_BYTES": str(size)}
    with serving("entrypoints.asgi:app", settings) as server:
        enter_patients(server, ["ana"])
        headers = {"Authorization": f"Bearer {token()}"}
        with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=600) as client:
            for number, way in enumerate(WAYS.values()):  # what is loaded once is no growth
                way(client, Text(4 * MB, number))
            return [_grown(server, client, name, Text(size, 10 + number)) for number, name in enumerate(WAYS)]


def _grown(server: Server, client: httpx.Client, name: str, text: Text) -> Grown:
    # The process that answers: the server keeps it as a child.
    answering = max(server.process.children(), key=lambda process: process.memory_info().rss)
    before, begun = answering.memory_info().rss, time.monotonic()
    with _highest(answering) as highest:
        id = WAYS[name](client, text)
    stored = client.get(f"/media/documents/{id}").raise_for_status().json()["data"]
    assert (stored["file_size"], stored["sha256"]) == (text.size, text.sha256)
    return Grown(way=name, bytes=max(highest) - before, seconds=time.monotonic() - begun)


@contextmanager
def _highest(process: psutil.Process) -> Iterator[list[int]]:
    seen, is_over = [0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.02):
            seen[0] = max(seen[0], process.memory_info().rss)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        is_over.set()
        looking.join()


def figure(*, megabytes: int = 100) -> Figure:
    with tempfile.TemporaryDirectory() as name:
        grown = measure(megabytes * MB, Path(name))
    told = {each.way: f"{megabytes} MB: {each.bytes / MB:.1f} MB more, {each.seconds:.1f} s" for each in grown}
    return Figure(told, [f"{each.way} takes too much memory" for each in grown if each.bytes > TARGET])


if __name__ == "__main__":
    sys.exit(command(figure))
