"""P1: what a photo's derivatives cost, against decoding the same photo once at half size.

Counted is all processor time of a whole inspection: finding the type, EXIF, thumb, medium and placeholder in the helper
process, and the service's own share of asking for it.
"""

import asyncio
import io
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
from PIL import Image

from adapters.imaging.inspector import PillowInspector

TARGET = 1.6
_ROUNDS = 15
_SIZE = (4000, 3000)


def case() -> dict[str, object]:
    """One row of the benchmark table; processor milliseconds, medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "photo.jpg")
        path.write_bytes(photo())
        return asyncio.run(_measured(path))


def photo() -> bytes:
    """A baseline JPEG of 12 megapixels and about 3.8 MB: shapes of every scale, and a sensor's noise."""
    rng = random.Random(12)
    picture = Image.new("RGB", _SIZE, (128, 120, 112))
    for cells, weight in ((8, 0.5), (64, 0.3), (500, 0.25)):
        width, height = cells, cells * 3 // 4
        spots = Image.frombytes("RGB", (width, height), rng.randbytes(width * height * 3))
        picture = Image.blend(picture, spots.resize(_SIZE, Image.Resampling.BICUBIC), weight)
    grain = Image.frombytes("L", (1000, 750), rng.randbytes(750_000)).resize(_SIZE, Image.Resampling.BILINEAR)
    picture = Image.blend(picture, grain.convert("RGB"), 0.16)
    exif = Image.Exif()
    exif[0x0112], exif.get_ifd(0x8769)[0x9003] = 6, "2024:05:06 07:08:09"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=95, exif=exif)
    return buffer.getvalue()


async def _measured(jpeg: Path) -> dict[str, object]:
    inspector = PillowInspector(workers=1)
    try:
        await _inspect(inspector, jpeg)
        helper = psutil.Process().children()[-1].pid
        ours, reference = [], []
        for _ in range(_ROUNDS):
            reference.append(_decode_half(jpeg))
            ours.append(await _cost(inspector, jpeg, helper))
    finally:
        await inspector.close()
    ratios = sorted(mine / other for mine, other in zip(ours, reference, strict=True))
    return {
        "case": "P1 derivatives of a 12 MP JPEG, CPU ms",
        "ours": round(statistics.median(ours) * 1000, 1),
        "reference": round(statistics.median(reference) * 1000, 1),
        "ratio": round(statistics.median(ratios), 2),
        "target": f"<= {TARGET}",
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
    }


async def _cost(inspector: PillowInspector, jpeg: Path, helper: int) -> float:
    before = time.process_time() + _time_of(helper)
    await _inspect(inspector, jpeg)
    return time.process_time() + _time_of(helper) - before


async def _inspect(inspector: PillowInspector, jpeg: Path) -> None:
    found = await inspector.inspect(jpeg, filename=jpeg.name, now=datetime.now(UTC))
    assert found.derivatives is not None
    assert found.facts.captured_at is not None


def _decode_half(jpeg: Path) -> float:
    before = time.process_time()
    with Image.open(jpeg) as picture:
        picture.draft("RGB", (_SIZE[0] // 2, _SIZE[1] // 2))
        picture.load()
    return time.process_time() - before


def _time_of(process: int) -> float:
    """Processor seconds of another process, to the nanosecond: its CPU clock, as Linux numbers them."""
    return time.clock_gettime((~process << 3) | 2)


if __name__ == "__main__":
    print(*(f"{key}: {value}" for key, value in case().items()), sep="\n")
