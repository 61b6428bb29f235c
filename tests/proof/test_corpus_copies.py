"""Copies without metadata of the corpus' pictures: the same pixels, the same facts, and nothing that cameras tell."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFile

from adapters.imaging.inspector import PillowInspector
from adapters.imaging.sandbox import heif  # noqa: F401 - lets Pillow open HEIC here
from application.ports.stripping import STRIPPED
from domain.errors import Unreadable

pytestmark = pytest.mark.anyio

NOW = datetime(2100, 1, 1, tzinfo=UTC)
KINDS = {"jpeg_exif", "orientation", "png", "gif", "webp", "tiff", "heic"}
ONE_IN = 12
MOST_PIXELS = 20_000_000
GPS, MAKER_NOTE, SERIAL, ARTIST = 0x8825, 0x927C, 0xA431, 0x013B


@pytest.fixture(scope="module")
async def inspector() -> AsyncIterator[PillowInspector]:
    inspector = PillowInspector(workers=1)
    yield inspector
    await inspector.close()


@pytest.fixture(scope="module")
def pictures(corpus: Path) -> list[Path]:
    files: list[dict[str, Any]] = json.loads((corpus / "MANIFEST.json").read_text())["files"]
    return [corpus / entry["file"] for entry in files if entry["kind"] in KINDS]


async def test_pictures_can_be_copied_without_metadata(
    pictures: list[Path], inspector: PillowInspector, pytestconfig: pytest.Config
) -> None:
    """A sample of them, or all at full size (a minute)."""
    is_full = pytestconfig.getoption("--hypothesis-profile") == "proof"
    await _assert_copied(pictures if is_full else pictures[::ONE_IN], inspector)


async def _assert_copied(pictures: list[Path], inspector: PillowInspector) -> None:
    copied, unsure, wrong = 0, [], []
    for path in pictures:
        data = path.read_bytes()
        try:
            before = await inspector.inspect(path, filename=path.name, now=NOW)
        except Unreadable:
            continue
        if before.mime not in STRIPPED:
            continue
        try:
            pieces = await inspector.strip(path, before.mime)
        except Unreadable:
            unsure.append(path.name)
            continue
        copy = b"".join(data[start:stop] if start < stop else new for start, stop, new in pieces)
        copied += 1
        if await inspector.inspect(copy, filename=path.name, now=NOW) != before:
            wrong.append(f"{path.name}: other facts or pictures")
        wrong += [f"{path.name}: {what}" for what in _differences(data, copy)]
    print(f"\n{copied} copied, {len(unsure)} not: {unsure}")
    assert wrong == []
    assert len(unsure) <= max(2, 0.05 * copied)


def _differences(data: bytes, copy: bytes) -> list[str]:
    with _opened(data) as before, _opened(copy) as after:
        exif = after.getexif()
        told = [tag for tag in (GPS, MAKER_NOTE, SERIAL, ARTIST) if tag in exif or tag in exif.get_ifd(0x8769)]
        wrong = [f"tells {tag:#x}" for tag in told]
        if before.width * before.height <= MOST_PIXELS and before.tobytes() != after.tobytes():
            wrong.append("other pixels")
        return wrong


def _opened(data: bytes) -> ImageFile.ImageFile:
    return Image.open(io.BytesIO(data))
