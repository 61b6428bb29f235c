"""The derivatives: upright, the right size, the right colours, and nothing in them but the picture."""

import base64
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from adapters.imaging.inspector import PillowInspector
from application.ports.inspecting import Derivatives, FileInspector, Inspected
from tests import made_files

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "MRN-0099887"


@pytest.fixture(scope="module")
async def inspector() -> AsyncIterator[FileInspector]:
    inspector = PillowInspector(workers=1)
    yield inspector
    await inspector.close()


async def _inspected(inspector: FileInspector, data: bytes) -> Inspected:
    return await inspector.inspect(data, filename="picture", now=NOW)


async def _derivatives(inspector: FileInspector, data: bytes) -> Derivatives:
    made = (await _inspected(inspector, data)).derivatives
    assert made is not None
    return made


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
async def test_pictures_stand_upright_whichever_way_the_camera_was_held(
    inspector: FileInspector, image_format: str, orientation: int
) -> None:
    found = await _inspected(inspector, made_files.turned(image_format, orientation))

    assert (found.facts.width, found.facts.height) == (120, 80)
    assert found.derivatives is not None
    for picture in (found.derivatives.thumb, found.derivatives.medium):
        assert made_files.size(picture) == (120, 80)
        assert made_files.corners(picture) == made_files.CORNERS


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_heic_is_turned_once_and_not_twice(inspector: FileInspector, orientation: int) -> None:
    found = await _inspected(inspector, made_files.turned("HEIF", orientation))

    assert (found.facts.width, found.facts.height) == (120, 80)
    assert found.derivatives is not None
    assert made_files.corners(found.derivatives.thumb) == made_files.CORNERS


async def test_a_large_photo_held_sideways_is_upright_at_every_scale(inspector: FileInspector) -> None:
    stored = made_files.quadrants(3000, 4000).transpose(Image.Transpose.ROTATE_90)
    data = made_files.saved(stored, "JPEG", exif=made_files.exif(orientation=6).tobytes())

    found = await _inspected(inspector, data)

    assert (found.facts.width, found.facts.height) == (3000, 4000)
    assert found.derivatives is not None
    assert made_files.corners(found.derivatives.medium) == made_files.CORNERS
    assert made_files.corners(found.derivatives.thumb) == made_files.CORNERS


@pytest.mark.parametrize(
    ("size", "medium", "thumb"),
    [
        ((4096, 3072), (1024, 768), (512, 384)),
        ((2500, 2500), (1024, 1024), (384, 384)),
        ((6000, 1000), (1024, 171), (768, 128)),
        ((900, 600), (900, 600), (576, 384)),
        ((300, 200), (300, 200), (300, 200)),
        ((1, 1), (1, 1), (1, 1)),
        ((5000, 2), (1024, 1), (768, 1)),
    ],
)
@pytest.mark.parametrize("image_format", ["JPEG", "PNG"])
async def test_sizes_fit_their_boxes_and_nothing_is_enlarged(
    inspector: FileInspector,
    image_format: str,
    size: tuple[int, int],
    medium: tuple[int, int],
    thumb: tuple[int, int],
) -> None:
    made = await _derivatives(inspector, made_files.saved(Image.new("RGB", size, "teal"), image_format))

    assert made_files.size(made.medium) == medium
    assert made_files.size(made.thumb) == thumb


async def test_a_scaled_decode_just_below_the_medium_is_taken_as_it_is(inspector: FileInspector) -> None:
    made = await _derivatives(inspector, made_files.saved(Image.new("RGB", (4000, 3000), "teal"), "JPEG"))

    assert made_files.size(made.medium) == (1000, 750)
    assert made_files.size(made.thumb) == (512, 384)


async def test_the_sizes_are_settings() -> None:
    small = PillowInspector(workers=1, thumb_px=64, medium_px=200)
    try:
        made = await _derivatives(small, made_files.saved(Image.new("RGB", (1000, 500)), "PNG"))
    finally:
        await small.close()

    assert made_files.size(made.medium) == (200, 100)
    assert made_files.size(made.thumb) == (128, 64)


@pytest.mark.parametrize(
    ("colour", "mode", "shown"),
    [
        ((255, 0, 0), "RGB", (255, 0, 0)),
        (200, "L", (200, 200, 200)),
        ((0, 255, 255, 0), "CMYK", (255, 0, 0)),
        ((0, 0, 0, 255), "CMYK", (0, 0, 0)),
        ((255, 0, 0), "P", (255, 0, 0)),
        (1, "1", (255, 255, 255)),
        ((0, 0, 0, 0), "RGBA", (255, 255, 255)),
        ((255, 0, 0, 128), "RGBA", (255, 127, 127)),
        ((0, 0), "LA", (255, 255, 255)),
        ((90, 255, 255), "LAB", (255, 255, 255)),
    ],
)
async def test_colours_are_what_they_were_meant_to_be(
    inspector: FileInspector, mode: str, colour: object, shown: tuple[int, int, int]
) -> None:
    if mode == "P":
        image = Image.new("RGB", (40, 40), colour).quantize(4)  # type: ignore[arg-type]
    elif mode == "LAB":
        image = Image.merge("LAB", [Image.new("L", (40, 40), value) for value in (255, 128, 128)])
    else:
        image = Image.new(mode, (40, 40), colour)  # type: ignore[arg-type]
    image_format = "TIFF" if mode in ("CMYK", "LAB", "1") else "PNG"

    made = await _derivatives(inspector, made_files.saved(image, image_format))

    assert made_files.middle(made.medium) == pytest.approx(shown, abs=6)


async def test_a_cmyk_jpeg_of_a_print_shop_is_not_shown_as_its_negative(inspector: FileInspector) -> None:
    data = made_files.saved(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG")  # Pillow writes Adobe's marker

    assert made_files.middle((await _derivatives(inspector, data)).thumb) == pytest.approx((255, 0, 0), abs=6)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "I", "F", "CMYK", "YCbCr", "LAB"])
async def test_large_pictures_of_every_mode_are_made_small(inspector: FileInspector, mode: str) -> None:
    made = await _derivatives(inspector, made_files.saved(Image.new(mode, (5000, 500)), "TIFF"))

    assert made_files.size(made.medium) == (1024, 102)


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
async def test_a_deep_grey_picture_is_spread_over_its_own_range(inspector: FileInspector, image_format: str) -> None:
    column = [1000, 1500, 2000]  # of 65535: black to any viewer that does not look at the range
    image = Image.new("I;16", (90, 30))
    for x in range(90):
        for y in range(30):
            image.putpixel((x, y), column[x // 30])

    made = await _derivatives(inspector, made_files.saved(image, image_format))

    with Image.open(io.BytesIO(made.medium)) as medium:
        shown = [medium.convert("L").getpixel((x, 15)) for x in (10, 45, 80)]
    assert shown == pytest.approx([0, 128, 255], abs=8)


async def test_a_colour_profile_is_applied_and_left_behind(inspector: FileInspector) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = profile.replace("sRGB".encode("utf-16-be"), "GRBx".encode("utf-16-be"))
    swapped = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    data = made_files.saved(Image.new("RGB", (40, 40), (255, 0, 0)), "JPEG", icc_profile=swapped)

    made = await _derivatives(inspector, data)

    assert made_files.middle(made.thumb) == pytest.approx((0, 255, 0), abs=12)
    assert b"ICC_PROFILE" not in made.thumb + made.medium


async def test_a_broken_colour_profile_is_as_good_as_none(inspector: FileInspector) -> None:
    data = made_files.saved(Image.new("RGB", (40, 40), (255, 0, 0)), "JPEG", icc_profile=b"x" * 500)

    assert made_files.middle((await _derivatives(inspector, data)).thumb) == pytest.approx((255, 0, 0), abs=6)


async def test_only_the_first_frame_is_shown(inspector: FileInspector) -> None:
    first, second = Image.new("RGB", (40, 40), (255, 0, 0)), Image.new("RGB", (40, 40), (0, 0, 255))
    for image_format in ("GIF", "WEBP", "TIFF", "MPO"):
        data = made_files.saved(first, image_format, save_all=True, append_images=[second])

        shown = made_files.middle((await _derivatives(inspector, data)).thumb)

        assert shown == pytest.approx((255, 0, 0), abs=6), image_format


async def test_nothing_but_the_picture_is_left(inspector: FileInspector) -> None:
    image, texts = Image.new("RGB", (40, 40), "teal"), PngInfo()
    texts.add_text("Comment", SECRET)
    texts.add_itxt("XML:com.adobe.xmp", SECRET)
    block = made_files.exif(original="2024:05:06 07:08:09", xa430=SECRET)
    block[0x010E] = SECRET
    block.get_ifd(0x8825)[0x001D] = SECRET
    kept = {"exif": block.tobytes(), "xmp": SECRET.encode()}
    files = (
        made_files.saved(image, "JPEG", comment=SECRET, **kept),
        made_files.saved(image, "PNG", pnginfo=texts, exif=block.tobytes()),
        made_files.saved(image, "WEBP", **kept),
        made_files.saved(image, "GIF", comment=SECRET),
        made_files.saved(image, "TIFF", description=SECRET, artist=SECRET),
        made_files.saved(image, "JPEG") + b"PK\x03\x04" + SECRET.encode(),
        made_files.dicom(PatientName=SECRET, PatientID=SECRET),
    )
    for data in files:
        assert SECRET.encode() in data

        made = await _derivatives(inspector, data)

        for picture in (made.thumb, made.medium):
            assert SECRET.encode() not in picture
            with Image.open(io.BytesIO(picture)) as opened:
                assert not opened.getexif()
                assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


async def test_dicom_is_seen_through_its_window_and_its_inverse(inspector: FileInspector) -> None:
    ramp = bytes(range(64)) * 64  # left to right: 0 to 63
    window = {"WindowCenter": 20, "WindowWidth": 20}
    for photometric, expected in (("MONOCHROME2", [0, 0, 255]), ("MONOCHROME1", [255, 255, 0])):
        made = await _derivatives(inspector, made_files.dicom(ramp, PhotometricInterpretation=photometric, **window))

        with Image.open(io.BytesIO(made.medium)) as medium:
            shown = [medium.convert("L").getpixel((x, 32)) for x in (2, 8, 40)]
        assert shown == pytest.approx(expected, abs=8), photometric


async def test_dicom_without_a_window_shows_all_of_its_range(inspector: FileInspector) -> None:
    wide = b"".join((1000 + 10 * x).to_bytes(2, "little") for x in range(64)) * 64
    data = made_files.dicom(wide, BitsAllocated=16, BitsStored=12, HighBit=11)

    with Image.open(io.BytesIO((await _derivatives(inspector, data)).medium)) as medium:
        shown = [medium.convert("L").getpixel((x, 32)) for x in (1, 32, 62)]

    assert shown == pytest.approx([4, 129, 251], abs=8)


async def test_dicom_colour_and_its_first_frame_are_shown(inspector: FileInspector) -> None:
    frames = bytes((255, 0, 0)) * 4096 + bytes((0, 0, 255)) * 4096
    data = made_files.dicom(
        frames, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0, NumberOfFrames=2
    )

    assert made_files.middle((await _derivatives(inspector, data)).thumb) == pytest.approx((255, 0, 0), abs=6)


async def test_the_placeholder_is_a_thumbhash_of_the_pictures_colour(inspector: FileInspector) -> None:
    made = await _derivatives(inspector, made_files.saved(Image.new("RGB", (400, 300), (255, 0, 0)), "PNG"))

    packed = base64.b64decode(made.placeholder or "")
    header = int.from_bytes(packed[:3], "little")
    lightness, yellow, red = (header & 63) / 63, (header >> 6 & 63) / 31.5 - 1, (header >> 12 & 63) / 31.5 - 1
    assert (lightness, yellow, red) == pytest.approx((1 / 3, 0.5, 1), abs=0.02)
    assert len(packed) <= 25
