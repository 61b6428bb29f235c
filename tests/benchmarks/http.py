"""P7, P11, P12: a gallery page and a cached thumb over HTTP, against Litestar with next to nothing in it; a document's
metadata, against the same without tokens, permissions and audit.

Both are served by granian with one worker and asked in turns, with tokens, permissions, audit and links switched on in
ours. What counts is requests per second of the server's own processor time: the machine is shared.
"""

import asyncio
import io
import random
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
from PIL import Image

from tests.benchmarks.clinics import REGULARS, database
from tests.benchmarks.reference_app import DATABASE, SIZE
from tests.benchmarks.serving import Server, enter_patients, serving, settings_in, token

DOCUMENTS = 60_000
_ROUNDS, _CONNECTIONS = 9, 4
_WHY_PICTURES = (
    "no part stands out any more: the statement, the row of the audit log, the line of the log and the sending are a "
    "tenth to a sixth each of what a picture costs; half as much would need the audit log of pictures to go"
)


@dataclass(frozen=True, slots=True)
class Load:
    """`times` requests make a round: enough for the processor's clock, which counts in hundredths of a second."""

    server: Server
    requests: Sequence[bytes]
    times: int


def cases() -> list[dict[str, object]]:
    """Rows of the benchmark table; requests per processor second, medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        shutil.copy(database(DOCUMENTS), folder / "clinic-media.db")
        ours = stack.enter_context(serving("entrypoints.asgi:app", settings_in(folder)))
        enter_patients(ours, ("ana", *(f"regular-{number}" for number in range(REGULARS))))
        thumb, size = _uploaded_thumb(ours)
        settings = {DATABASE: str(folder / "clinic-media.db"), SIZE: str(size)}
        reference = stack.enter_context(serving("tests.benchmarks.reference_app:app", settings))
        head = f"Host: x\r\nAuthorization: Bearer {token()}\r\n"
        galleries = [f"/api/v1/media/patients/regular-{number}/photos?page_size=60" for number in range(REGULARS)]
        asked = [_request(path, head) for path in galleries]
        pictures = [_request(thumb, "Host: x\r\n")]
        return [
            _case("P7 gallery page of 60 over HTTP", 0.6, Load(ours, asked, 300), Load(reference, asked, 300)),
            _case(
                f"P11 cached thumb of {size} bytes",
                0.5,
                Load(ours, pictures, 1000),
                Load(reference, [_request("/picture", "Host: x\r\n")], 2000),
            )
            | {"why": _WHY_PICTURES},
            _dearer(stack, folder, ours, thumb, head),
        ]


def _dearer(stack: ExitStack, folder: Path, ours: Server, thumb: str, head: str) -> dict[str, object]:
    """P12: the same application over the same database, with and without the three."""
    bare = stack.enter_context(serving("tests.benchmarks.unguarded_app:app", settings_in(folder)))
    one = [_request(thumb.partition("/download")[0], head)]
    row = _case("P12 metadata GET", 0, Load(bare, one, 1000), Load(ours, one, 1000))
    return row | {
        "case": "P12 metadata GET with tokens, permissions, audit, CPU us",
        "ours": round(1_000_000 / int(str(row["reference"]))),
        "reference": round(1_000_000 / int(str(row["ours"]))),
        "target": "<= 1.5",
    }


def _case(name: str, target: float, ours: Load, reference: Load) -> dict[str, object]:
    for load in (ours, reference):
        asyncio.run(_asked(load))
    mine, others = [], []
    for _ in range(_ROUNDS):
        mine.append(_rate(ours))
        others.append(_rate(reference))
    ratios = sorted(one / other for one, other in zip(mine, others, strict=True))
    return {
        "case": f"{name}, requests per CPU second",
        "ours": round(statistics.median(mine)),
        "reference": round(statistics.median(others)),
        "ratio": round(statistics.median(ratios), 2),
        "target": f">= {target}",
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
    }


def _rate(load: Load) -> float:
    before = load.server.cpu()
    asyncio.run(_asked(load))
    return load.times / (load.server.cpu() - before)


async def _asked(load: Load) -> None:
    """One round, over a few kept-alive connections."""
    numbers = iter(range(load.times))
    await asyncio.gather(*(_connection(load, numbers) for _ in range(_CONNECTIONS)))


async def _connection(load: Load, numbers: Iterator[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", load.server.port)
    for number in numbers:
        writer.write(load.requests[number % len(load.requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()
    await writer.wait_closed()


def _request(path: str, head: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\n{head}\r\n".encode()


def _uploaded_thumb(server: Server) -> tuple[str, int]:
    """The signed link of a photo's thumb, and its bytes."""
    spots = Image.frombytes("RGB", (40, 30), random.Random(7).randbytes(3_600)).resize((1600, 1200))
    content = io.BytesIO()
    spots.save(content, "JPEG", quality=90)
    answer = httpx.post(
        f"{server.url}/api/v1/media/patients/ana/photos",
        files={"file": ("a.jpg", content.getvalue(), "image/jpeg")},
        data={"media_category": "intraoral"},
        headers={"Authorization": f"Bearer {token()}"},
        timeout=30,
    )
    url: str = answer.raise_for_status().json()["data"]["thumb_url"]
    return url, len(httpx.get(f"{server.url}{url}").raise_for_status().content)


if __name__ == "__main__":
    for row in cases():
        print(*(f"{key}: {value}" for key, value in row.items()), sep="  ")
