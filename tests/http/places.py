"""Where the installations of the HTTP tests keep rows and bytes: SQLite and a folder, or what `--over` names.

    pytest tests/http --over postgresql+s3

Each folder has a database and a place in the storage of its own, whichever it is: asked for again, they are the same.
"""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from entrypoints.settings import Database, Storage
from tests.services.postgres import PostgresServer
from tests.services.s3 import BUCKET, S3Server

ON_A_DISK = Storage()
"""For the installation of a test that looks at its folder."""


@dataclass(slots=True)
class Places:
    postgres: PostgresServer | None = None
    s3: S3Server | None = None
    in_memory: bool = False
    """Of the bytes, which an installation then loses when it is closed."""
    _databases: dict[Path, str] = field(default_factory=dict)

    def database(self, folder: Path) -> Database:
        if self.postgres is None:
            return Database(url=f"sqlite:///{folder / 'clinic-media.db'}")
        if folder not in self._databases:
            self._databases[folder] = _apart(self.postgres.new_database())
        return Database(url=self.postgres.url_of(self._databases[folder]))

    def storage(self, folder: Path) -> Storage:
        if self.in_memory:
            return Storage(url="memory://")
        if self.s3 is None:
            return ON_A_DISK
        return Storage(url=f"s3://{BUCKET}/{sha256(bytes(folder)).hexdigest()}", options=self.s3.options)

    def environment(self, folder: Path) -> dict[str, str]:
        """The same for a process of its own."""
        told = {"CLINIC_MEDIA_DATABASE__URL": self.database(folder).url}
        if storage := self.storage(folder).url:
            told["CLINIC_MEDIA_STORAGE__URL"] = storage
        if self.s3 is not None:
            told["CLINIC_MEDIA_STORAGE__OPTIONS"] = json.dumps(self.s3.plain_options)
        return told

    def leave(self) -> None:
        for name in self._databases.values():
            assert self.postgres is not None
            _apart(self.postgres.drop(name))


_chosen = [Places()]


def places() -> Places:
    return _chosen[-1]


@contextmanager
def over(chosen: Places) -> Iterator[None]:
    """Installations are made there for as long as the block lasts."""
    _chosen.append(chosen)
    try:
        yield
    finally:
        _chosen.pop()
        chosen.leave()


def _apart(work: Coroutine[Any, Any, Any]) -> Any:
    """Its result; tests ask from within a running loop and from without one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
