"""Small real files of many kinds, and what looks into them without a helper process."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from PIL import Image

from adapters.imaging import wire
from adapters.imaging.inspector import capture_date
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.inspection import inspect
from adapters.imaging.sandbox.refusal import Refusal
from application.ports.inspecting import Derivatives, FileInspector, Inspected, Source
from domain.errors import Unreadable
from domain.filetypes import extension_of
from domain.media import MediaFacts

_SETUP = wire.Setup(thumb_px=16, medium_px=256, max_pixels=1_000_000, memory_bytes=0, cpu_seconds=0)
_TAKEN_TAG = 0x9003


@cache
def photo(number: int) -> bytes:
    """A JPEG like no other number's, taken on a day of March 2024."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[_TAKEN_TAG] = f"2024:03:{number % 28 + 1:02} 10:11:12"
    picture = Image.new("RGB", (48 + number % 7, 36), (number * 37 % 256, number * 91 % 256, 120))
    return _saved(picture, "JPEG", exif=exif, comment=f"number {number}")


@cache
def xray(number: int) -> bytes:
    return _saved(Image.linear_gradient("L").resize((40 + number % 20, 30 + number // 20 % 30)), "PNG")


def text(number: int) -> bytes:
    return f"Informe número {number}\n".encode() * (number % 5 + 1)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@dataclass
class InProcessInspector(FileInspector):
    """The code that runs in a helper process, run here. `faults` files from now on find their helper ended."""

    faults: int = 0
    _seen: dict[bytes, Inspected] = field(default_factory=dict)

    async def inspect(self, source: Source, *, filename: str, now: datetime) -> Inspected:
        data = source.read_bytes() if isinstance(source, Path) else source
        if (inspected := self._seen.get(data)) is None:
            inspected = self._seen[data] = _inspected(data, filename, now)
        if self.faults and inspected.derivatives:
            self.faults -= 1
            return Inspected(inspected.mime, inspected.facts, fault="A helper process was ended from outside.")
        return inspected

    async def close(self) -> None:
        """There is no helper to stop."""


def _inspected(data: bytes, filename: str, now: datetime) -> Inspected:
    try:
        done = inspect(Content(None, data), extension_of(filename), _SETUP, lambda _: None)
    except Refusal as refusal:
        raise Unreadable(refusal.detail, field="file") from refusal
    facts = MediaFacts(
        width=done.width, height=done.height, captured_at=capture_date(done.taken, UTC, now), pages=done.pages
    )
    if (made := done.pictures) is None:
        return Inspected(done.mime, facts)
    return Inspected(done.mime, facts, Derivatives(made.thumb, made.medium, made.placeholder))
