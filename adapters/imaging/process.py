"""One helper process: starting it, asking it about a file, telling why it ended.

Everything here blocks and belongs on a thread of its own.
"""

import enum
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TypeAlias, cast

import msgspec

from adapters.imaging import wire

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 30.0
_END_SECONDS = 2.0
_PATIENCE = 6
"""Times the limit that a helper is waited for while it wants to work: a busy machine is not the file's fault."""
_WANTS_TO_WORK = {b"R", b"D"}
"""States of a process that only lacks a processor or the disk, as /proc tells them."""
_BOOT = "import sys; sys.path[:0] = sys.argv[1:]; from adapters.imaging.sandbox.main import main; main()"
_DECODER: msgspec.msgpack.Decoder[wire.Reply] = msgspec.msgpack.Decoder(wire.Reply)

# Signals a decoder brings on itself; any other end of a helper is this machine's doing.
_CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP, signal.SIGSYS}


Known: TypeAlias = wire.Sniffed | wire.Sound | None


class Cause(enum.Enum):
    """Why a helper gave no answer."""

    OVERRAN = "used up its computing time on the file"
    CRASHED = "crashed on the file"
    STARVED = "did not get to the end in time"
    TAKEN_AWAY = "was ended from outside"


class Lost(Exception):
    """A helper ended without an answer. `known` is the last it had said about the file."""

    def __init__(self, cause: Cause, known: Known = None) -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.known = known


class Helper:
    """A long-living, niced, confined child process that looks into one file at a time."""

    def __init__(self, setup: wire.Setup) -> None:
        """Start the process. Raises `OSError` or `Lost` where that fails."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
            [sys.executable, "-I", "-S", "-c", _BOOT, *_import_paths()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            cwd="/",
            process_group=0,  # an interrupt at the terminal is for the service, which then ends its helpers
        )
        self._to, self._from = cast(IO[bytes], self._process.stdin), cast(IO[bytes], self._process.stdout)
        os.set_blocking(self._to.fileno(), False)
        self._setup = setup
        self._ready = False

    def ask(self, job: wire.Job, seconds: float) -> wire.Answer:
        """Return the helper's answer. Raises `Lost`, and is then ended, when it does nothing for `seconds`, or has not
        got to the end after six times that."""
        known: Known = None
        try:
            self._get_ready()
            deadline = Deadline(self._process.pid, seconds)
            self._send(job, deadline)
            while True:
                reply = self._receive(deadline)
                if isinstance(reply, wire.Answer):
                    return reply
                known = reply if isinstance(reply, wire.Sniffed | wire.Sound) else known
        except TimeoutError:
            self.kill()
            raise Lost(Cause.STARVED, known) from None
        except (EOFError, BrokenPipeError):
            raise Lost(self._why(), known) from None
        except msgspec.MsgspecError:
            self.kill()
            raise Lost(Cause.CRASHED, known) from None

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once; whoever waits for its answer gets `Lost`."""
        self._process.kill()

    def end(self) -> None:
        """End it, wait for it, and let go of its pipes."""
        self.kill()
        self._process.wait()
        with suppress(OSError):
            self._to.close()
        self._from.close()

    def _get_ready(self) -> None:
        if self._ready:
            return
        deadline = Deadline(self._process.pid, _START_SECONDS)
        self._send(self._setup, deadline)
        if not isinstance(self._receive(deadline), wire.Ready):
            raise EOFError
        self._ready = True

    def _send(self, message: msgspec.Struct, deadline: "Deadline") -> None:
        left = memoryview(wire.framed(message))
        while left:
            deadline.wait_for(self._to.fileno(), select.POLLOUT)
            left = left[os.write(self._to.fileno(), left) :]

    def _receive(self, deadline: "Deadline") -> wire.Reply:
        length = int.from_bytes(self._read(wire.LENGTH_BYTES, deadline), "big")
        if length > wire.MAX_REPLY_BYTES:
            raise msgspec.DecodeError("a reply too long")
        return _DECODER.decode(self._read(length, deadline))

    def _read(self, count: int, deadline: "Deadline") -> bytes:
        got = bytearray()
        while len(got) < count:
            deadline.wait_for(self._from.fileno(), select.POLLIN)
            piece = os.read(self._from.fileno(), count - len(got))
            if not piece:
                raise EOFError
            got += piece
        return bytes(got)

    def _why(self) -> Cause:
        try:
            # A process that has closed its pipes ends by itself within moments, or never
            code = self._process.wait(timeout=_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return Cause.CRASHED
        if code == -signal.SIGXCPU:
            return Cause.OVERRAN
        return Cause.CRASHED if -code in _CRASHES else Cause.TAKEN_AWAY


class Deadline:
    """Until when process `pid` is waited for: `seconds`, and again as long as it wants to work, within bounds. What it
    may compute is limited by itself."""

    def __init__(self, pid: int, seconds: float) -> None:
        self._pid = pid
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._latest = time.monotonic() + seconds * _PATIENCE

    def wait_for(self, fd: int, event: int) -> None:
        """Raises `TimeoutError`."""
        poll = select.poll()
        poll.register(fd, event)
        while not poll.poll(max(0.0, self._end - time.monotonic()) * 1000):
            if self._end >= self._latest or _state(self._pid) not in _WANTS_TO_WORK:
                raise TimeoutError
            self._end = min(self._latest, time.monotonic() + self._seconds)


def _state(pid: int) -> bytes:
    try:
        # The name in front may hold anything, parentheses too
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2][1:2]
    except OSError:
        return b""


def _import_paths() -> list[str]:
    """Where this process imports from, for a helper that runs without `site` and without our environment."""
    return [str(_ROOT), *(path for path in sys.path if Path(path).is_absolute() and path != str(_ROOT))]
