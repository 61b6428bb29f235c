"""P10: 200 files of 4 MB taken along as one, against reading those files and computing their CRC-32.

What counts is megabytes per second of processor time. Over HTTP that is the server's, sending included, of which the
reference has none; the archive as it is made, without a server, shows what keeping the checksums of uploads saves.
"""

import asyncio
import json
import socket
import statistics
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from application.archives import Packed
from domain.access import Principal, Role
from domain.ids import ClinicId, DocumentId, UserId
from entrypoints.container import Container, opened
from entrypoints.settings import Auth, Settings
from tests.benchmarks.clinics import CLINIC
from tests.benchmarks.serving import SECRET, Server, enter_patients, serving, settings_in, token
from tests.proof.zip_memory import MB, upload

FILES, SIZE = 200, 4 * MB
_CHUNK = 256 * 1024
_ROUNDS = 5
_WHY_SENT = (
    "an application that does nothing but read the same files and send them by the same server reached 0.81: it is the "
    "sending, of which the reference has none, that costs"
)
_WHY_MADE = (
    "what is left is copying: once out of the system's memory without waiting for a disk, once for whoever sends it. "
    "Without the first, a slow disk would hold up everybody"
)
_ACTOR = Principal(clinic_id=ClinicId(CLINIC), user_id=UserId("dentist-1"), roles=frozenset({Role.DENTIST}))


def cases() -> list[dict[str, object]]:
    """Rows of the benchmark table; medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(data_dir=name, auth=Auth(secret=SECRET))
        Container(settings=settings).upgrade_schema()
        with serving("entrypoints.asgi:app", settings_in(folder)) as server:
            enter_patients(server, ["ana"])
            ids = upload(server, FILES, SIZE)
            originals = [path for path in folder.rglob("original") if path.is_file()]
            assert len(originals) == FILES
            request = _request(ids)
            sent = _case("sent over HTTP", 0.8, lambda: _sent(server, request), originals)
        made = asyncio.run(_made(settings, ids, originals))
    return [sent, made]


async def _made(settings: Settings, ids: Sequence[str], originals: Sequence[Path]) -> dict[str, object]:
    async with opened(settings) as container:
        packed: Packed = await container.zip_files()(_ACTOR, [DocumentId(id) for id in ids])
        ours, reference = [], []
        for _ in range(_ROUNDS):
            reference.append(_read(originals))
            before, size = time.process_time(), 0
            async for chunk in packed.archive.read(0, packed.archive.size):
                size += len(chunk)
            ours.append(size / MB / (time.process_time() - before))
    return _row("made, checksums kept", 2.0, ours, reference) | {"why": _WHY_MADE}


def _case(name: str, target: float, ours: Callable[[], float], originals: Sequence[Path]) -> dict[str, object]:
    ours()
    mine, others = [], []
    for _ in range(_ROUNDS):
        others.append(_read(originals))
        mine.append(ours())
    return _row(name, target, mine, others) | {"why": _WHY_SENT}


def _row(name: str, target: float, ours: Sequence[float], reference: Sequence[float]) -> dict[str, object]:
    ratios = sorted(one / other for one, other in zip(ours, reference, strict=True))
    return {
        "case": f"P10 zip of {FILES} x {SIZE // MB} MB {name}, MB per CPU second",
        "ours": round(statistics.median(ours)),
        "reference": round(statistics.median(reference)),
        "ratio": round(statistics.median(ratios), 2),
        "target": f">= {target:g}",
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
    }


def _read(originals: Sequence[Path]) -> float:
    before = time.process_time()
    for path in originals:
        crc = 0
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(_CHUNK):
                crc = zlib.crc32(chunk, crc)
    return FILES * SIZE / MB / (time.process_time() - before)


def _sent(server: Server, request: bytes) -> float:
    """One archive over a connection of its own, thrown away as it comes."""
    before, size = server.cpu(), 0
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(request)
        place = bytearray(1 << 20)
        while count := connection.recv_into(place):
            size += count
    assert size > FILES * SIZE
    return size / MB / (server.cpu() - before)


def _request(ids: Sequence[str]) -> bytes:
    body = json.dumps({"file_ids": ids}).encode()
    head = (
        f"POST /api/v1/files/zip HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    for row in cases():
        print(*(f"{key}: {value}" for key, value in row.items()), sep="  ")
