"""A real server for the benchmarks: granian with one worker, as a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil

from domain.access import Role
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.benchmarks.clinics import CLINIC

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret of the benchmarks, long enough to sign with"


@dataclass(frozen=True, slots=True)
class Server:
    process: psutil.Process
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Processor seconds of all its processes so far."""
        times = [each.cpu_times() for each in (self.process, *self.process.children(recursive=True))]
        return sum(time.user + time.system for time in times)


@contextmanager
def serving(application: str, settings: dict[str, str]) -> Iterator[Server]:
    with closing(_probe()) as probe:
        port = probe.getsockname()[1]
    process = psutil.Popen(
        [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port), "--workers", "1",
         "--no-ws", "--log-level", "error", application],
        cwd=ROOT,
        env=os.environ | settings,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(process, port)
        yield Server(psutil.Process(process.pid), port)
    finally:
        process.terminate()
        process.wait(30)


def _probe() -> socket.socket:
    probe = socket.socket()
    probe.bind(("127.0.0.1", 0))
    return probe


def _wait_for(process: psutil.Popen, port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.is_running():
        try:
            httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=5)
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def settings_in(folder: Path) -> dict[str, str]:
    return {
        "CLINIC_MEDIA_DATA_DIR": str(folder),
        "CLINIC_MEDIA_AUTH__SECRET": SECRET,
        "CLINIC_MEDIA_LIMITS__REQUESTS": "10000000",  # counted as everywhere, and never refused
        "CLINIC_MEDIA_LIMITS__UPLOADS": "10000000",
    }


def token() -> str:
    bearer = Bearer(clinic=CLINIC, user="dentist-1", name="Dr. Vega", roles=(Role.ADMIN,))
    return signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(hours=1))


def enter_patients(server: Server, ids: Iterable[str]) -> None:
    """The directory's entries of the patients that are asked for."""
    headers = {"Authorization": f"Bearer {token()}"}
    with httpx.Client(base_url=f"{server.url}/api/v1/directory/patients", headers=headers) as client:
        for id in ids:
            client.put(f"/{id}", json={"display_name": id}).raise_for_status()
