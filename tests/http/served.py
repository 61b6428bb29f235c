"""The service on a real socket, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from domain.access import Role
from entrypoints.container import Container
from entrypoints.signing import Bearer, signed_token
from tests.http.places import places
from tests.http.service import MAX_UPLOAD, SECRET, settings_for

ROOT = Path(__file__).resolve().parents[2]
_STARTS_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    host: str
    port: int
    folder: Path
    token: str
    pid: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@contextmanager
def served(folder: Path, *, application: str = "entrypoints.asgi:app", **environment: str) -> Iterator[Served]:
    """granian with one worker, its home in `folder`."""
    settings = settings_for(folder)
    folder.mkdir(parents=True, exist_ok=True)
    Container(settings=settings).upgrade_schema()
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--workers", "1",
         "--no-ws", "--log-level", "warning", application],
        cwd=ROOT,
        env=os.environ
        | {
            "CLINIC_MEDIA_DATA_DIR": str(folder),
            "CLINIC_MEDIA_AUTH__SECRET": SECRET,
            "CLINIC_MEDIA_SERVER__MAX_UPLOAD_BYTES": str(MAX_UPLOAD),
            "CLINIC_MEDIA_LIMITS__REQUESTS": "0",
            "CLINIC_MEDIA_LIMITS__UPLOADS": "0",
            "CLINIC_MEDIA_LIMITS__STRANGERS": "0",
        }
        | places().environment(folder)
        | environment,
    )  # fmt: skip
    try:
        bearer = Bearer(clinic="c", user="u", roles=(Role.ADMIN,))
        token = signed_token(settings.auth, bearer, now=datetime.now(UTC), ttl=timedelta(hours=1))
        running = Served("127.0.0.1", port, folder, token, process.pid)
        _wait_for(process, running)
        yield running
    finally:
        process.terminate()
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(process: "subprocess.Popen[bytes]", running: Served) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            if httpx.get(f"{running.url}/health/ready", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")
