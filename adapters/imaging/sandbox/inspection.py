"""One file from its first byte to the answer."""

from collections.abc import Callable
from typing import TypeAlias

from adapters.imaging import wire
from adapters.imaging.sandbox import pictures
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.look import Look
from adapters.imaging.sandbox.sniffing import sniff
from domain import filetypes

Tell: TypeAlias = Callable[[wire.Sniffed | wire.Sound], None]


def inspect(content: Content, extension: str, setup: wire.Setup, tell: Tell) -> wire.Done:
    """Tells the type before anything is decoded, and a document's soundness before it is drawn. Raises `Refusal`."""
    mime = sniff(content, extension)
    tell(wire.Sniffed(mime))
    return _done(mime, _look_at(content, mime, setup, lambda look: tell(wire.Sound(_done(mime, look)))))


def _done(mime: str | None, look: Look) -> wire.Done:
    return wire.Done(
        mime=mime,
        width=look.width,
        height=look.height,
        pages=look.pages,
        taken=look.taken,
        pictures=look.pictures,
    )


def _look_at(content: Content, mime: str | None, setup: wire.Setup, is_sound: Callable[[Look], None]) -> Look:
    """Decoders that are large and seldom needed are loaded when the first file needs them."""
    if mime == filetypes.HEIC.mime:
        from adapters.imaging.sandbox import heif

        return heif.look_at(content, setup)
    if mime == filetypes.DICOM.mime:
        from adapters.imaging.sandbox import dicom

        return dicom.look_at(content, setup, is_sound)
    if mime == filetypes.PDF.mime:
        from adapters.imaging.sandbox import pdf

        return pdf.look_at(content, setup, is_sound)
    file_type = filetypes.BY_MIME.get(mime or "")
    return pictures.look_at(content, file_type.mime, setup) if file_type and file_type.picture else Look()
