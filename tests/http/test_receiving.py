"""Uploads as clients send them, and as they should not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.access import Permission
from domain.errors import DomainError, Malformed, TooLarge, Unsupported
from entrypoints.http.problems import TooSlow
from entrypoints.http.receiving import Form, Limits, receive_form
from tests.http.service import MAX_UPLOAD, Clinic, data_of, jpeg, problem_of
from tests.staging import Kept

pytestmark = pytest.mark.anyio

LIMITS = Limits(file=1000, field=100, fields=300, parts=6, header=200, idle=60, grace=60, slowest=1e9)
IMPATIENT = replace(LIMITS, idle=0.05, grace=0.05)


def part(name: str, content: bytes, *, filename: str | None = None, more: bytes = b"") -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n'.encode()
    return head + more + b"\r\n" + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--B--\r\n"


FILE = part("file", b"content", filename="a.txt", more=b"Content-Type: text/plain\r\n")


async def received(
    content: bytes, *, step: int = 7, media_type: str = "multipart/form-data; boundary=B", limits: Limits = LIMITS
) -> tuple[Form, bytes]:
    """What becomes of a body that arrives in pieces of `step` bytes."""
    pieces = [content[at : at + step] for at in range(0, len(content), step)] or [b""]
    messages = iter(
        {"type": "http.request", "body": piece, "more_body": number < len(pieces)}
        for number, piece in enumerate(pieces, 1)
    )
    blob = Kept()
    scope: Any = {"headers": [(b"content-type", media_type.encode())]}

    async def receive() -> Any:
        return next(messages)

    return await receive_form(scope, receive, blob, limits), blob.content


@pytest.mark.parametrize("step", [1, 2, 7, 64, 4096])
async def test_texts_may_come_before_and_after_the_file(step: int) -> None:
    form, content = await received(body(part("a", b"1"), FILE, part("b", "ñ".encode()), part("a", b"2")), step=step)
    assert content == b"content"
    assert (form.filename, form.declared, form.size) == ("a.txt", "text/plain", 7)
    assert form.fields == {"a": ["1", "2"], "b": ["ñ"]}


REFUSED: dict[str, tuple[bytes, type[DomainError]]] = {
    "no file": (body(part("a", b"1")), Malformed),
    "two files": (body(FILE, FILE), Malformed),
    "a file elsewhere": (body(FILE, part("other", b"x", filename="b.txt")), Malformed),
    "nothing": (b"", Malformed),
    "no end": (FILE, Malformed),
    "cut inside of a header": (FILE[:20], Malformed),
    "garbage": (b"garbage" * 40, Malformed),
    "garbage before": (b"x" + body(FILE), Malformed),
    "no disposition": (b"--B\r\n\r\nx\r\n--B--\r\n", Malformed),
    "bare line feeds": (body(FILE).replace(b"\r\n", b"\n"), Malformed),
    "a long header": (body(part("file", b"x", filename="a" * 300)), Malformed),
    "an endless header": (b"--B\r\n" + b"x" * 5000, Malformed),
    "many headers": (body(part("file", b"x", filename="a", more=b"X-A: b\r\n" * 20)), Malformed),
    "many parts": (body(FILE, *[part("a", b"1")] * 10), Malformed),
    "no utf-8": (body(FILE, part("a", b"\xff\xfe")), Malformed),
    "a large file": (body(part("file", b"x" * 1001, filename="a")), TooLarge),
    "a large text": (body(FILE, part("a", b"x" * 101)), TooLarge),
    "much text": (body(FILE, *[part("a", b"x" * 99)] * 4), TooLarge),
    "an endless body": (part("file", b"x" * 10_000, filename="a"), TooLarge),
    "after the end": (body(FILE) + b"x" * 10_000, TooLarge),
}


@pytest.mark.parametrize(("content", "error"), REFUSED.values(), ids=REFUSED)
async def test_a_body_that_is_not_right_is_refused(content: bytes, error: type[DomainError]) -> None:
    with pytest.raises(error):
        await received(content)


@pytest.mark.parametrize(
    ("media_type", "error"),
    [
        ("application/json", Unsupported),
        ("", Unsupported),
        ("multipart/mixed; boundary=B", Unsupported),
        ("multipart/form-data", Malformed),
        ("multipart/form-data; boundary=", Malformed),
        ("multipart/form-data; boundary=" + "B" * 201, Malformed),
    ],
)
async def test_a_body_that_is_no_form_is_refused(media_type: str, error: type[DomainError]) -> None:
    with pytest.raises(error):
        await received(body(FILE), media_type=media_type)


@given(content=st.binary(max_size=300), step=st.integers(1, 50))
async def test_whatever_is_sent_is_read_or_refused(content: bytes, step: int) -> None:
    for sent in (content, b"--B\r\n" + content, body(FILE)[: len(content)] + content):
        try:
            await received(sent, step=step)
        except DomainError:
            continue


def form_scope(**headers: str) -> Any:
    given = {"content-type": "multipart/form-data; boundary=B", **headers}
    return {"headers": [(name.encode(), value.encode()) for name, value in given.items()]}


async def test_a_client_that_falls_silent_is_not_waited_for() -> None:
    with pytest.raises(TooSlow):
        await receive_form(form_scope(), asyncio.Event().wait, Kept(), IMPATIENT)  # type: ignore[arg-type]


async def test_a_client_that_trickles_is_not_waited_for() -> None:
    async def trickle() -> Any:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": b"-", "more_body": True}

    with pytest.raises(TooSlow):
        await receive_form(form_scope(), trickle, Kept(), IMPATIENT)


async def test_a_client_that_goes_away_leaves_nothing() -> None:
    async def gone() -> Any:
        return {"type": "http.disconnect"}

    with pytest.raises(Malformed):
        await receive_form(form_scope(), gone, Kept(), LIMITS)


async def test_a_body_that_is_announced_too_large_is_not_read() -> None:
    async def never() -> Any:
        raise AssertionError("the body was read")

    with pytest.raises(TooLarge):
        await receive_form(form_scope(**{"content-length": "999999"}), never, Kept(), LIMITS)


async def test_nothing_stays_of_an_upload_that_was_refused(clinic: Clinic, ana: str) -> None:
    path = f"/media/patients/{ana}/photos"
    refused: list[dict[str, Any]] = [
        {"files": {"file": ("a.jpg", jpeg(), "image/jpeg")}, "data": {"unknown": "1"}},
        {"files": {"file": ("a.jpg", bytes(MAX_UPLOAD + 1), "image/jpeg")}},
        {"files": {"picture": ("a.jpg", jpeg(), "image/jpeg")}},
        {"content": b"--B", "headers": {"Content-Type": "multipart/form-data; boundary=B"}},
        {"json": {}},
    ]
    for options in refused:
        assert 400 <= (await clinic.dentist.ask("POST", path, **options)).status_code < 500
    assert [entry async for entry in clinic.service.container.blobs().staged()] == []


async def test_a_body_of_somebody_who_may_not_send_it_goes_nowhere(clinic: Clinic, ana: str) -> None:
    staged: list[object] = []

    async def content() -> AsyncIterator[bytes]:
        yield b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + jpeg()
        staged.extend([entry async for entry in clinic.service.container.blobs().staged()])
        yield b"x"

    path, form = f"/media/patients/{ana}/photos", {"Content-Type": "multipart/form-data; boundary=B"}
    reader = clinic.person(permissions=(Permission.DOCUMENTS_READ,))
    problem_of(await reader.ask("POST", path, content=content(), headers=form), 403, "forbidden")
    for patient in ("nobody", "luis"):
        answer = await clinic.dentist.ask("POST", f"/media/patients/{patient}/photos", content=content(), headers=form)
        problem_of(answer, 404, "not_found")
    url = f"http://clinic.test/api/v1{path}"
    problem_of(await clinic.service.client.post(url, content=content(), headers=form), 401, "unauthenticated")
    assert staged == []


async def test_an_upload_larger_than_a_json_body_may_be_is_taken(clinic: Clinic, ana: str) -> None:
    content = jpeg() + bytes(MAX_UPLOAD - 4096)
    photo = await clinic.dentist.photo(ana, file=("a.jpg", content, "image/jpeg"))
    assert photo["file_size"] == len(content)
    answer = await clinic.dentist.get(f"/media/documents/{photo['id']}/download")
    assert data_of(await clinic.dentist.get(f"/media/documents/{photo['id']}"))["sha256"] in answer.headers["etag"]
    assert answer.content == content


async def test_a_server_may_leave_out_what_is_empty_or_false() -> None:
    for last in ({"type": "http.request"}, {"type": "http.request", "body": b""}):
        messages: Any = iter([{"type": "http.request", "body": body(FILE), "more_body": True}, last])
        scope: Any = {"headers": [(b"content-type", b"multipart/form-data; boundary=B")]}
        blob = Kept()

        async def receive(messages: Any = messages) -> Any:
            return next(messages)

        assert (await receive_form(scope, receive, blob, LIMITS)).filename == "a.txt"
        assert blob.content == b"content"
