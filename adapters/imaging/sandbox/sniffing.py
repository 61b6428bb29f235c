"""What a file is, told by its bytes."""

import re

import filetype

from adapters.imaging.sandbox import compound, containers, markup, office
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.refusal import Refusal, damaged
from domain import filetypes

_PDF_HEADER_WITHIN = 1024
_SIGNATURES = (
    (b"\xff\xd8\xff", filetypes.JPEG.mime),
    ((b"GIF87a", b"GIF89a"), filetypes.GIF.mime),
    ((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), filetypes.TIFF.mime),
)
_HEADER_BYTES = 8
"""A signature with less than this around it is not a file of its type."""
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_EXECUTABLE = re.compile(rb"MZ|\x7fELF|#!|\xca\xfe\xba\xbe|[\xce\xcf]\xfa\xed\xfe|PK\x03\x04")


def sniff(content: Content, extension: str) -> str | None:
    """The MIME type of the content, canonical as in `domain.filetypes` for accepted types; None if nothing known.

    `extension` only tells members of the text family apart. Raises `Refusal` for content that is empty, or that is
    plainly meant to be of an accepted type but broken.
    """
    if content.size == 0:
        raise Refusal("The file is empty.")
    head = content.head
    return (
        _picture(content, head)
        or _document(content, head)
        or markup.markup_type(head, extension)
        or _late_pdf(head)
        or _other(head)
        or markup.text_type(content, extension)
    )


def _picture(content: Content, head: bytes) -> str | None:
    # Before TIFF, whose signature many a DICOM preamble bears
    if head[128:132] == b"DICM":
        return _dicom(head)
    for signatures, mime in _SIGNATURES:
        if head.startswith(signatures) and len(head) > _HEADER_BYTES:
            return mime
    if head.startswith(b"\x89PNG") or (head[1:4] == b"PNG" and head[12:16] == b"IHDR"):
        return _png(head)
    if head.startswith(b"BM") and head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return filetypes.BMP.mime
    return containers.container_type(content, head)


def _document(content: Content, head: bytes) -> str | None:
    if head.startswith(b"%PDF-"):
        return filetypes.PDF.mime
    if head.startswith(_ZIP):
        return office.package_type(content)
    if head.startswith(compound.SIGNATURE):
        return compound.compound_type(content)
    return None


def _png(head: bytes) -> str | None:
    """The odd bytes in a PNG signature are there to show what careless transfers do to a file."""
    if not head.startswith(b"\x89PNG\r\n\x1a\n"):
        raise damaged("PNG picture")
    return filetypes.PNG.mime if len(head) > _HEADER_BYTES else None


def _dicom(head: bytes) -> str:
    if _EXECUTABLE.match(head):
        raise Refusal("The DICOM file is a program or an archive at the same time.")
    return filetypes.DICOM.mime


def _late_pdf(head: bytes) -> str | None:
    """PDF readers look for the header in the first kilobyte."""
    return filetypes.PDF.mime if 0 < head.find(b"%PDF-") < _PDF_HEADER_WITHIN else None


def _other(head: bytes) -> str | None:
    """Types that are never accepted, to say what was found."""
    kind = filetype.guess(head)
    mime = None if kind is None else str(kind.mime)
    return None if mime in filetypes.BY_MIME else mime
