"""Copies without metadata, as clients get them."""

import io

import pytest
from litestar.exceptions import LitestarException
from PIL import Image

from tests.contract.test_metadata_stripper import MADE, SECRETS
from tests.http.service import Clinic, Json, problem_of
from tests.made_files import dicom

pytestmark = pytest.mark.anyio

STRIP = {"metadata": "strip"}
NAMES = {"image/jpeg": "a.jpg", "image/png": "a.png", "image/webp": "a.webp", "image/gif": "a.gif",
         "image/tiff": "a.tif", "image/heic": "a.heic"}  # fmt: skip


def path(document: Json) -> str:
    return f"/media/documents/{document['id']}/download"


async def sent(clinic: Clinic, patient: str, mime: str, data: bytes) -> Json:
    return await clinic.dentist.photo(patient, file=(NAMES[mime], data, mime))


@pytest.mark.parametrize(("mime", "data"), MADE.values(), ids=MADE)
async def test_the_original_stays_and_the_copy_tells_nothing(clinic: Clinic, ana: str, mime: str, data: bytes) -> None:
    photo = await sent(clinic, ana, mime, data)
    whole = await clinic.dentist.get(path(photo))
    copy = await clinic.dentist.get(path(photo), params=STRIP)
    assert whole.content == data
    assert copy.status_code == 200
    assert copy.headers["content-type"] == mime
    assert int(copy.headers["content-length"]) == len(copy.content)
    assert copy.headers["etag"] != whole.headers["etag"]
    assert [secret for secret in SECRETS if secret in copy.content] == []
    with Image.open(io.BytesIO(copy.content)) as one, Image.open(io.BytesIO(data)) as other:
        assert one.tobytes() == other.tobytes()


async def test_a_copy_can_be_asked_for_in_parts_and_under_conditions(clinic: Clinic, ana: str) -> None:
    photo = await sent(clinic, ana, *MADE["JPEG"])
    copy = await clinic.dentist.get(path(photo), params=STRIP)
    size = len(copy.content)
    for start, stop in ((0, 1), (0, size), (1, 50), (size // 2, size - 1), (size - 1, size)):
        headers = {"Range": f"bytes={start}-{stop - 1}"}
        part = await clinic.dentist.get(path(photo), params=STRIP, headers=headers)
        assert (part.status_code, part.content) == (206, copy.content[start:stop])
    again = await clinic.dentist.get(path(photo), params=STRIP, headers={"If-None-Match": copy.headers["etag"]})
    assert again.status_code == 304
    head = await clinic.dentist.ask("HEAD", path(photo), params=STRIP)
    assert (head.content, head.headers["content-length"]) == (b"", str(size))


async def test_pictures_have_no_metadata_to_strip(clinic: Clinic, ana: str) -> None:
    photo = await sent(clinic, ana, *MADE["JPEG"])
    thumb = await clinic.dentist.get(path(photo), params={"variant": "thumb"})
    assert (await clinic.dentist.get(path(photo), params={"variant": "thumb", **STRIP})).content == thumb.content


@pytest.mark.parametrize(
    ("name", "data", "mime"), [("a.dcm", dicom(), "application/dicom"), ("a.txt", b"text", "text/plain")]
)
async def test_other_types_are_not_handed_out_as_if_they_told_nothing(
    clinic: Clinic, ana: str, name: str, data: bytes, mime: str
) -> None:
    document = await clinic.dentist.document(ana, file=(name, data, mime))
    problem = problem_of(await clinic.dentist.get(path(document), params=STRIP), 422, "rule_violated")
    assert problem["errors"][0]["field"] == "metadata"


async def test_a_link_that_was_signed_for_the_original_gives_no_copy(clinic: Clinic, ana: str) -> None:
    photo = await sent(clinic, ana, *MADE["JPEG"])
    assert (await clinic.service.client.get(photo["full_url"] + "&metadata=strip")).status_code == 401


async def test_another_word_is_refused(clinic: Clinic, ana: str) -> None:
    photo = await sent(clinic, ana, *MADE["JPEG"])
    problem_of(await clinic.dentist.get(path(photo), params={"metadata": "some"}), 400, "malformed")


async def test_a_copy_of_bytes_that_were_changed_is_never_whole(clinic: Clinic, ana: str) -> None:
    photo = await sent(clinic, ana, *MADE["JPEG"])
    blobs = clinic.service.container.blobs()
    (key,) = [entry.key async for entry in blobs.entries() if entry.key.endswith(f"{photo['id']}/original")]
    content = bytearray(b"".join([chunk async for chunk in await blobs.read(key)]))
    content[-30] ^= 1  # behind the picture, so that the copy itself is the same
    await blobs.put(key, bytes(content))
    with pytest.raises(LitestarException, match="after response started"):
        await clinic.dentist.get(path(photo), params=STRIP)
