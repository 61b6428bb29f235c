"""Fault points on the disk: every step of the local storage with a place before and after it."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from adapters.files.disk import Buffers, Disk
from tests.proof.taps import Dead, Tap


class Short(Exception):
    """Raised by a tap before a write: only half of it is to be written."""


class Wrong(Exception):
    """Raised by a tap after a read: what was read is to be other bytes."""


class TappedDisk(Disk):
    """Over a plain disk, or over another kind of disk named after it among the bases of a class."""

    tap: Tap

    def write(self, fd: int, buffers: Buffers) -> int:
        try:
            self.tap("Disk.write:before")
        except Short:
            whole = b"".join(buffers)
            return super().write(fd, [whole[: len(whole) // 2]])
        taken = super().write(fd, buffers)
        self.tap("Disk.write:after")
        return taken

    def read(self, fd: int, size: int, start: int) -> bytes:
        self.tap("Disk.read:before")
        data = super().read(fd, size, start)
        try:
            self.tap("Disk.read:after")
        except Wrong:
            return bytes(byte ^ 1 for byte in data)
        return data

    def close(self, fd: int) -> None:
        # Even where it fails, and when the process is dead, the descriptor is gone
        with suppress(Dead):
            try:
                self.tap("Disk.close:before")
            finally:
                super().close(fd)
            self.tap("Disk.close:after")


STEPS = tuple(name for name, member in vars(Disk).items() if inspect.isfunction(member))


def _step(name: str) -> Callable[..., Any]:
    def stepped(self: TappedDisk, *args: Any) -> Any:
        self.tap(f"Disk.{name}:before")
        done = getattr(super(TappedDisk, self), name)(*args)
        try:
            self.tap(f"Disk.{name}:after")
        except BaseException:
            if name in ("create", "open"):
                with suppress(OSError):
                    super(TappedDisk, self).close(done)
            raise
        return done

    return stepped


for _name in STEPS:
    if _name not in vars(TappedDisk):
        setattr(TappedDisk, _name, _step(_name))
