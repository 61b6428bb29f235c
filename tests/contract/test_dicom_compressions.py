"""Every way in which DICOM files come packed, by the files that pydicom itself is tested with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.uid import UID

from adapters.imaging.inspector import PillowInspector
from application.ports.inspecting import Inspected
from domain.errors import Unreadable
from tests import made_files

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

PACKED = {
    "MR_small_implicit.dcm": "1.2.840.10008.1.2",
    "MR_small.dcm": "1.2.840.10008.1.2.1",
    "image_dfl.dcm": "1.2.840.10008.1.2.1.99",
    "MR_small_bigendian.dcm": "1.2.840.10008.1.2.2",
    "SC_rgb_jpeg_dcmtk.dcm": "1.2.840.10008.1.2.4.50",
    "SC_rgb_jpeg_gdcm.dcm": "1.2.840.10008.1.2.4.70",
    "MR_small_jpeg_ls_lossless.dcm": "1.2.840.10008.1.2.4.80",
    "JPEGLSNearLossless_08.dcm": "1.2.840.10008.1.2.4.81",
    "MR_small_jp2klossless.dcm": "1.2.840.10008.1.2.4.90",
    "693_J2KI.dcm": "1.2.840.10008.1.2.4.91",
    "MR_small_RLE.dcm": "1.2.840.10008.1.2.5",
}
SAME = ["MR_small_implicit.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm", "MR_small_RLE.dcm"]
"""The scan of MR_small.dcm, packed without loss."""


@pytest.fixture(scope="module")
async def inspector() -> AsyncIterator[PillowInspector]:
    inspector = PillowInspector(workers=1)
    yield inspector
    await inspector.close()


def _path(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


async def _inspected(inspector: PillowInspector, name: str) -> Inspected:
    return await inspector.inspect(_path(name), filename=name, now=NOW)


@pytest.mark.parametrize(("name", "syntax"), PACKED.items(), ids=[UID(syntax).name for syntax in PACKED.values()])
async def test_there_is_a_picture_of_each(inspector: PillowInspector, name: str, syntax: str) -> None:
    header = pydicom.dcmread(_path(name), stop_before_pixels=True)
    assert header.file_meta.TransferSyntaxUID == syntax
    found = await _inspected(inspector, name)
    assert found.mime == "application/dicom"
    assert (found.facts.width, found.facts.height) == (header.Columns, header.Rows)
    assert found.derivatives is not None
    width, height = made_files.size(found.derivatives.medium)
    assert abs(width / height - header.Columns / header.Rows) < 0.02


async def test_what_no_decoder_here_knows_is_kept_without_a_picture(inspector: PillowInspector) -> None:
    """JPEG of 12 bits, which has gone out of use; the extra `dicom-gpl` brings a decoder."""
    found = await _inspected(inspector, "JPGExtended.dcm")
    assert (found.mime, found.facts.width, found.facts.height) == ("application/dicom", 256, 1024)
    assert found.fault is None
    assert (found.derivatives is not None) == (find_spec("libjpeg") is not None)


@pytest.mark.parametrize("name", SAME)
async def test_what_is_packed_without_loss_looks_the_same(inspector: PillowInspector, name: str) -> None:
    assert (await _inspected(inspector, name)).derivatives == (await _inspected(inspector, "MR_small.dcm")).derivatives


@pytest.mark.parametrize("length", [2**31 - 2, 2**32 - 2])
async def test_a_header_that_claims_more_than_there_is_is_damage_and_takes_no_memory(
    inspector: PillowInspector, tmp_path: Path, length: int
) -> None:
    """Only what begins like a DICOM file, with noise behind it; seen in old installations."""
    path = tmp_path / "study.dcm"
    for text in (b"\x0b\x00\x17\xc1UN\0\0" + length.to_bytes(4, "little"), b"\xc1\x17\x3c\x99" + bytes(range(200)) * 2):
        path.write_bytes(bytes(128) + b"DICM" + text)
        with pytest.raises(Unreadable, match="damaged"):
            await inspector.inspect(path, filename=path.name, now=NOW)
