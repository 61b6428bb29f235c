"""The machine's clock, new ids, and its room on the disk."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import uuid_utils

from application.ports.system import Clock, NewId
from domain.errors import Unavailable


class SystemClock(Clock):
    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Uuid7(NewId):
    """The library counts within a millisecond and keeps its last instant when the clock is set back."""

    def __call__(self) -> str:
        return str(uuid_utils.uuid7())


class RoomOnDisk:
    """Of the folder that this machine keeps things in, and of the storage where that is a folder too."""

    at_least = 2**30

    def __init__(self, folder: Path, storage_url: str) -> None:
        storage = urlsplit(storage_url)
        self._folders = {folder, Path(unquote(storage.path))} if storage.scheme == "file" else {folder}

    async def check(self) -> None:
        """Raise `Unavailable` where less than `at_least` bytes are free."""
        free = min((shutil.disk_usage(each).free for each in self._folders if each.exists()), default=self.at_least)
        if free < self.at_least:
            raise Unavailable(f"only {free // 2**20} MiB are free")
