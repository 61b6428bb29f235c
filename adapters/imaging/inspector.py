"""`FileInspector` by Pillow and its likes, run in confined helper processes."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from adapters.imaging import wire
from adapters.imaging.pool import HelperPool, default_workers
from adapters.imaging.process import Cause, Lost
from application.ports.inspecting import Derivatives, FileInspector, Inspected, Source
from application.ports.stripping import MetadataStripper, Piece
from domain.errors import Unavailable, Unreadable
from domain.filetypes import extension_of
from domain.media import MediaFacts, plausible_capture

_ASTRAY = "A helper answered another question"
_MORE_BYTES = 1024
"""That a copy without metadata may have beyond the original: its own EXIF."""
_CPU_SHARE = 0.6
"""Of the wall-clock limit: a file that overruns it is at fault, one that only ran out of wall clock is not."""

_ITS_OWN_FAULT = {
    Cause.OVERRAN: "The file is over a decoding limit: it takes too much computing time.",
    Cause.CRASHED: "The file is damaged: decoding it failed.",
}


class PillowInspector(FileInspector, MetadataStripper):
    """Looks into files in a pool of helper processes, which start with the first file.

    `workers` is the number of helpers (cores - 1 by default, at least 1). `thumb_px` is a thumb's short side, its long
    side being at most twice that; `medium_px` is a medium's long side, at most. `seconds` and `memory_bytes` bound the
    work on one file: 0.6 of the seconds may be computed; a helper that does nothing for as long as `seconds` is lost,
    and so is one that has not got to the end after six times that, the machine being too busy. Capture dates that name
    no offset are taken in `timezone`.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        thumb_px: int = 384,
        medium_px: int = 1024,
        max_pixels: int = 100_000_000,
        timezone: tzinfo = UTC,
        seconds: float = 10.0,
        memory_bytes: int = 700_000_000,
    ) -> None:
        setup = wire.Setup(
            thumb_px=thumb_px,
            medium_px=medium_px,
            max_pixels=max_pixels,
            memory_bytes=memory_bytes,
            cpu_seconds=max(1, round(seconds * _CPU_SHARE)),
        )
        self._pool = HelperPool(setup, workers=workers or default_workers(), seconds=seconds)
        self._timezone = timezone

    async def inspect(self, source: Source, *, filename: str, now: datetime) -> Inspected:
        try:
            answer = await self._pool.ask(_job(source, extension=extension_of(filename)))
        except Lost as lost:
            answer, fault = _last_known(lost)
            return Inspected(answer.mime, self._facts(answer, now), fault=fault)
        if isinstance(answer, wire.Refused):
            raise Unreadable(answer.detail, field="file")
        if isinstance(answer, wire.Copied):
            raise Unavailable(_ASTRAY)
        return Inspected(answer.mime, self._facts(answer, now), _derivatives(answer))

    async def strip(self, source: Source, mime: str) -> Sequence[Piece]:
        try:
            answer = await self._pool.ask(_job(source, strip=mime))
        except Lost as lost:
            if own_fault := _ITS_OWN_FAULT.get(lost.cause):
                raise Unreadable(own_fault) from None
            raise Unavailable("The helper that makes copies was lost") from None
        if isinstance(answer, wire.Refused):
            raise Unreadable(answer.detail)
        if isinstance(answer, wire.Done):
            raise Unavailable(_ASTRAY)
        size = len(source) if isinstance(source, bytes) else (await asyncio.to_thread(source.stat)).st_size
        return _pieces(answer, size)

    async def close(self) -> None:
        await self._pool.close()

    def _facts(self, done: wire.Done, now: datetime) -> MediaFacts:
        return MediaFacts(
            width=done.width,
            height=done.height,
            captured_at=capture_date(done.taken, self._timezone, now),
            pages=done.pages,
        )


def capture_date(taken: tuple[wire.Taken, ...], local: tzinfo, now: datetime) -> datetime | None:
    """The first of the dates a file states that a camera can have meant, in UTC."""
    for date in taken:
        zone = local if date.offset_minutes is None else timezone(timedelta(minutes=date.offset_minutes))
        at = plausible_capture(date.at.replace(tzinfo=zone), now)
        if at is not None:
            return at
    return None


def _job(source: Source, extension: str = "", strip: str | None = None) -> wire.Job:
    if isinstance(source, Path):
        return wire.Job(extension=extension, strip=strip, path=str(source.absolute()))
    return wire.Job(extension=extension, strip=strip, data=source)


def _pieces(copied: wire.Copied, size: int) -> list[Piece]:
    """Checked, as a helper may have been taken over: in the order of the original, none outside of it."""
    at = added = 0
    for part in copied.pieces:
        added += part.zeros + len(part.data)
        if (part.stop and not at <= part.start <= part.stop <= size) or part.zeros < 0 or added > size + _MORE_BYTES:
            raise Unavailable(_ASTRAY)
        at = part.stop or at
    pieces = [Piece(part.start, part.stop, part.data or bytes(part.zeros)) for part in copied.pieces]
    return [piece for piece in pieces if piece.size]


def _derivatives(done: wire.Done) -> Derivatives | None:
    made = done.pictures
    return None if made is None else Derivatives(made.thumb, made.medium, made.placeholder)


def _last_known(lost: Lost) -> tuple[wire.Done, str | None]:
    """What is known of a file whose helper was lost, and the fault if it was not the file's."""
    own_fault = _ITS_OWN_FAULT.get(lost.cause)
    if isinstance(lost.known, wire.Sound):
        # Only the drawing failed: what the file itself brought on is not worth another try
        return lost.known.answer, None if own_fault else _fault(lost)
    if own_fault:
        raise Unreadable(own_fault, field="file")
    if lost.known is None:
        raise Unavailable("The helper that looks into files was lost")
    return wire.Done(mime=lost.known.mime), _fault(lost)


def _fault(lost: Lost) -> str:
    return f"A helper process {lost.cause.value}."
