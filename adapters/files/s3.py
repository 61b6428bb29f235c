"""Objects of a bucket that speaks S3: checksums that the server compares, bodies and listings as streams."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from zlib_ng import zlib_ng

from adapters.files.bodies import Body, chunks, nothing
from adapters.files.faults import cloud_faults
from adapters.files.folders import Seen
from adapters.files.objects import FsspecObjects, SigningObjects, parts_of, require_right
from domain.errors import Unavailable

# What is slow to fail keeps a person waiting; what fails is tried again by that person or by recovery.
_CONFIG = {"max_pool_connections": 64, "signature_version": "s3v4", "retries": {"max_attempts": 2, "mode": "standard"}}
_ROUNDS = 2
_PART = 5 * 2**20
"""Bytes of a large upload that are in memory at once: as few as S3 takes."""


class S3Objects(FsspecObjects, SigningObjects):
    package, kind, extra = "s3fs", "S3FileSystem", "s3"

    def __init__(self, place: str, options: Mapping[str, Any]) -> None:
        super().__init__(place, {**options, "config_kwargs": {**_CONFIG, **options.get("config_kwargs", {})}})

    async def request(self, operation: str, **more: Any) -> Any:
        self.client.retries = _ROUNDS
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
        """One request and one answer, which is sent to its end whatever happens to the key meanwhile.

        At the end of a whole object its checksum is compared.
        """
        if stop is not None and start >= stop:
            if await self.head(key) is None:
                raise FileNotFoundError(key)
            return nothing()
        part = {"Range": f"bytes={start}-{'' if stop is None else stop - 1}"} if start or stop is not None else {}
        try:
            answer = await self.call("get_object", key, **part)
        except Unavailable as error:
            if _code(error) == "InvalidRange":
                return nothing()
            raise
        return chunks(Body(answer["Body"], answer["Body"]))

    async def put(self, key: str, data: bytes, crc32: int) -> None:
        checksum = _base64(crc32)
        await self.write(self.request("put_object", Key=self.path(key), Body=data, ChecksumCRC32=checksum))

    async def put_large(self, key: str, path: Path, crc32: int) -> None:
        """Each part is compared by the server with its checksum."""
        begun = await self.write(self.request("create_multipart_upload", Key=self.path(key), ChecksumAlgorithm="CRC32"))
        upload = {"UploadId": begun["UploadId"]}
        try:
            parts = await self._sent(key, path, crc32, upload)
            await self.call("complete_multipart_upload", key, MultipartUpload={"Parts": parts}, **upload)
        except BaseException:
            with suppress(Unavailable, FileNotFoundError):
                await asyncio.shield(self.call("abort_multipart_upload", key, **upload))
            raise

    async def _sent(self, key: str, path: Path, crc32: int, upload: Mapping[str, str]) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = []
        whole = 0
        async for data in parts_of(path, _PART):
            whole = await asyncio.to_thread(zlib_ng.crc32, data, whole)
            checksum = {"ChecksumCRC32": _base64(await asyncio.to_thread(zlib_ng.crc32, data))}
            number = len(told) + 1
            sent = await self.call("upload_part", key, PartNumber=number, Body=data, **checksum, **upload)
            told.append({"PartNumber": number, "ETag": sent["ETag"], **checksum})
            del data
        require_right(whole, crc32)
        return told

    async def duplicate(self, old: str, new: str) -> None:
        old, new = (f"{self.bucket}/{self.path(key)}" for key in (old, new))
        await self.ask(self.client._cp_file(old, new))

    async def drop(self, key: str) -> None:
        await self.request("delete_object", Key=self.path(key))

    async def below(self, folder: str) -> AsyncIterator[tuple[str, Seen]]:
        page: dict[str, str] = {}
        while True:
            listed = await self.write(self.request("list_objects_v2", Prefix=self.path(f"{folder}/"), **page))
            for found in listed.get("Contents", ()):
                yield self.key(found["Key"]), Seen(found["Size"], found["LastModified"])
            if not listed.get("IsTruncated"):
                return
            page = {"ContinuationToken": listed["NextContinuationToken"]}

    async def link(self, key: str, *, seconds: int, mime: str, disposition: str) -> str:
        told = {"Type": mime, "Disposition": disposition}
        answer = {f"ResponseContent{name}": value for name, value in told.items()}
        parameters = {
            "Bucket": self.bucket,
            "Key": self.path(key),
            "ResponseCacheControl": "private, no-store",
            **answer,
        }
        with cloud_faults():
            client = await self.client.set_session()
            url: str = await client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=seconds)
        return url

    async def disconnect(self) -> None:
        if self.client._s3 is not None:
            await self.client._s3.close()


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
