"""A real NATS server for tests, with JetStream on a folder of this machine."""

import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.ports import free_port, wait_for


@dataclass(slots=True)
class NatsServer:
    """What it took is in `folder`, and there again when it is started again."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Takes a tenth of a second."""
        command = Path(sysconfig.get_path("scripts")) / "nats-server"
        self.process = subprocess.Popen(
            [command, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", self.folder],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.port, self.process)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None


@contextmanager
def nats_server(folder: Path) -> Iterator[NatsServer]:
    """Keep a server running for as long as the block lasts."""
    server = NatsServer(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture(scope="session")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with nats_server(tmp_path_factory.mktemp("nats")) as server:
        yield server
