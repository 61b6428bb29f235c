"""An installation on a disk that loses power."""

import shutil
from collections.abc import Collection
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from random import Random

from adapters.files.local import LocalBlobs
from application.ports.event_bus import EventBus
from application.ports.inspecting import FileInspector
from application.ports.system import NewId
from domain.ids import DocumentId
from tests.contract.disks import ForgetfulDisk
from tests.proof.disk_taps import TappedDisk
from tests.proof.ports import Ports
from tests.proof.taps import Tap, no_fault
from tests.proof.worlds import MemoryWorld, named_in


class PowerDisk(TappedDisk, ForgetfulDisk):
    """Counts its syncs; `skip` is the number of the one to be left out, `what` says of which file or folder each is."""

    def __init__(self, root: Path, skip: int | None = None) -> None:
        super().__init__(root, skip)
        self.tap = no_fault
        self.what: list[str] = []
        self._paths: dict[int, Path] = {}

    def create(self, path: Path) -> int:
        fd = super().create(path)
        self._paths[fd] = path
        return fd

    def sync(self, fd: int) -> None:
        self.what.append(self._paths[fd].name)
        super().sync(fd)

    def sync_folder(self, folder: Path) -> None:
        self.what.append(f"{folder.relative_to(self._root)}/")
        super().sync_folder(folder)

    def moved(self, root: Path) -> "PowerDisk":
        """The same in another folder."""
        self.tap = no_fault
        copy = deepcopy(self)
        copy._root = root
        return copy


class PowerWorld(MemoryWorld):
    def __init__(self, folder: Path, skip: int | None = None) -> None:
        super().__init__(folder)
        self.folder = folder
        self.folder.mkdir()
        self.disk: PowerDisk | None = PowerDisk(folder, skip)
        self._local: LocalBlobs | None = None

    async def open(self, inspector: FileInspector, bus: EventBus, new_id: NewId, tap: Tap) -> Ports:
        if self.disk is not None:
            self.disk.tap = tap
        self._local = LocalBlobs(self.folder, disk=self.disk, threads=1)
        return replace(await super().open(inspector, bus, new_id, tap), blobs=self._local)

    async def close(self) -> None:
        if self._local is not None:
            await self._local.close()
            self._local = None

    async def drop(self) -> None:
        shutil.rmtree(self.folder)

    async def kept(self, ids: Collection[DocumentId]) -> list[DocumentId]:
        return named_in(map(str, self.folder.rglob("*")), ids)

    def copied(self, folder: Path) -> "PowerWorld":
        disk, self.disk = self.disk, None
        copy = deepcopy(self)
        self.disk = disk
        shutil.copytree(self.folder, folder)
        copy.folder, copy.disk = folder, disk and disk.moved(folder)
        return copy

    def lose_power(self, dice: Random | None) -> None:
        """What is found afterwards is an ordinary disk."""
        assert self.disk is not None
        after = self.folder.with_name(f"{self.folder.name}-after")
        self.disk.lose_power(after, dice)
        shutil.rmtree(self.folder)
        self.folder, self.disk = after, None
