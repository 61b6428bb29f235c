"""What a bucket must be able to do, and what all of them do alike.

Keys are relative to the storage's place in the bucket. A missing object is a `FileNotFoundError`; everything else that
goes wrong in a cloud is `Unavailable`.
"""

import asyncio
import hashlib
from abc import abstractmethod
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from zlib_ng import zlib_ng

from adapters.files.faults import cloud_faults
from adapters.files.folders import Folders
from domain.errors import Unavailable

T = TypeVar("T")

PART = 8 * 2**20
"""Bytes of a large object that are in memory at once."""
PATIENCE_SECONDS = 60
"""What a request may take, tries included: the clients' own limits do not hold for all of it."""

_NO_BUCKET = "The bucket does not exist. Check the storage's url."
_CHANGED = "The file's bytes changed on this machine while they were sent."


class BucketObjects(Folders):
    package: ClassVar[str]
    """What the client comes in, by the extra of the same name as the kind of storage."""
    extra: ClassVar[str]

    def __init__(self, place: str, options: Mapping[str, Any]) -> None:
        """`place` is ``bucket/prefix``. Raises `ValueError` where the client's package is not installed."""
        try:
            self.module = import_module(self.package)
        except ImportError as error:
            raise ValueError(
                f"{self.extra} storage needs one more package: install clinic-media[{self.extra}]"
            ) from error
        self.bucket, _, prefix = place.partition("/")
        self.prefix = f"{prefix}/" if prefix else ""
        self.options = dict(options)

    @cached_property
    def client(self) -> Any:
        """The one client, made with the first use."""
        return self.connect()

    @abstractmethod
    def connect(self) -> Any: ...

    def path(self, key: str) -> str:
        """The key as the bucket knows it."""
        return f"{self.prefix}{key}"

    def key(self, path: str) -> str:
        return path.removeprefix(self.prefix)

    async def ask(self, answer: Awaitable[T]) -> T:
        with cloud_faults():
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await answer

    async def write(self, answer: Awaitable[Any]) -> Any:
        """As `ask`, for what can miss nothing but the bucket."""
        try:
            return await self.ask(answer)
        except FileNotFoundError as error:
            raise Unavailable(_NO_BUCKET) from error

    @abstractmethod
    async def require(self) -> None:
        """Raise `Unavailable` where it is the bucket that is missing, and not an object."""

    async def download(self, key: str, path: Path) -> None:
        with path.open("wb", buffering=0) as file:
            async for chunk in await self.read(key, 0, None):
                await asyncio.to_thread(file.write, chunk)

    async def upload(self, key: str, path: Path, crc32: int) -> None:
        size = (await asyncio.to_thread(path.stat)).st_size
        if size <= PART:
            await self.put(key, await asyncio.to_thread(path.read_bytes), crc32)
            return
        await self.put_large(key, path, crc32)
        arrived = await self.head(key)
        if arrived is None or arrived.size != size:
            raise Unavailable("The bucket did not take the whole file.")

    @abstractmethod
    async def put(self, key: str, data: bytes, crc32: int) -> None:
        """Write an object whole, with a checksum that the cloud compares; `crc32` is what `data` must have."""

    @abstractmethod
    async def put_large(self, key: str, path: Path, crc32: int) -> None:
        """As `put`, in parts; the object is there with the last of them."""

    async def copy(self, old: str, new: str) -> None:
        """Within the bucket, without the bytes coming by here. Raises `Unavailable` unless they arrived."""
        await self.duplicate(old, new)
        before, after = await asyncio.gather(self.head(old), self.head(new))
        if before is None:
            raise FileNotFoundError(old)
        if after is None or after.differs(before):
            raise Unavailable("The bucket did not copy the whole object.")

    @abstractmethod
    async def duplicate(self, old: str, new: str) -> None: ...

    async def delete(self, key: str) -> None:
        """Silent when there is none."""
        with suppress(FileNotFoundError):
            await self.ask(self.drop(key))

    @abstractmethod
    async def drop(self, key: str) -> None: ...

    async def close(self) -> None:
        if "client" in self.__dict__:
            await self.disconnect()

    @abstractmethod
    async def disconnect(self) -> None: ...


class FsspecObjects(BucketObjects):
    """Of a cloud whose client is an asynchronous one of fsspec's."""

    kind: ClassVar[str]

    def connect(self) -> Any:
        return getattr(self.module, self.kind)(
            asynchronous=True,
            use_listings_cache=False,  # they go stale as soon as another process writes
            skip_instance_cache=True,
            **self.options,
        )


class SigningObjects(BucketObjects):
    @abstractmethod
    async def link(self, key: str, *, seconds: int, mime: str, disposition: str) -> str:
        """As `SignsLinks.link`."""


def require_right(found: int, crc32: int) -> None:
    """Raise `Unavailable` where bytes do not have their checksum any more, before they are sent with a new one."""
    if found != crc32:
        raise Unavailable(_CHANGED)


def md5_of(data: bytes, crc32: int) -> bytes:
    """The checksum that clouds compare what arrives with; blocking."""
    require_right(zlib_ng.crc32(data), crc32)
    return hashlib.md5(data, usedforsecurity=False).digest()


async def md5_of_file(path: Path, crc32: int) -> bytes:
    whole, found = hashlib.md5(usedforsecurity=False), 0
    async for part in parts_of(path):
        await asyncio.to_thread(whole.update, part)
        found = await asyncio.to_thread(zlib_ng.crc32, part, found)
        del part
    require_right(found, crc32)
    return whole.digest()


async def parts_of(path: Path, size: int = PART) -> AsyncIterator[bytes]:
    """The bytes of a file in parts of `size`, the last one as it is."""
    with path.open("rb", buffering=0) as file:
        while part := await asyncio.to_thread(file.read, size):
            yield part
            del part  # or there would be two while the next is read
