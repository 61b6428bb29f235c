"""Disks that stop, and disks that lose power: they show what the order of the steps is worth."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from adapters.files.disk import Buffers, Disk

STEPS = (
    "mkdir",
    "create",
    "write",
    "sync",
    "sync_folder",
    "rename",
    "unlink",
    "rmdir",
    "open",
    "read",
    "stat",
    "names",
)


class Stopped(BaseException):
    """The process was killed at a step. No code catches it."""


class StoppingDisk(Disk):
    """Stands still at step number `at`, counted from 0, and at all later ones; a write in progress is cut in half."""

    def __init__(self, at: int) -> None:
        self.left = at

    def write(self, fd: int, buffers: Buffers) -> int:
        if self.left == 0:
            whole = b"".join(buffers)
            super().write(fd, [whole[: len(whole) // 2]])
        self.step()
        return super().write(fd, buffers)

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Stopped


def _stopping(name: str) -> Callable[..., Any]:
    real = getattr(Disk, name)

    def stepped(self: StoppingDisk, *args: Any) -> Any:
        self.step()
        return real(self, *args)

    return stepped


for _name in STEPS:
    if _name != "write":
        setattr(StoppingDisk, _name, _stopping(_name))


@dataclass(eq=False, slots=True)
class File:
    written: bytearray = field(default_factory=bytearray)
    synced: bytes = b""


@dataclass(eq=False, slots=True)
class Folder:
    live: "dict[str, Node]" = field(default_factory=dict)
    durable: "dict[str, Node]" = field(default_factory=dict)


Node: TypeAlias = File | Folder


@dataclass(eq=False, slots=True)
class Change:
    """A node moves from one name to another; the file system does that wholly or not at all."""

    node: Node
    old: tuple[Folder, str] | None
    new: tuple[Folder, str] | None
    synced: bool = False


class ForgetfulDisk(Disk):
    """Keeps through a loss of power only what was synced; of the rest, whatever the dice say.

    A file keeps the bytes that `sync` saw. A name keeps once the folder it is in was synced after the change.
    `skip` leaves out the sync of that number, counted from 0 over files and folders.
    """

    def __init__(self, root: Path, skip: int | None = None) -> None:
        self._root = root
        self._tree = Folder()
        self._changes: list[Change] = []
        self._open: dict[int, File] = {}
        self._skip = skip
        self.syncs = 0

    def mkdir(self, folder: Path) -> None:
        super().mkdir(folder)
        self._change(Folder(), None, folder)

    def create(self, path: Path) -> int:
        fd = super().create(path)
        self._open[fd] = File()
        self._change(self._open[fd], None, path)
        return fd

    def write(self, fd: int, buffers: Buffers) -> int:
        taken = super().write(fd, buffers)
        self._open[fd].written += b"".join(buffers)[:taken]
        return taken

    def close(self, fd: int) -> None:
        self._open.pop(fd, None)
        super().close(fd)

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        folder, name = self._named(old)
        self._change(folder.live[name], old, new)

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        folder, name = self._named(path)
        self._change(folder.live[name], path, None)

    def rmdir(self, folder: Path) -> None:
        super().rmdir(folder)
        parent, name = self._named(folder)
        self._change(parent.live[name], folder, None)

    def sync(self, fd: int) -> None:
        if self._counted():
            self._open[fd].synced = bytes(self._open[fd].written)

    def sync_folder(self, folder: Path) -> None:
        if self._counted():
            inner = self._folder(folder)
            for change in self._changes:
                there = change.new or change.old
                change.synced = change.synced or (there is not None and there[0] is inner)

    def lose_power(self, into: Path, dice: Random | None) -> None:
        """Write to `into` what is found after the power is back. Without dice everything unsynced is gone."""
        for change in self._changes:
            if change.synced or (dice and dice.random() < 0.5):
                _apply(change)
        _write(self._tree, into, dice)

    def _counted(self) -> bool:
        self.syncs += 1
        return self.syncs - 1 != self._skip

    def _change(self, node: Node, old: Path | None, new: Path | None) -> None:
        change = Change(node, self._named(old) if old else None, self._named(new) if new else None)
        if change.old:
            change.old[0].live.pop(change.old[1])
        if change.new:
            change.new[0].live[change.new[1]] = node
        self._changes.append(change)

    def _named(self, path: Path) -> tuple[Folder, str]:
        return self._folder(path.parent), path.name

    def _folder(self, path: Path) -> Folder:
        found: Node = self._tree
        for part in path.relative_to(self._root).parts:
            assert isinstance(found, Folder)
            found = found.live[part]
        assert isinstance(found, Folder)
        return found


def _apply(change: Change) -> None:
    if change.old:
        folder, name = change.old
        if folder.durable.get(name) is not change.node:
            return  # what came before it was forgotten
        del folder.durable[name]
    if change.new:
        folder, name = change.new
        folder.durable[name] = change.node


def _write(folder: Folder, into: Path, dice: Random | None) -> None:
    into.mkdir()
    for name, node in folder.durable.items():
        if isinstance(node, Folder):
            _write(node, into / name, dice)
        else:
            unsynced = bytes(node.written[len(node.synced) :])
            (into / name).write_bytes(node.synced + unsynced[: dice.randint(0, len(unsynced)) if dice else 0])
