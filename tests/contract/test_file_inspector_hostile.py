"""Files that are empty, damaged, over a limit, or made to harm: each gets one clear refusal."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian

from adapters.imaging.inspector import PillowInspector
from application.ports.inspecting import FileInspector, Inspected
from domain.errors import Unavailable, Unreadable
from tests import made_files

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BILLION_LAUGHS = '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><z>&b;</z>'

LARGE = made_files.saved(made_files.quadrants(1200, 900), "JPEG")
DAMAGED = {
    "half a JPEG": LARGE[: len(LARGE) // 2],
    "a JPEG's header": LARGE[:30],
    "half a PNG": made_files.png(200, 200)[:60],
    "a PNG sent as text": made_files.png(8, 8).replace(b"\r\n", b"\n"),
    "a GIF that is a script": b"GIF89a=1;alert(document.cookie);//",
    "half a WebP": made_files.turned("WEBP", 1)[:60],
    "half a TIFF": made_files.turned("TIFF", 1)[:200],
    "half a HEIC": made_files.turned("HEIF", 1)[:300],
    "a page with HEIC's first bytes": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic<html></html>",
    "a PDF's header": b"%PDF-1.7\n",
    "half a Word document": made_files.office()[:150],
    "half an Excel 97 table": made_files.compound("Workbook")[:600],
    "half a DICOM file": made_files.dicom()[:2000],
    "a DICOM file that is a program": made_files.dicom(preamble=b"MZ".ljust(128, b"\0")),
    "an archive hidden in a DICOM file": made_files.dicom(preamble=b"PK\x03\x04".ljust(128, b"\0")),
    "a film cut short": b"\0\0\0\x18ftypisom\0\0\0\0isommp42\0\0\xff\xffmoov",
}
OVER_A_LIMIT = {
    "pixels claimed by a PNG": made_files.claimed_png(65535, 65535),
    "pixels claimed by a GIF": b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2L\1\0;",
    "pixels claimed by a DICOM file": made_files.dicom(Rows=60000, Columns=60000),
    "parts of a document": made_files.archive({f"word/{n}.xml": "" for n in range(2001)}),
}


@pytest.fixture(scope="module")
async def inspector() -> AsyncIterator[FileInspector]:
    inspector = PillowInspector(workers=1)
    yield inspector
    await inspector.close()


async def _inspected(inspector: FileInspector, data: bytes, name: str = "file") -> Inspected:
    return await inspector.inspect(data, filename=name, now=NOW)


async def _refusal(inspector: FileInspector, data: bytes, name: str = "file") -> str:
    with pytest.raises(Unreadable) as refused:
        await _inspected(inspector, data, name)
    assert refused.value.field == "file"
    return refused.value.detail


async def test_an_empty_file_is_refused(inspector: FileInspector, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()

    assert "empty" in await _refusal(inspector, b"")
    with pytest.raises(Unreadable, match="empty"):
        await inspector.inspect(empty, filename="empty.jpg", now=NOW)


async def test_a_file_that_is_not_there_says_nothing_about_its_content(
    inspector: FileInspector, tmp_path: Path
) -> None:
    with pytest.raises(Unavailable):
        await inspector.inspect(tmp_path / "gone", filename="gone.jpg", now=NOW)


@pytest.mark.parametrize("what", DAMAGED)
async def test_damage_is_refused(inspector: FileInspector, what: str) -> None:
    assert await _refusal(inspector, DAMAGED[what])


@pytest.mark.parametrize("what", OVER_A_LIMIT)
async def test_what_is_over_a_limit_is_refused_by_its_header(inspector: FileInspector, what: str) -> None:
    assert "limit" in await _refusal(inspector, OVER_A_LIMIT[what])


async def test_the_limit_of_pixels_is_a_setting() -> None:
    strict = PillowInspector(workers=1, max_pixels=10_000)
    try:
        assert (await _inspected(strict, made_files.png(100, 100))).derivatives is not None
        assert "limit" in await _refusal(strict, made_files.png(101, 100))
    finally:
        await strict.close()


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
async def test_metadata_that_unpacks_to_too_much_is_left_out_and_the_picture_kept(
    inspector: FileInspector, kind: bytes
) -> None:
    packed = zlib.compress(bytes(20_000_000), 9)
    chunk = b"key\0\1\0\0\0" + packed if kind == b"iTXt" else b"key\0\0" + packed

    found = await _inspected(inspector, made_files.png(30, 20, (kind, chunk)))

    assert found.derivatives is not None
    assert (found.facts.width, found.facts.height) == (30, 20)


def _linked(name: str) -> bytes:
    buffer = io.BytesIO(made_files.office())
    with zipfile.ZipFile(buffer, "a") as packed:
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def _overlapping() -> bytes:
    """A document whose directory names one part twice."""
    plain = made_files.office(a_bin="x" * 100, b_bin="y" * 100)
    second, first = plain.rindex(b"PK\x01\x02"), plain.rindex(b"PK\x01\x02", 0, plain.rindex(b"PK\x01\x02"))
    return plain[: second + 42] + plain[first + 42 : first + 46] + plain[second + 46 :]


def _swollen() -> bytes:
    """A document whose directory says that a part unpacks to 201 MB."""
    plain = made_files.office(a_bin="x")
    size = plain.rindex(b"PK\x01\x02") + 24
    return plain[:size] + (201_000_000).to_bytes(4, "little") + plain[size + 4 :]


HARMFUL = {
    "entities": lambda: made_files.office(word__a_xml=BILLION_LAUGHS),
    "entities in UTF-16": lambda: made_files.office(word__a_xml=BILLION_LAUGHS.replace("", "\0")),
    "a way out": lambda: made_files.office(**{"____/____/etc/passwd": "x"}),
    "another way out": lambda: made_files.office(**{"____\\x": "x"}),
    "a root": lambda: made_files.office(**{"/etc/cron": "x"}),
    "a link": lambda: _linked("word/link"),
    "an overlap": _overlapping,
    "a bomb": _swollen,
}


@pytest.mark.parametrize("what", HARMFUL)
async def test_a_document_that_brings_harm_is_refused(inspector: FileInspector, what: str) -> None:
    assert await _refusal(inspector, HARMFUL[what](), "a.docx")


async def test_macros_make_a_document_another_type(inspector: FileInspector) -> None:
    types = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    data = made_files.archive({"[Content_Types].xml": types, "word/document.xml": ""})

    assert (await _inspected(inspector, data, "a.docx")).mime == "application/vnd.ms-office.macroEnabled"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.xml", BILLION_LAUGHS),
        ("a.txt", BILLION_LAUGHS),
        ("a.xml", "not a document"),
        ("a.json", "[" * 100_000),
        ("a.json", '{"a": 1'),
    ],
)
async def test_structured_text_that_no_reader_can_take_is_refused(
    inspector: FileInspector, name: str, text: str
) -> None:
    assert await _refusal(inspector, text.encode(), name)


async def test_a_deflated_dicom_that_inflates_without_end_is_refused() -> None:
    head = made_files.dicom(TransferSyntaxUID=DeflatedExplicitVRLittleEndian)
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(bytes(10_000_000)) for _ in range(20)) + packer.flush()
    modest = PillowInspector(workers=1, memory_bytes=150_000_000)
    try:
        assert "memory" in await _refusal(modest, head[: _dataset(head)] + bomb)
    finally:
        await modest.close()


async def test_sequences_within_sequences_end_somewhere(inspector: FileInspector) -> None:
    sound = made_files.dicom()
    start = _dataset(sound)
    opening = b"\x08\0\x10\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\0\xe0\xff\xff\xff\xff"

    assert "nested" in await _refusal(inspector, sound[:start] + opening * 2000 + sound[start:])


def _dataset(file: bytes) -> int:
    """Where a DICOM file's data begin, behind its preamble and the group about itself."""
    return 132 + 12 + int(struct.unpack_from("<I", file, 140)[0])


async def test_no_garbage_ends_in_anything_but_an_answer(inspector: FileInspector) -> None:
    rng = random.Random(7)
    sound = [made_files.turned(image_format, 6) for image_format in ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")] + [
        made_files.dicom(),
        made_files.pdf(),
        made_files.office(),
        made_files.compound("WordDocument"),
    ]
    for data in sound * 8:
        broken = bytearray(data)
        for _ in range(rng.randint(1, 12)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            found = await _inspected(inspector, bytes(broken))
        except Unreadable:
            continue
        assert found.fault is None
