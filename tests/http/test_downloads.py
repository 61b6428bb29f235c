"""Bytes: whole, in ranges, under conditions, with names."""

from email.utils import parsedate_to_datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import pytest
from PIL import Image

from application.recent import Shelf
from entrypoints.settings import Storage
from tests import made_files
from tests.http.places import ON_A_DISK
from tests.http.service import Clinic, Json, jpeg, problem_of, serving, settings_for

pytestmark = pytest.mark.anyio

CONTENT = bytes(range(48, 58)) * 10


@pytest.fixture
async def paper(clinic: Clinic, ana: str) -> Json:
    """A text of 100 bytes."""
    return await clinic.dentist.document(ana, file=("cuenta.txt", CONTENT, "text/plain"))


def path(document: Json) -> str:
    return f"/media/documents/{document['id']}/download"


async def test_an_original_is_sent_whole_and_safe(clinic: Clinic, paper: Json) -> None:
    answer = await clinic.dentist.get(path(paper))
    assert (answer.status_code, answer.content) == (200, CONTENT)
    head = answer.headers
    assert head["content-type"] == "text/plain"
    assert head["content-length"] == "100"
    assert head["content-disposition"] == 'attachment; filename="cuenta.txt"'
    assert head["etag"] == f'"{paper["sha256"]}"'
    assert head["accept-ranges"] == "bytes"
    assert head["cache-control"] == "private, no-store"
    assert head["x-content-type-options"] == "nosniff"
    assert head["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert head["referrer-policy"] == "no-referrer"
    parsedate_to_datetime(head["last-modified"])


async def test_head_says_the_same_without_the_bytes(clinic: Clinic, paper: Json) -> None:
    whole = await clinic.dentist.get(path(paper))
    head = await clinic.dentist.ask("HEAD", path(paper), headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.content) == (200, b"")
    varying = {"x-request-id"}
    assert {k: v for k, v in head.headers.items() if k not in varying} == {
        k: v for k, v in whole.headers.items() if k not in varying
    }


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=90-", 90, 100),
        ("bytes=90-999", 90, 100),
        ("bytes=-10", 90, 100),
        ("bytes=-1000", 0, 100),
        ("BYTES = 5 - 6", 5, 7),
    ],
)
async def test_a_range_is_sent_alone(clinic: Clinic, paper: Json, asked: str, start: int, stop: int) -> None:
    answer = await clinic.dentist.get(path(paper), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, CONTENT[start:stop])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/100"
    assert answer.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=1000-2000", "bytes=-0"])
async def test_a_range_outside_of_the_file_is_refused(clinic: Clinic, paper: Json, asked: str) -> None:
    answer = await clinic.dentist.get(path(paper), headers={"Range": asked})
    problem_of(answer, 416, "range_not_satisfiable")
    assert answer.headers["content-range"] == "bytes */100"


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes", "bytes=a-b", ""])
async def test_a_range_that_is_none_is_ignored(clinic: Clinic, paper: Json, asked: str) -> None:
    answer = await clinic.dentist.get(path(paper), headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, CONTENT)


async def test_if_range_sends_the_rest_only_of_the_same_file(clinic: Clinic, paper: Json) -> None:
    whole = await clinic.dentist.get(path(paper))

    async def status(condition: str) -> int:
        headers = {"Range": "bytes=5-", "If-Range": condition}
        return (await clinic.dentist.get(path(paper), headers=headers)).status_code

    assert await status(whole.headers["etag"]) == 206
    assert await status(whole.headers["last-modified"]) == 206
    assert await status('"another"') == 200
    assert await status("W/" + whole.headers["etag"]) == 200
    assert await status("Sat, 01 Jan 2000 00:00:00 GMT") == 200


async def test_what_the_client_has_is_not_sent_again(clinic: Clinic, paper: Json) -> None:
    whole = await clinic.dentist.get(path(paper))
    etag, changed = whole.headers["etag"], whole.headers["last-modified"]
    for headers in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"other", W/{etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": changed},
        {"If-None-Match": etag, "Range": "bytes=0-1"},
    ):
        answer = await clinic.dentist.get(path(paper), headers=headers)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag), headers
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
        {"If-None-Match": '"other"', "If-Modified-Since": changed},
    ):
        assert (await clinic.dentist.get(path(paper), headers=headers)).status_code == 200, headers


async def test_the_pictures_of_a_photo_are_sent_inline_and_may_be_kept(clinic: Clinic, ana: str) -> None:
    photo = await clinic.dentist.photo(ana, file=("Boca.heic.jpg", jpeg((1600, 1200)), "image/jpeg"))
    for variant, longest in (("thumb", 512), ("medium", 1024)):
        answer = await clinic.dentist.get(path(photo), params={"variant": variant})
        assert max(Image.open(BytesIO(answer.content)).size) == longest
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["content-disposition"] == f'inline; filename="Boca.heic-{variant}.jpg"'
        assert answer.headers["cache-control"].startswith("private, max-age=")
        again = await clinic.dentist.get(
            path(photo), params={"variant": variant}, headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        part = await clinic.dentist.get(path(photo), params={"variant": variant}, headers={"Range": "bytes=-5"})
        assert (part.status_code, part.content) == (206, answer.content[-5:])


def original_in(folder: Path) -> Path:
    (original,) = folder.rglob("original")
    return original


@pytest.mark.parametrize("how", ["stream", "x-accel"])
async def test_missing_bytes_are_told_before_an_answer_begins(
    tmp_path: Path, how: Literal["stream", "x-accel"]
) -> None:
    storage = Storage(downloads=how)
    async with serving(settings_for(tmp_path, storage=storage)) as service:
        clinic = Clinic(service, "c")
        photo = await clinic.dentist.photo(await clinic.patient("ana"))
        original = original_in(tmp_path)
        original.unlink()
        for answer in (
            await clinic.dentist.get(path(photo)),
            await clinic.dentist.get(path(photo), headers={"Range": "bytes=0-9"}),
            await clinic.service.client.get(photo["full_url"]),
            await clinic.dentist.get(path(photo), params={"metadata": "strip"}),
        ):
            assert "bytes are missing" in problem_of(answer, 503, "unavailable")["detail"]
        assert (await clinic.dentist.ask("HEAD", path(photo))).status_code == 503


@pytest.mark.parametrize("how", ["stream", "x-accel"])
@pytest.mark.parametrize(("method", "metadata"), [("GET", "keep"), ("GET", "strip"), ("HEAD", "keep")])
async def test_an_original_left_behind_by_a_crash_is_put_to_its_place(
    tmp_path: Path, how: Literal["stream", "x-accel"], method: str, metadata: str
) -> None:
    async with serving(settings_for(tmp_path, storage=Storage(downloads=how))) as service:
        clinic = Clinic(service, "c")
        photo = await clinic.dentist.photo(await clinic.patient("ana"))
        original = original_in(tmp_path)
        original.parent.rename(tmp_path / "files" / "staging" / photo["id"])
        answer = await clinic.dentist.ask(method, path(photo), params={"metadata": metadata})
        assert answer.status_code == 200
        assert original.exists()


async def test_a_picture_just_shown_is_at_hand(tmp_path: Path) -> None:
    async with serving(settings_for(tmp_path, storage=ON_A_DISK)) as service:
        clinic = Clinic(service, "c")
        photo = await clinic.dentist.photo(await clinic.patient("ana"))
        thumb = await clinic.dentist.get(path(photo), params={"variant": "thumb"})
        (tmp_path / "files").rename(tmp_path / "unplugged")
        again = await clinic.dentist.get(path(photo), params={"variant": "thumb"})
        assert (again.status_code, again.content) == (200, thumb.content)
        problem_of(await clinic.dentist.get(path(photo), params={"variant": "medium"}), 503, "unavailable")
        await clinic.dentist.delete(f"/media/documents/{photo['id']}")
        problem_of(await clinic.dentist.get(path(photo), params={"variant": "thumb"}), 404, "not_found")


def test_no_more_pictures_are_held_than_there_is_room_for() -> None:
    shelf = Shelf(capacity=10)
    for name in ("a", "b", "c"):
        shelf.put(name, b"1234")
    assert (shelf.take("a"), shelf.take("b")) == (None, b"1234")
    shelf.put("d", b"12")
    shelf.put("d", b"123456")
    assert (shelf.take("c"), shelf.take("b"), shelf.take("d")) == (None, b"1234", b"123456")
    shelf.put("large", bytes(11))
    assert shelf.take("large") is None


async def test_a_document_without_pictures_has_none(clinic: Clinic, paper: Json) -> None:
    for variant in ("thumb", "medium"):
        problem_of(await clinic.dentist.get(path(paper), params={"variant": variant}), 404, "not_found")
    problem_of(await clinic.dentist.get(path(paper), params={"variant": "huge"}), 400, "malformed")
    problem_of(await clinic.dentist.get(path(paper), params={"disposition": "sideways"}), 400, "malformed")


@pytest.mark.parametrize(
    ("name", "content", "declared", "shown", "sandboxed"),
    [
        ("a.jpg", jpeg(), "image/jpeg", True, True),
        ("a.pdf", made_files.pdf(), "application/pdf", True, False),
        ("a.txt", b"text", "text/plain", True, True),
        ("a.xml", b"<?xml version='1.0'?><result/>", "application/xml", False, True),
        ("a.dcm", made_files.dicom(), "application/dicom", False, True),
    ],
)
async def test_only_what_cannot_run_script_is_shown_in_place(
    clinic: Clinic, ana: str, name: str, content: bytes, declared: str, shown: bool, sandboxed: bool
) -> None:
    document = await clinic.dentist.document(ana, file=(name, content, declared))
    sent = await clinic.dentist.get(path(document), params={"disposition": "inline"})
    assert sent.headers["content-disposition"].startswith("inline" if shown else "attachment")
    assert sent.headers["content-security-policy"].startswith("sandbox") is sandboxed
    assert "default-src 'none'" in sent.headers["content-security-policy"]


@pytest.mark.parametrize(
    "name",
    [
        "informe año.txt",
        'di"cho.txt',
        "a;b=c.txt",
        "日本語.txt",
        "100%.txt",
        "e\u0301.txt",
        "back\\slash.txt",
        "😀.txt",
    ],
)
async def test_a_name_comes_back_as_it_was(clinic: Clinic, ana: str, name: str) -> None:
    document = await clinic.dentist.document(ana, file=(name, b"text", "text/plain"))
    sent: Any = (await clinic.dentist.get(path(document))).headers["content-disposition"]
    assert sent.isascii()
    _, _, extended = sent.partition("filename*=UTF-8''")
    plain = sent.removeprefix('attachment; filename="').partition('"')[0]
    assert (unquote(extended) if extended else plain) == document["original_filename"]
