"""Small files of every kind, made on the spot: sound ones, damaged ones, and some that mean harm."""

import io
import struct
import zipfile
import zlib
from datetime import datetime
from typing import Any

import pillow_heif
from PIL import Image, ImageDraw
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

CORNERS = {"top left": "red", "top right": "green", "bottom left": "blue", "bottom right": "yellow"}
COLOURS = {"red": (255, 0, 0), "green": (0, 160, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}

_AS_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera held that way stores an upright scene."""

WORDS = "wordprocessingml.document"
SHEETS = "spreadsheetml.sheet"


def quadrants(width: int = 120, height: int = 80) -> Image.Image:
    """An upright scene: a colour in each corner, see `CORNERS`."""
    scene = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(scene)
    for corner, colour in CORNERS.items():
        left, top = (0 if "left" in corner else width // 2), (0 if "top" in corner else height // 2)
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=COLOURS[colour])
    return scene


def corners(picture: bytes) -> dict[str, str]:
    """The nearest of `COLOURS` in each corner of an encoded picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    found = {}
    for corner in CORNERS:
        x = image.width // 8 if "left" in corner else image.width * 7 // 8
        y = image.height // 8 if "top" in corner else image.height * 7 // 8
        found[corner] = min(COLOURS, key=lambda name: _distance(COLOURS[name], image.getpixel((x, y))))
    return found


def middle(picture: bytes) -> tuple[int, int, int]:
    """The colour in the middle of an encoded picture."""
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert("RGB")
    red, green, blue = image.getpixel((image.width // 2, image.height // 2))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def size(picture: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(picture)) as opened:
        return opened.size


def exif(*, orientation: int = 1, original: str | None = None, **tags: Any) -> Image.Exif:
    """EXIF as cameras write it; `tags` are further ones of the Exif directory by hexadecimal number (x9291=...)."""
    made = Image.Exif()
    made[0x0112] = orientation
    detail = made.get_ifd(0x8769)
    if original is not None:
        detail[0x9003] = original
    for number, value in tags.items():
        detail[int(number[1:], 16)] = value
    return made


def saved(image: Image.Image, image_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    if image_format == "HEIF":
        pillow_heif.from_pillow(image).save(buffer, quality=95, **options)
    else:
        image.save(buffer, image_format, **options)
    return buffer.getvalue()


def turned(image_format: str, orientation: int) -> bytes:
    """The scene of `quadrants` as a camera stores it that was held in this orientation."""
    scene = quadrants()
    stored = scene.transpose(_AS_STORED[orientation]) if orientation in _AS_STORED else scene
    if image_format == "TIFF":
        return saved(stored, "TIFF", tiffinfo={0x0112: orientation})
    return saved(stored, image_format, exif=exif(orientation=orientation).tobytes())


def png(width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8, colour: int = 0) -> bytes:
    """A PNG of zeros that may claim any size; `chunks` come before its pixels. Colour 0 is grey, 2 RGB, 6 RGBA."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    row = bytes(1 + width * {0: 1, 2: 3, 6: 4}[colour] * depth // 8)
    packer = zlib.compressobj(1)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    parts = ((b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def claimed_png(width: int, height: int) -> bytes:
    """A PNG header of any size, with next to nothing behind it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def office(kind: str = WORDS, **parts: str) -> bytes:
    """A Word or Excel document of few parts; `parts` are added, or replace those of the same name (with _ for .)."""
    main = "word/document.xml" if kind == WORDS else "xl/workbook.xml"
    contents = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types"><Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.'
        f'{kind}.main+xml"/></Types>',
        main: '<?xml version="1.0"?><document/>',
    }
    contents |= {name.replace("__", "/").replace("_", "."): text for name, text in parts.items()}
    return archive(contents)


def archive(contents: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in contents.items():
            packed.writestr(name, text)
    return buffer.getvalue()


def compound(*streams: str) -> bytes:
    """An OLE2 file (Office 97) with these streams in its directory, and nothing in them."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b"".join(_entry(name) for name in ("Root Entry", *streams)).ljust(512, b"\0")
    return bytes(header) + table + directory


def dicom(pixels: bytes = bytes(range(64)) * 64, **values: Any) -> bytes:
    """A DICOM secondary capture, 64 pixels square in 8 bits of grey unless `values` say otherwise."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = values.pop("TransferSyntaxUID", ExplicitVRLittleEndian)
    made = FileDataset("", {}, file_meta=meta, preamble=values.pop("preamble", bytes(128)))
    plain = {
        "SOPClassUID": SecondaryCaptureImageStorage,
        "SOPInstanceUID": meta.MediaStorageSOPInstanceUID,
        "Rows": 64,
        "Columns": 64,
        "BitsAllocated": 8,
        "BitsStored": 8,
        "HighBit": 7,
        "PixelRepresentation": 0,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "PixelData": pixels,
    }
    for keyword, value in (plain | values).items():
        if value is not None:
            setattr(made, keyword, value)
    buffer = io.BytesIO()
    made.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def pdf(content: str = "1 0 0 rg 0 0 200 100 re f", trailer: str = "") -> bytes:
    """A PDF of one page, 200 by 100 points, red from edge to edge."""
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<<>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
    )
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<</Size 5/Root 1 0 R{trailer}>>\n"
    return body + f"{end}startxref\n{len(body)}\n%%EOF".encode()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _entry(name: str) -> bytes:
    text = name.encode("utf-16-le")
    return text.ljust(64, b"\0") + struct.pack("<HB", len(text) + 2, 2) + bytes(61)


def _distance(one: tuple[int, ...], other: Any) -> int:
    return sum((mine - its) ** 2 for mine, its in zip(one, other, strict=True))
