"""A real clamd for tests, from the system's package: it knows one signature of ours, so nothing is downloaded."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MALWARE = b"only a test: clinic-media takes this line for malware 7f3a9c"
LIMIT = 2**20
"""Bytes that it looks into at most."""

_STARTS_WITHIN = 60.0


@dataclass(slots=True)
class Clamd:
    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def tcp(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def unix(self) -> str:
        return f"unix://{self.folder / 'clamd.sock'}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [clamd_command(), "-c", str(self.folder / "clamd.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise RuntimeError(f"clamd did not start: {(self.folder / 'log').read_text()[-500:]}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None
        (self.folder / "clamd.sock").unlink(missing_ok=True)


def clamd_command() -> str:
    command = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    return command or pytest.skip("there is no clamd here: Debian has it in the package clamav-daemon")


@contextmanager
def clamd_in(folder: Path) -> Iterator[Clamd]:
    """Keep a daemon for as long as the block lasts; it starts in less than a second."""
    clamd_command()
    (folder / "signatures").mkdir(parents=True)
    (folder / "signatures" / "test.ndb").write_text(f"Clinic.Media.Test:0:*:{MALWARE.hex()}\n")
    daemon = Clamd(folder, _free_port())
    (folder / "clamd.conf").write_text(
        f"Foreground yes\nUser root\nLogFile {folder / 'log'}\nDatabaseDirectory {folder / 'signatures'}\n"
        f"LocalSocket {folder / 'clamd.sock'}\nTCPAddr 127.0.0.1\nTCPSocket {daemon.port}\nMaxThreads 4\n"
        f"StreamMaxLength {LIMIT}\nMaxFileSize {LIMIT}\nAlertExceedsMax yes\n"
    )
    daemon.start()
    try:
        yield daemon
    finally:
        daemon.stop()


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    with clamd_in(tmp_path_factory.mktemp("clamd") / "home") as daemon:
        yield daemon


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
