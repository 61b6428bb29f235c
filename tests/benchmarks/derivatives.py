"""P1: what a photo's derivatives cost, against decoding the same photo once, and what other formats' cost.

Counted is all processor time of a whole inspection: finding the type, EXIF, thumb, medium and placeholder in the helper
process, and the service's own share of asking for it. The reference is the plainest decode that its library offers: at
half size where the format can (JPEG), whole where it cannot.
"""

import asyncio
import io
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pillow_heif
import psutil
from PIL import Image

from adapters.imaging.inspector import PillowInspector

TARGET = 1.6
_OTHERS_TARGET = 2.0
_ROUNDS, _OTHERS_ROUNDS = 15, 5
_SIZE = (4000, 3000)


def case() -> dict[str, object]:
    """One row of the benchmark table; processor milliseconds, medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "photo.jpg")
        path.write_bytes(photo())
        return asyncio.run(_measured(path, "P1 derivatives of a 12 MP JPEG, CPU ms", TARGET, _ROUNDS))


def cases() -> list[dict[str, object]]:
    """P1, and the same photo in the formats that cost more to decode."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            case(),
            *(
                asyncio.run(_measured(path, f"   the same as {name}", _OTHERS_TARGET, _OTHERS_ROUNDS))
                for name, path in _in_other_formats(Path(folder))
            ),
        ]


def _in_other_formats(folder: Path) -> Iterator[tuple[str, Path]]:
    with Image.open(io.BytesIO(photo())) as picture:
        exif = picture.info["exif"]
        picture.save(folder / "photo.jpg", "JPEG", quality=95, progressive=True, exif=exif)
        yield "progressive JPEG", folder / "photo.jpg"
        pillow_heif.from_pillow(picture).save(folder / "photo.heic", quality=80, exif=exif)
        yield "HEIC", folder / "photo.heic"
        picture.convert("L").convert("I").point(lambda value: value * 257).convert("I;16").save(
            folder / "photo.png", exif=exif
        )
        yield "16-bit grey PNG", folder / "photo.png"


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


async def _measured(path: Path, name: str, target: float, rounds: int) -> dict[str, object]:
    inspector = PillowInspector(workers=1)
    try:
        await _inspect(inspector, path)
        helper = psutil.Process().children()[-1].pid
        ours, reference = [], []
        for _ in range(rounds):
            reference.append(_decode(path))
            ours.append(await _cost(inspector, path, helper))
    finally:
        await inspector.close()
    ratios = sorted(mine / other for mine, other in zip(ours, reference, strict=True))
    return {
        "case": name,
        "ours": round(statistics.median(ours) * 1000, 1),
        "reference": round(statistics.median(reference) * 1000, 1),
        "ratio": round(statistics.median(ratios), 2),
        "target": f"<= {target:g}",
        "spread": f"{ratios[0]:.2f} to {ratios[-1]:.2f}",
    }


async def _cost(inspector: PillowInspector, path: Path, helper: int) -> float:
    before = time.process_time() + _time_of(helper)
    await _inspect(inspector, path)
    return time.process_time() + _time_of(helper) - before


async def _inspect(inspector: PillowInspector, path: Path) -> None:
    found = await inspector.inspect(path, filename=path.name, now=datetime.now(UTC))
    assert found.derivatives is not None
    assert found.facts.captured_at is not None


def _decode(path: Path) -> float:
    before = time.process_time()
    if path.suffix == ".heic":
        pillow_heif.open_heif(path).to_pillow()
    else:
        with Image.open(path) as picture:
            picture.draft("RGB", (_SIZE[0] // 2, _SIZE[1] // 2))
            picture.load()
    return time.process_time() - before


def _time_of(process: int) -> float:
    """Processor seconds of another process, to the nanosecond: its CPU clock, as Linux numbers them."""
    return time.clock_gettime((~process << 3) | 2)


if __name__ == "__main__":
    for row in cases():
        print(row)
