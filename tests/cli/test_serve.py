"""clinic-media serve and clinic-media worker, as processes."""

import asyncio
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from domain.access import Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from entrypoints.container import opened
from entrypoints.settings import Auth, Settings
from entrypoints.signing import Bearer, signed_token
from tests.cli.running import SECRET, free_port, invoke, running, stop, wait_until_live


def authorised() -> dict[str, str]:
    bearer = Bearer(clinic="c", user="u", roles=[Role.ADMIN])
    token = signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


def test_it_refuses_to_serve_where_nobody_could_sign_in(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "serve", AUTH__SECRET="")
    assert ended.exit_code == 3
    assert "Set auth.secret (CLINIC_MEDIA_AUTH__SECRET" in ended.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_busy_port_is_told(tmp_path: Path, command: str) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = invoke(tmp_path, command, "--port", str(port))
    assert ended.exit_code == 3
    assert f"Cannot listen on 127.0.0.1:{port} (Address already in use)" in ended.stderr
    assert "choose another with --port" in ended.stderr


def test_memory_is_served_by_one_process_only(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "serve", "--workers", "2", DATABASE__URL="memory://")
    assert ended.exit_code == 3
    assert "only be --workers 1" in ended.stderr


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["asked to stop", "main process killed"])
def test_an_upload_that_is_under_way_is_finished_before_the_end(tmp_path: Path, ending: signal.Signals) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    sent, go_on = threading.Event(), threading.Event()
    photo = BytesIO()
    Image.new("RGB", (640, 480), (120, 60, 60)).save(photo, "JPEG")
    body = _multipart(photo.getvalue())

    def slowly() -> Iterator[bytes]:
        yield body[: len(body) // 2]
        sent.set()
        go_on.wait(30)
        yield body[len(body) // 2 :]

    answers: list[httpx.Response] = []

    def upload() -> None:
        headers = authorised() | {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(len(body))}
        answers.append(
            httpx.post(f"{url}/api/v1/media/patients/p/photos", content=slowly(), headers=headers, timeout=60)
        )

    with running(tmp_path, "serve", "--port", str(port), "--workers", "2") as server:
        wait_until_live(server, url)
        registered = httpx.put(f"{url}/api/v1/directory/patients/p", json={"display_name": "Ana"}, headers=authorised())
        assert registered.status_code == 201
        uploading = threading.Thread(target=upload)
        uploading.start()
        assert sent.wait(30)
        server.send_signal(ending)
        _until_closed(port)
        go_on.set()
        uploading.join(60)
        said, _ = server.communicate(timeout=60)  # which ends when the last process does that could say anything
    assert server.returncode == (0 if ending is signal.SIGTERM else -ending), said
    assert answers[0].status_code == 201
    assert list(tmp_path.rglob(f"*/{answers[0].json()['data']['id']}/original"))


def _multipart(photo: bytes) -> bytes:
    head = 'Content-Disposition: form-data; name="media_category"\r\n\r\nextraoral'
    file = 'Content-Disposition: form-data; name="file"; filename="smile.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    return b"".join([b"--x\r\n", head.encode(), b"\r\n--x\r\n", file.encode(), photo, b"\r\n--x--\r\n"])


def _until_closed(port: int) -> None:
    """Until nothing listens there any more."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server goes on listening")


async def _register_a_patient(folder: Path) -> None:
    admin = Principal(clinic_id=ClinicId("c"), user_id=UserId("u"), roles=frozenset({Role.ADMIN}))
    async with opened(Settings(data_dir=str(folder / "data"))) as container:
        await container.register_patient()(admin, PatientId("p"), display_name="Ana")


def test_a_worker_alone_delivers_what_is_waiting_and_ends_when_asked(tmp_path: Path) -> None:
    assert invoke(tmp_path, "migrate").exit_code == 0
    asyncio.run(_register_a_patient(tmp_path))
    with running(tmp_path, "worker") as worker:
        assert worker.stdout is not None
        heard = next(line for line in worker.stdout if "clinic_media.events" in line)
        assert '"type":"patient.registered"' in heard
        stop(worker)


def test_a_worker_needs_more_than_memory(tmp_path: Path) -> None:
    ended = invoke(tmp_path, "worker", STORAGE__URL="memory://")
    assert ended.exit_code == 3
    assert "in another process" in ended.stderr


def test_a_worker_does_not_start_on_an_empty_database(tmp_path: Path) -> None:
    with running(tmp_path, "worker") as worker:
        said, _ = worker.communicate(timeout=60)
    assert worker.returncode == 3
    assert "The database is empty" in said
