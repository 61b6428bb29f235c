"""Copies of pictures tell nothing beside the picture, and show exactly the same one."""

import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from adapters.imaging.inspector import PillowInspector
from adapters.imaging.sandbox import heif  # noqa: F401 - lets Pillow open HEIC here
from application.ports.stripping import STRIPPED
from domain.errors import Unreadable
from tests import made_files

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TAKEN = datetime(2025, 7, 9, 10, 11, 12, 340_000, tzinfo=UTC)
SECRETS = (b"Ana Garcia", b"SN-4711", b"note of the maker", b"xmp secret", b"a comment", b"behind the end")
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>xmp secret</x:xmpmeta>"


@pytest.fixture(scope="module")
async def inspector() -> AsyncIterator[PillowInspector]:
    inspector = PillowInspector(workers=1)
    yield inspector
    await inspector.close()


def telling() -> Image.Exif:
    """EXIF that tells as much as a telephone's."""
    exif = made_files.exif(
        orientation=6,
        original="2025:07:09 12:11:12",
        x9291="34",
        x9011="+02:00",
        xA431="SN-4711",
        x927C=b"note of the maker" * 9,
    )
    exif[0x013B] = "Ana Garcia"
    exif.get_ifd(0x8825).update({1: "N", 2: (41.0, 23.0, 7.0), 3: "E", 4: (2.0, 9.0, 1.0)})
    return exif


def jpeg() -> bytes:
    picture = made_files.quadrants()
    preview = made_files.saved(picture.resize((30, 20)), "JPEG")
    made = made_files.saved(picture, "JPEG", exif=telling(), xmp=XMP, comment=b"a comment", icc_profile=PROFILE)
    return made + preview + b"behind the end"


def png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Ana Garcia")
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    picture = made_files.quadrants().quantize()
    made = made_files.saved(picture, "PNG", exif=telling(), pnginfo=texts, icc_profile=PROFILE, transparency=3)
    return made + b"behind the end"


def webp(**options: object) -> bytes:
    return made_files.saved(
        made_files.quadrants(), "WEBP", exif=telling().tobytes(), xmp=XMP, icc_profile=PROFILE, **options
    )


def gif() -> bytes:
    frames = [made_files.quadrants().rotate(90 * turn) for turn in range(3)]
    return made_files.saved(frames[0], "GIF", save_all=True, append_images=frames[1:], loop=2, comment=b"a comment") + (
        b"behind the end"
    )


def tiff() -> bytes:
    exif = telling()
    exif[0x02BC] = XMP
    pages = [made_files.quadrants(), made_files.quadrants(64, 48)]
    return made_files.saved(
        pages[0], "TIFF", exif=exif.tobytes(), icc_profile=PROFILE, save_all=True, append_images=pages[1:]
    ) + (b"behind the end")


def heic() -> bytes:
    made = pillow_heif.from_pillow(made_files.quadrants())
    buffer = io.BytesIO()
    made.save(buffer, quality=80, exif=telling().tobytes(), xmp=XMP)
    return buffer.getvalue()


MADE = {
    "JPEG": ("image/jpeg", jpeg()),
    "PNG": ("image/png", png()),
    "WebP": ("image/webp", webp()),
    "WebP without loss": ("image/webp", webp(lossless=True)),
    "GIF": ("image/gif", gif()),
    "TIFF": ("image/tiff", tiff()),
    "HEIC": ("image/heic", heic()),
}


async def copied(inspector: PillowInspector, data: bytes, mime: str) -> bytes:
    pieces = await inspector.strip(data, mime)
    return b"".join(data[start:stop] if start < stop else new for start, stop, new in pieces)


def frames(data: bytes) -> list[tuple[str, tuple[int, int], bytes, object]]:
    found = []
    with Image.open(io.BytesIO(data)) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            pixels = image.tobytes()
            found.append((image.mode, image.size, pixels, image.info.get("icc_profile")))
    return found


@pytest.mark.parametrize(("mime", "data"), MADE.values(), ids=MADE)
async def test_a_copy_shows_the_same_and_tells_nothing(inspector: PillowInspector, mime: str, data: bytes) -> None:
    assert any(secret in data for secret in SECRETS)
    copy = await copied(inspector, data, mime)
    assert frames(copy) == frames(data)
    with Image.open(io.BytesIO(copy)) as image:
        assert image.getexif().get_ifd(0x8825) == {}
        assert not image.info.get("comment")
        assert not (image.info.get("xmp") or b"").strip()
    assert [secret for secret in SECRETS if secret in copy] == []


@pytest.mark.parametrize(("mime", "data"), MADE.values(), ids=MADE)
async def test_a_copy_stands_upright_and_keeps_its_date(inspector: PillowInspector, mime: str, data: bytes) -> None:
    copy = await copied(inspector, data, mime)
    before = await inspector.inspect(data, filename="a", now=NOW)
    after = await inspector.inspect(copy, filename="a", now=NOW)
    assert after.mime == before.mime == mime
    assert (after.facts, after.derivatives) == (before.facts, before.derivatives)
    assert after.facts.captured_at == (None if mime == "image/gif" else TAKEN)


@pytest.mark.parametrize(("mime", "data"), MADE.values(), ids=MADE)
async def test_a_copy_of_a_copy_is_the_same(inspector: PillowInspector, mime: str, data: bytes) -> None:
    once = await copied(inspector, data, mime)
    assert await copied(inspector, once, mime) == once


def test_every_type_is_tried() -> None:
    assert {mime for mime, _ in MADE.values()} == STRIPPED


@pytest.mark.parametrize(("mime", "data"), MADE.values(), ids=MADE)
async def test_no_copy_is_made_of_what_is_cut_off(inspector: PillowInspector, mime: str, data: bytes) -> None:
    for share in (0.3, 0.6):
        with pytest.raises(Unreadable):
            await copied(inspector, data[: int(len(data) * share)], mime)


async def test_the_large_kind_of_tiff_is_not_copied(inspector: PillowInspector) -> None:
    with pytest.raises(Unreadable, match="structure"):
        await inspector.strip(made_files.saved(made_files.quadrants(), "TIFF", big_tiff=True), "image/tiff")
