"""Ports of this machine that nobody listens on."""

import socket
import subprocess
import time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, process: "subprocess.Popen[bytes]", seconds: float = 30.0) -> None:
    """Until somebody answers there. Raises where the process ended first, or none did in time."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    process.kill()
    process.wait(10)
    raise RuntimeError(f"{process.args!r} did not come up on port {port}")
