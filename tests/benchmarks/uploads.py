"""P2: what a photo's upload costs the server in all, against decoding the same photo at half size and hashing it.

Counted is all processor time of the server's processes, its helpers included: receiving, hashing, storing, looking
into the file, its pictures, rows, events and audit, token and permissions.
"""

import hashlib
import statistics
import tempfile
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path

import httpx
from PIL import Image

from entrypoints.container import Container
from entrypoints.settings import Database, Settings
from tests.benchmarks.derivatives import photo
from tests.benchmarks.serving import Server, enter_patients, serving, settings_in, token

TARGET = 1.7
_ROUNDS, _UPLOADS = 7, 4


def case() -> dict[str, object]:
    """One row of the benchmark table; processor milliseconds a photo, medians of interleaved rounds."""
    jpeg = photo()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _migrate(folder)
        with serving("entrypoints.asgi:app", settings_in(folder)) as server:
            enter_patients(server, ["ana"])
            headers = {"Authorization": f"Bearer {token()}"}
            with closing(httpx.Client(base_url=server.url, headers=headers, timeout=60)) as client:
                return _measured(server, client, jpeg)


def _measured(server: Server, client: httpx.Client, jpeg: bytes) -> dict[str, object]:
    _upload(client, jpeg)
    ours, reference = [], []
    for _ in range(_ROUNDS):
        reference.append(_decode_and_hash(jpeg))
        before = server.cpu()
        for _ in range(_UPLOADS):
            _upload(client, jpeg)
        ours.append((server.cpu() - before) / _UPLOADS)
    ratios = sorted(mine / other for mine, other in zip(ours, reference, strict=True))
    return {
        "case": "P2 whole upload of a 12 MP JPEG, CPU ms",
        "ours": round(statistics.median(ours) * 1000, 1),
        "reference": round(statistics.median(reference) * 1000, 1),
        "ratio": round(statistics.median(ratios), 2),
        "target": f"<= {TARGET}",
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
    }


def _upload(client: httpx.Client, jpeg: bytes) -> None:
    client.post(
        "/api/v1/media/patients/ana/photos",
        files={"file": ("IMG_0001.JPG", jpeg, "image/jpeg")},
        data={"media_category": "intraoral"},
    ).raise_for_status()


def _decode_and_hash(jpeg: bytes) -> float:
    """Seconds for one photo, over as many as are uploaded in a round."""
    before = time.process_time()
    for _ in range(_UPLOADS):
        hashlib.sha256(jpeg).hexdigest()
        with Image.open(BytesIO(jpeg)) as picture:
            picture.draft("RGB", (picture.width // 2, picture.height // 2))
            picture.load()
    return (time.process_time() - before) / _UPLOADS


def _migrate(folder: Path) -> None:
    url = f"sqlite:///{folder / 'clinic-media.db'}"
    Container(settings=Settings(data_dir=str(folder), database=Database(url=url))).upgrade_schema()


if __name__ == "__main__":
    print(*(f"{key}: {value}" for key, value in case().items()), sep="\n")
