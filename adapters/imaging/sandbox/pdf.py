"""PDF documents: how many pages, and a picture of the first."""

from collections.abc import Callable
from dataclasses import replace

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from adapters.imaging import wire
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.derivatives import pictures_of
from adapters.imaging.sandbox.look import Look
from adapters.imaging.sandbox.refusal import damaged

_LOCKED = {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}


def look_at(content: Content, setup: wire.Setup, is_sound: Callable[[Look], None]) -> Look:
    """Encrypted documents, and those whose first page cannot be drawn, are kept without a picture."""
    with content.open() as file:
        try:
            document = pypdfium2.PdfDocument(file)
        except pypdfium2.PdfiumError as error:
            if error.err_code in _LOCKED:
                return Look()
            raise damaged("PDF document") from error
        try:
            look = Look(pages=len(document))
            is_sound(look)
            return replace(look, pictures=_first_page(document, setup))
        finally:
            document.close()


def _first_page(document: pypdfium2.PdfDocument, setup: wire.Setup) -> wire.Pictures | None:
    if len(document) < 1:
        return None
    try:
        document.init_forms()  # so that what was filled in is drawn; the library runs no script
        image = _drawn(document[0], setup.medium_px)
    except (pypdfium2.PdfiumError, ValueError, OverflowError, ZeroDivisionError, MemoryError):
        return None
    return pictures_of(image, 1, None, thumb_px=setup.thumb_px, medium_px=setup.medium_px)


def _drawn(page: pypdfium2.PdfPage, medium_px: int) -> Image.Image:
    scale = medium_px / max(page.get_size())
    image: Image.Image = page.render(scale=scale).to_pil()
    return image.convert("RGB")
