"""What a bucket must be able to do, through the calls that all asynchronous fsspec clients share.

Keys are relative to the storage's place in the bucket. A missing object is a `FileNotFoundError`; everything else that
goes wrong in a cloud is `Unavailable`.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import fsspec

from adapters.files.faults import cloud_faults
from adapters.files.folders import Folders, Seen
from application.ports.blobs import CHUNK
from domain.errors import Unavailable

T = TypeVar("T")

PART = 8 * 2**20
"""Bytes of a large object that are in memory at once."""

_EXTRAS = {"s3": "s3", "gcs": "gcs", "abfs": "azure"}
# Options of each client that make the cloud check what arrives, and bound what is in memory
_SMALL: dict[str, dict[str, Any]] = {"gcs": {"consistency": "md5"}, "abfs": {"validate_content": True}}
_LARGE: dict[str, dict[str, Any]] = {
    "gcs": {"consistency": "md5", "chunksize": PART},
    "s3": {"chunksize": PART},
    "abfs": {"max_concurrency": 1},
}
_NO_BUCKET = "The bucket does not exist. Check the storage's url."
_TIMES = ("LastModified", "last_modified", "mtime")
_CHECKSUMS = ("crc32c", "md5Hash", "ETag")


class FsspecObjects(Folders):
    def __init__(self, protocol: str, place: str, options: Mapping[str, Any]) -> None:
        """`place` is ``bucket/prefix``. Raises `ValueError` where the client's package is not installed."""
        try:
            self._kind = fsspec.get_filesystem_class(protocol)
        except ImportError as error:
            extra = _EXTRAS.get(protocol, protocol)
            raise ValueError(f"{protocol} storage needs one more package: install clinic-media[{extra}]") from error
        self._small, self._large = _SMALL.get(protocol, {}), _LARGE.get(protocol, {})
        self._place = place
        self._options = dict(options)
        self._client: Any = None

    @property
    def client(self) -> Any:
        """The one client, made with the first use."""
        if self._client is None:
            self._client = self._kind(
                asynchronous=True,
                use_listings_cache=False,  # they go stale as soon as another process writes
                skip_instance_cache=True,
                **self._options,
            )
        return self._client

    async def ask(self, answer: Awaitable[T]) -> T:
        with cloud_faults():
            return await answer

    def full(self, key: str) -> str:
        return f"{self._place}/{key}"

    async def write(self, answer: Awaitable[Any]) -> Any:
        """As `ask`, for what can miss nothing but the bucket."""
        try:
            return await self.ask(answer)
        except FileNotFoundError as error:
            raise Unavailable(_NO_BUCKET) from error

    async def require(self) -> None:
        """Raise `Unavailable` where it is the bucket that is missing, and not an object."""
        try:
            await self.ask(self.client._info(self._place.partition("/")[0]))
        except FileNotFoundError as error:
            raise Unavailable(_NO_BUCKET) from error

    async def head(self, key: str) -> Seen | None:
        try:
            info = await self.ask(self.client._info(self.full(key)))
        except FileNotFoundError:
            return None
        return None if info["type"] == "directory" else _seen(info)

    async def read(self, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]:
        """Whole in memory: these clients ask for a long range in pieces, between which the object may change."""
        found = await self.head(key)
        if found is None:
            raise FileNotFoundError(key)
        stop = found.size if stop is None else min(stop, found.size)
        data = await self.ask(self.client._cat_file(self.full(key), start=start, end=stop)) if start < stop else b""
        return _chunks(data)

    async def download(self, key: str, path: Path) -> None:
        await self.ask(self.client._get_file(self.full(key), str(path)))

    async def upload(self, key: str, path: Path, crc32: int) -> None:
        size = (await asyncio.to_thread(path.stat)).st_size
        if size <= PART:
            await self.put(key, await asyncio.to_thread(path.read_bytes), crc32)
            return
        await self.put_large(key, path)
        arrived = await self.head(key)
        if arrived is None or arrived.size != size:
            raise Unavailable("The bucket did not take the whole file.")

    async def put(self, key: str, data: bytes, crc32: int) -> None:
        """Write an object whole; `crc32` is of `data`, for clouds that compare."""
        await self.write(self.client._pipe_file(self.full(key), data, **self._small))

    async def put_large(self, key: str, path: Path) -> None:
        await self.write(self.client._put_file(str(path), self.full(key), **self._large))

    async def copy(self, old: str, new: str) -> None:
        """Within the bucket, without the bytes coming by here. Raises `Unavailable` unless they arrived."""
        await self.ask(self.client._cp_file(self.full(old), self.full(new)))
        before, after = await asyncio.gather(self.head(old), self.head(new))
        if before is None:
            raise FileNotFoundError(old)
        if after is None or after.differs(before):
            raise Unavailable("The bucket did not copy the whole object.")

    async def delete(self, key: str) -> None:
        """Silent when there is none."""
        try:
            await self.ask(self.client._rm_file(self.full(key)))
        except FileNotFoundError:
            return

    async def below(self, folder: str, *, levels: int = 0) -> AsyncIterator[tuple[str, Seen]]:
        """Every object below `folder`. That many `levels` are listed folder by folder, so that they fit into memory."""
        path = self.full(folder)
        try:
            found = await self.ask(self.client._ls(path, detail=True) if levels else self._find(path))
        except FileNotFoundError:
            found = []
        if not found:
            await self.require()
        for info in found:
            key = info["name"].removeprefix(f"{self._place}/")
            if info["type"] != "directory":
                yield key, _seen(info)
            elif key != folder:
                async for inner in self.below(key, levels=levels - 1):
                    yield inner

    async def _find(self, path: str) -> list[dict[str, Any]]:
        return list((await self.client._find(path, detail=True)).values())

    async def close(self) -> None:
        for name in ("_s3", "_session", "service_client"):
            session = getattr(self._client, name, None)
            if session is not None:
                await session.close()


def _seen(info: Mapping[str, Any]) -> Seen:
    modified = next(info[name] for name in _TIMES if isinstance(info.get(name), datetime))
    checksum = next((str(info[name]) for name in _CHECKSUMS if info.get(name)), None)
    modified = modified.replace(tzinfo=UTC) if modified.tzinfo is None else modified.astimezone(UTC)
    return Seen(info["size"], modified, None if checksum and "-" in checksum else checksum)


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), CHUNK):
        yield data[start : start + CHUNK]
