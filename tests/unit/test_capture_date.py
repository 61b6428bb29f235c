"""When a picture was taken, as its EXIF or its DICOM header says."""

import struct
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.imaging.inspector import capture_date
from adapters.imaging.sandbox.dicom_dates import taken
from adapters.imaging.sandbox.exif import exif_of
from adapters.imaging.wire import Taken
from tests.made_files import exif

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIGITIZED, CHANGED = "2011:02:03 04:05:06", "2012:02:03 04:05:06"
ORIGINAL = "2010:02:03 04:05:06"


def _read(block: bytes, local: tzinfo = UTC) -> datetime | None:
    return capture_date(exif_of(block).taken, local, NOW)


def _exif(original: str | None = None, digitized: str | None = None, changed: str | None = None, **tags: Any) -> bytes:
    made = exif(original=original, **tags)
    if digitized:
        made.get_ifd(0x8769)[0x9004] = digitized
    if changed:
        made[0x0132] = changed
    return bytes(made.tobytes())


@pytest.mark.parametrize(
    ("stated", "year"),
    [
        ((ORIGINAL, DIGITIZED, CHANGED), 2010),
        ((None, DIGITIZED, CHANGED), 2011),
        ((None, None, CHANGED), 2012),
        (("0000:00:00 00:00:00", DIGITIZED, CHANGED), 2011),
        (("    :  :     :  :  ", None, CHANGED), 2012),
        (("1969:12:31 23:59:59", None, CHANGED), 2012),
        (("2026:03:03 00:00:00", DIGITIZED, None), 2011),
        ((None, None, None), None),
    ],
)
def test_the_first_date_that_makes_sense_is_believed(stated: tuple[str | None, ...], year: int | None) -> None:
    found = _read(_exif(*stated))

    assert (found and found.year) == year


def test_subseconds_and_offset_belong_to_their_own_date() -> None:
    block = _exif(ORIGINAL, None, CHANGED, x9291="7", x9290="5", x9011="+02:00", x9010="-03:00")
    (original, changed) = exif_of(block).taken

    assert original == Taken(datetime(2010, 2, 3, 4, 5, 6, 700_000), 120)  # noqa: DTZ001 - wall clock
    assert changed == Taken(datetime(2012, 2, 3, 4, 5, 6, 500_000), -180)  # noqa: DTZ001 - wall clock


@pytest.mark.parametrize("offset", ["+99:99", "+02", "0200", "+2:00", "abc", "+15:00", "+0²:00"])
def test_an_offset_that_is_none_is_left_out(offset: str) -> None:
    block = _exif(ORIGINAL, x9011=offset.encode("latin-1").decode("latin-1"))

    assert _read(block, timezone(timedelta(hours=1))) == datetime(2010, 2, 3, 3, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "date",
    [
        "2024:13:45 25:61:61",
        "2021:01:21 01:01:01';DROP TABLE documents;--",
        "9999:12:31 23:59:59",
        "0001:01:01 00:00:00",
        "",
        "yesterday",
    ],
)
def test_what_is_no_date_is_none(date: str) -> None:
    assert _read(_exif(date, x9011="-12:00")) is None
    assert _read(_exif(date, x9011="+14:00")) is None


def test_a_date_padded_with_nuls_or_written_with_dashes_is_read() -> None:
    assert _read(_exif("2010:02:03 04:05:06\0\0\0")) == datetime(2010, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert _read(_exif("2010-02-03 04:05:06")) == datetime(2010, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_a_local_date_takes_the_summer_time_of_its_day() -> None:
    madrid = ZoneInfo("Europe/Madrid")

    assert _read(_exif("2024:07:01 12:00:00"), madrid) == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert _read(_exif("2024:01:01 12:00:00"), madrid) == datetime(2024, 1, 1, 11, tzinfo=UTC)


@given(
    date=st.datetimes(datetime(1970, 1, 2), datetime(2026, 2, 27)),  # noqa: DTZ001 - wall clock
    offset=st.integers(-12 * 60, 14 * 60),
)
def test_what_a_camera_writes_is_what_is_read(date: datetime, offset: int) -> None:
    sign = "-" if offset < 0 else "+"
    hours, minutes = divmod(abs(offset), 60)
    block = _exif(
        date.strftime("%Y:%m:%d %H:%M:%S"), x9291=f"{date.microsecond:06d}", x9011=f"{sign}{hours:02d}:{minutes:02d}"
    )

    assert _read(block) == date.replace(tzinfo=timezone(timedelta(minutes=offset)))


@given(st.binary(max_size=300), st.sampled_from([b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b"Exif\0\0"]))
def test_no_bytes_whatever_break_the_reading(garbage: bytes, start: bytes) -> None:
    assert 1 <= exif_of(start + garbage).orientation <= 8


@given(at=st.integers(0, 200), value=st.integers(0, 255))
def test_a_changed_byte_never_breaks_the_reading(at: int, value: int) -> None:
    block = bytearray(_exif(ORIGINAL, DIGITIZED, CHANGED, x9011="+02:00"))
    block[at % len(block)] = value

    assert 1 <= exif_of(bytes(block)).orientation <= 8
    _read(bytes(block))


def test_a_directory_that_points_at_itself_ends() -> None:
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + entry + struct.pack("<I", 8)

    assert exif_of(block).taken == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            {"AcquisitionDateTime": "20240506070809.123", "StudyDate": "20200101"},
            datetime(2024, 5, 6, 7, 8, 9, 123_000, tzinfo=UTC),
        ),
        ({"AcquisitionDateTime": "20240506070809+0200"}, datetime(2024, 5, 6, 5, 8, 9, tzinfo=UTC)),
        ({"AcquisitionDateTime": "2024", "ContentDate": "20230102"}, datetime(2023, 1, 2, tzinfo=UTC)),
        ({"ContentDate": "20240506", "ContentTime": "0708"}, datetime(2024, 5, 6, 7, 8, tzinfo=UTC)),
        ({"ContentDate": "2024.05.06", "ContentTime": "07:08:09"}, datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)),
        (
            {"ContentDate": "20240506", "ContentTime": "070809", "TimezoneOffsetFromUTC": "-0530"},
            datetime(2024, 5, 6, 12, 38, 9, tzinfo=UTC),
        ),
        ({"StudyDate": "20240506", "StudyTime": "nonsense"}, datetime(2024, 5, 6, tzinfo=UTC)),
        ({"StudyDate": "20240506", "TimezoneOffsetFromUTC": "+9900"}, datetime(2024, 5, 6, tzinfo=UTC)),
        ({"StudyDate": "20241399", "StudyTime": "12"}, None),
        ({"StudyDate": "00010101"}, None),
        ({}, None),
    ],
)
def test_dicom_says_it_in_three_places(header: dict[str, str], expected: datetime | None) -> None:
    assert capture_date(taken(header), UTC, NOW) == expected
