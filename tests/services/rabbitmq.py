"""A real RabbitMQ for tests, from the system's package. It takes about five seconds to start."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.ports import free_port, wait_for

_HOME = "/usr/lib/rabbitmq/bin"


@dataclass(frozen=True, slots=True)
class RabbitServer:
    port: int

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"


@contextmanager
def rabbitmq_server(folder: Path) -> Iterator[RabbitServer]:
    """Keep a server for as long as the block lasts, with a name service (epmd) of its own, or it would start one that
    stays."""
    command = shutil.which("rabbitmq-server", path=_HOME)
    if command is None:
        pytest.skip("there is no RabbitMQ here: Debian has it in the package rabbitmq-server")
    port, names = free_port(), str(free_port())
    (folder / "plugins").write_text("[].")
    environment = os.environ | {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": "clinic@localhost",
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "none"),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": names,
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }
    with ExitStack() as started:
        epmd = _started(["epmd", "-port", names, "-address", "127.0.0.1"], environment, folder)
        started.callback(_kill, epmd)
        wait_for(int(names), epmd)
        server = _started([command], environment, folder)
        started.callback(_kill, server)
        wait_for(port, server, 90)
        yield RabbitServer(port)


def _started(command: list[str], environment: dict[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, stdout=quiet, stderr=quiet)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """With its children: the server's command is a script."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitServer]:
    with rabbitmq_server(tmp_path_factory.mktemp("rabbitmq")) as server:
        yield server
