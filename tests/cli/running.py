"""Commands, run in this process or as processes of their own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
from click.testing import CliRunner, Result

from entrypoints.cli import main

SECRET = "a secret of the tests, long enough to sign with"
_COMMAND = [sys.executable, "-c", "import sys; from entrypoints.cli import main; sys.argv[0] = 'clinic-media'; main()"]


def _variables(folder: Path, settings: dict[str, str]) -> dict[str, str]:
    wanted = {"DATA_DIR": str(folder / "data"), "CONFIG": str(folder / "clinic-media.toml"), "AUTH__SECRET": SECRET}
    # One person of a proof asks more than anybody, and all come from one address.
    wanted |= {f"LIMITS__{name}": "0" for name in ("REQUESTS", "UPLOADS", "SIGN_INS", "STRANGERS")}
    (folder / "clinic-media.toml").touch()
    return {f"CLINIC_MEDIA_{name}": value for name, value in (wanted | settings).items()}


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The machine's, with no settings but these; a command finds no file beside it either. Compiled modules are kept:
    without them a server takes twice as long to start."""
    not_ours = ("CLINIC_MEDIA_", "PYTHONDONTWRITEBYTECODE")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(not_ours)}
    return plain | {"PYTHONPATH": str(Path(__file__).resolve().parents[2])} | _variables(folder, settings)


def invoke(folder: Path, *arguments: str, **settings: str) -> Result:
    """The command's end, in this process; settings come from nowhere but `settings`."""
    wanted = {name: None for name in os.environ if name.startswith("CLINIC_MEDIA_")} | _variables(folder, settings)
    return CliRunner().invoke(main, arguments, env=wanted)


@contextmanager
def running(folder: Path, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """The command while it runs; killed at the end if it still does."""
    process = subprocess.Popen(
        [*_COMMAND, *arguments],
        cwd=folder,
        env=environment(folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def stop(process: subprocess.Popen[str]) -> str:
    """Ask it to end, as a supervisor does; what it said. It must end well."""
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_live(process: subprocess.Popen[str], url: str, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{url}/health/live").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    process.kill()
    raise AssertionError(f"the server did not come up; it said {process.communicate()[0]}")
