"""Blobs in a bucket that speaks S3: checksums that the server compares, bodies and listings as streams."""

import asyncio
import base64
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from adapters.files.bucket import BucketBlobs, placed
from adapters.files.faults import cloud_faults
from adapters.files.folders import Seen
from adapters.files.objects import FsspecObjects
from application.ports.blobs import CHUNK, SignsLinks
from domain.errors import Unavailable

# What is slow to fail keeps a person waiting; what fails is tried again by that person or by recovery.
_CONFIG = {"max_pool_connections": 64, "signature_version": "s3v4", "retries": {"max_attempts": 2, "mode": "standard"}}
_ROUNDS = 2
_PART = 5 * 2**20
"""Bytes of a large upload that are in memory at once: as few as S3 takes."""
_PATIENCE_SECONDS = 60


class S3Objects(FsspecObjects):
    def __init__(self, place: str, options: Mapping[str, Any]) -> None:
        super().__init__("s3", place, {**options, "config_kwargs": {**_CONFIG, **options.get("config_kwargs", {})}})
        self.bucket, _, prefix = place.partition("/")
        self._prefix = f"{prefix}/" if prefix else ""

    def path(self, key: str) -> str:
        """The key as the bucket knows it."""
        return f"{self._prefix}{key}"

    async def request(self, operation: str, **more: Any) -> Any:
        self.client.retries = _ROUNDS
        # The client's own limits do not hold while all its connections are busy
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await self.client._call_s3(operation, Bucket=self.bucket, **more)

    async def call(self, operation: str, key: str, **more: Any) -> Any:
        return await self.ask(self.request(operation, Key=self.path(key), **more))

    async def require(self) -> None:
        await self.write(self.request("head_bucket"))

    async def head(self, key: str) -> Seen | None:
        try:
            found = await self.call("head_object", key, ChecksumMode="ENABLED")
        except FileNotFoundError:
            return None
        return Seen(found["ContentLength"], found["LastModified"], _checksum(found))

    async def read(self, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]:
        """One request and one answer, which is sent to its end whatever happens to the key meanwhile."""
        if stop is not None and start >= stop:
            return await super().read(key, start, stop)
        part = {"Range": f"bytes={start}-{'' if stop is None else stop - 1}"} if start or stop is not None else {}
        try:
            answer = await self.call("get_object", key, **part)
        except Unavailable as error:
            if _code(error) == "InvalidRange":
                return _nothing()
            raise
        return _chunks(_Body(answer["Body"]))

    async def put(self, key: str, data: bytes, crc32: int) -> None:
        checksum = _base64(crc32)
        await self.write(self.request("put_object", Key=self.path(key), Body=data, ChecksumCRC32=checksum))

    async def put_large(self, key: str, path: Path) -> None:
        """In parts, each compared by the server with its checksum."""
        begun = await self.write(self.request("create_multipart_upload", Key=self.path(key), ChecksumAlgorithm="CRC32"))
        upload = {"UploadId": begun["UploadId"]}
        try:
            parts = [part async for part in self._sent(key, path, upload)]
            await self.call("complete_multipart_upload", key, MultipartUpload={"Parts": parts}, **upload)
        except BaseException:
            with suppress(Unavailable, FileNotFoundError):
                await asyncio.shield(self.call("abort_multipart_upload", key, **upload))
            raise

    async def _sent(self, key: str, path: Path, upload: Mapping[str, str]) -> AsyncIterator[dict[str, Any]]:
        with path.open("rb", buffering=0) as file:
            for number in range(1, 10_001):
                data = await asyncio.to_thread(file.read, _PART)
                if not data:
                    return
                checksum = {"ChecksumCRC32": _base64(await asyncio.to_thread(zlib.crc32, data))}
                sent = await self.call("upload_part", key, PartNumber=number, Body=data, **checksum, **upload)
                del data  # or there would be two while the next is read
                yield {"PartNumber": number, "ETag": sent["ETag"], **checksum}

    async def delete(self, key: str) -> None:
        with suppress(FileNotFoundError):
            await self.call("delete_object", key)

    async def below(self, folder: str, *, levels: int = 0) -> AsyncIterator[tuple[str, Seen]]:
        """Page by page, so that `levels` make no difference."""
        page: dict[str, str] = {}
        while True:
            listed = await self.write(self.request("list_objects_v2", Prefix=self.path(f"{folder}/"), **page))
            for found in listed.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix), Seen(found["Size"], found["LastModified"])
            if not listed.get("IsTruncated"):
                return
            page = {"ContinuationToken": listed["NextContinuationToken"]}

    async def link(self, key: str, *, seconds: int, mime: str, disposition: str) -> str:
        wanted = {"ResponseContentType": mime, "ResponseContentDisposition": disposition}
        parameters = {"Bucket": self.bucket, "Key": self.path(key), **wanted}
        with cloud_faults():
            client = await self.client.set_session()
            url: str = await client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)
        return url


class S3Blobs(BucketBlobs, SignsLinks):
    """A bucket from which clients can read by themselves."""

    def __init__(self, objects: S3Objects, scratch: Path) -> None:
        super().__init__(objects, scratch)
        self._s3 = objects

    async def link(self, key: str, *, seconds: int, mime: str, disposition: str) -> str:
        return await self._s3.link(placed(key), seconds=seconds, mime=mime, disposition=disposition)


class _Body:
    """An answer under way. Its connection goes back with the last reference, also when nobody has begun to read."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def chunk(self) -> bytes:
        """What comes in network-sized pieces, together; at the end of a whole object its checksum is compared."""
        pieces, missing = [], CHUNK
        with cloud_faults():
            while missing and (piece := await self._stream.read(missing)):
                pieces.append(piece)
                missing -= len(piece)
        return b"".join(pieces)

    def __del__(self) -> None:
        with suppress(RuntimeError):  # the event loop is closed, and with it the connection
            self._stream.close()


async def _chunks(body: _Body) -> AsyncIterator[bytes]:
    while chunk := await body.chunk():
        yield chunk


async def _nothing() -> AsyncIterator[bytes]:
    nothing: tuple[bytes, ...] = ()
    for chunk in nothing:
        yield chunk


def _base64(crc32: int) -> str:
    return base64.b64encode(crc32.to_bytes(4, "big")).decode()


def _checksum(found: Mapping[str, Any]) -> str | None:
    """One that a copy has too: not that of a multipart upload (with its number of parts), nor of one encrypted."""
    if "aws:kms" in str(found.get("ServerSideEncryption")) and "ChecksumCRC32" not in found:
        return None
    checksum: str = found.get("ChecksumCRC32") or found["ETag"]
    return None if "-" in checksum else checksum


def _code(error: Unavailable) -> str:
    """The word by which S3 names what went wrong."""
    told = error.__cause__ and error.__cause__.__cause__
    return str(getattr(told, "response", {}).get("Error", {}).get("Code", ""))
