"""The structures of copies: whatever stands between the parts of a picture stays out; nonsense is never vouched for."""

import struct
import zlib
from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.imaging.sandbox import gif_copy, heif_copy, jpeg_copy, png_copy, tiff_copy, webp_copy
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.copying import Pieces, woven
from adapters.imaging.sandbox.exif import Exif, exif_of
from adapters.imaging.sandbox.exif_block import exif_block
from adapters.imaging.sandbox.refusal import Refusal
from adapters.imaging.sandbox.stripping import strip
from adapters.imaging.wire import Taken
from tests.contract.test_metadata_stripper import MADE
from tests.made_files import quadrants, saved

COPIES = {
    "image/jpeg": jpeg_copy.pieces_of,
    "image/png": png_copy.pieces_of,
    "image/webp": webp_copy.pieces_of,
    "image/gif": gif_copy.pieces_of,
    "image/tiff": tiff_copy.pieces_of,
    "image/heic": heif_copy.pieces_of,
}
PLAIN_JPEG = saved(quadrants(), "JPEG")
PLAIN_PNG = saved(quadrants(), "PNG")
SECRET = b"where and whose"

noise = st.binary(max_size=40).map(lambda data: SECRET + data)
foreign_segments = st.builds(
    lambda marker, text: bytes((0xFF, marker)) + struct.pack(">H", 2 + len(text)) + text,
    st.sampled_from([0xE1, 0xE2, 0xE3, 0xEC, 0xED, 0xEF, 0xFE]),
    noise,
)
foreign_chunks = st.builds(
    lambda name, text: struct.pack(">I", len(text)) + name + text + struct.pack(">I", zlib.crc32(name + text)),
    st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"vpAg", b"zxIF"]),
    noise,
)


def put_together(data: bytes, pieces: Pieces) -> bytes:
    return b"".join(data[part.start : part.stop] + part.data + bytes(part.zeros) for part in pieces)


def copy_of(data: bytes, make: Callable[[bytes, bytes], Pieces], exif: bytes = b"") -> bytes:
    return put_together(data, make(data, exif))


@given(st.lists(foreign_segments, max_size=5), st.binary(max_size=50))
def test_a_jpeg_is_the_same_copy_whatever_was_added_to_it(segments: list[bytes], behind: bytes) -> None:
    added = PLAIN_JPEG[:2] + b"".join(segments) + PLAIN_JPEG[2:] + behind
    assert copy_of(added, jpeg_copy.pieces_of) == copy_of(PLAIN_JPEG, jpeg_copy.pieces_of) == PLAIN_JPEG


@given(st.lists(foreign_chunks, max_size=5), st.lists(foreign_chunks, max_size=2), st.binary(max_size=50))
def test_a_png_is_the_same_copy_whatever_was_added_to_it(early: list[bytes], late: list[bytes], behind: bytes) -> None:
    head, end = PLAIN_PNG[:33], PLAIN_PNG[-12:]
    added = head + b"".join(early) + PLAIN_PNG[33:-12] + b"".join(late) + end + behind
    assert copy_of(added, png_copy.pieces_of) == PLAIN_PNG


@given(st.integers(1, 8), st.sampled_from(["1999:12:31 23:59:58", "2025:07:09 12:11:12"]), st.integers(0, 999_999),
       st.none() | st.integers(-14 * 60, 14 * 60))  # fmt: skip
def test_what_stays_of_exif_is_read_as_it_was(orientation: int, date: str, subsec: int, offset: int | None) -> None:
    exif = exif_of(b"")
    exif.orientation = orientation
    read = exif_of(exif_block(exif))
    assert read.orientation == orientation
    assert read.taken == ()
    exif.taken = (_taken(date, subsec, offset),)
    read = exif_of(exif_block(exif))
    assert (read.orientation, read.taken) == (exif.orientation, exif.taken)


def _taken(date: str, subsec: int, offset: int | None) -> Taken:
    at = datetime.strptime(date, "%Y:%m:%d %H:%M:%S").replace(microsecond=subsec)  # noqa: DTZ007 - as cameras do
    return Taken(at, offset)


@given(st.sampled_from(sorted(MADE)), st.data())
def test_a_damaged_file_is_copied_within_its_bounds_or_not_at_all(name: str, data: st.DataObject) -> None:
    mime, whole = MADE[name]
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = bytearray(whole)
    damaged[at : at + 4] = data.draw(st.binary(min_size=1, max_size=4))
    try:
        copied = strip(Content(None, bytes(damaged)), mime)
    except Refusal:
        return
    assert all(0 <= part.start <= part.stop <= len(damaged) for part in copied.pieces)
    assert len(put_together(bytes(damaged), list(copied.pieces))) <= len(damaged) + 200


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)).map(sorted).map(tuple), max_size=9))
def test_what_is_woven_is_as_long_as_the_original(spans: list[tuple[int, int]]) -> None:
    data = bytes(range(1, 101))
    made = put_together(data, woven(len(data), spans, []))
    assert len(made) == len(data)
    covered = {at for start, stop in spans for at in range(start, stop)}
    assert [at for at in range(100) if made[at]] == sorted(covered)


def test_exif_that_says_nothing_is_left_out() -> None:
    assert exif_block(Exif(lambda *_: b"")) == b""


@pytest.mark.parametrize("mime", COPIES)
def test_nothing_is_copied_of_nonsense(mime: str) -> None:
    with pytest.raises(Refusal):
        strip(Content(None, b"nonsense" * 20), mime)
