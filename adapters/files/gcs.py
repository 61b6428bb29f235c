"""Objects of Google Cloud Storage, by its JSON API; gcsfs knows the ways to sign in."""

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from adapters.files.bodies import Body, Sendable, chunks, nothing
from adapters.files.folders import Seen
from adapters.files.objects import PART, FsspecObjects, md5_of, md5_of_file, parts_of
from domain.errors import Unavailable

_LONGEST_SILENCE = 60
"""Seconds without a byte after which a body counts as lost; the whole of it may take as long as the client does."""
_TYPE = "application/octet-stream"
_REFUSED = (401, 403)
_PAUSES = (0.5, 1.5)
"""Seconds between the tries of what failed for a moment."""


class GcsObjects(FsspecObjects):
    package, kind, extra = "gcsfs.core", "GCSFileSystem", "gcs"

    def __init__(self, place: str, options: Mapping[str, Any]) -> None:
        # its other half speaks gRPC to kinds of buckets that this is not for
        os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
        super().__init__(place, options)

    async def request(self, method: str, path: str, **more: Any) -> tuple[Any, bytes]:
        """Headers and body of the answer."""
        from gcsfs.retry import is_retriable  # noqa: PLC0415 - comes with the extra

        # As the client asks, but for its six tries, which take a minute.
        ask = self.module.GCSFileSystem._request.__wrapped__
        for pause in (*_PAUSES, None):
            await asyncio.to_thread(self.client.credentials.maybe_refresh)  # which asks Google, and waits for it
            try:
                _, headers, _, body = await ask(self.client, method, path, **more)
            except Exception as error:
                if pause is None or not is_retriable(error):
                    raise _understood(error) from error
                await asyncio.sleep(pause)
            else:
                return headers, body
        raise AssertionError

    async def told(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads((await self.request(method, path, **more))[1])
        return answer

    @property
    def _objects(self) -> str:
        return f"b/{self.bucket}/o"

    def _object(self, key: str) -> str:
        return f"{self._objects}/{quote(self.path(key), safe='')}"

    async def require(self) -> None:
        await self.write(self.told("GET", self._objects, maxResults=1))

    async def head(self, key: str) -> Seen | None:
        try:
            return _seen(await self.ask(self.told("GET", self._object(key))))
        except FileNotFoundError:
            return None

    async def read(self, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]:
        """One request and one answer, which is sent to its end whatever happens to the key meanwhile."""
        if stop is not None and start >= stop:
            if await self.head(key) is None:
                raise FileNotFoundError(key)
            return nothing()
        part = {"Range": f"bytes={start}-{'' if stop is None else stop - 1}"} if start or stop is not None else {}
        answer = await self.ask(self._answer(key, part))
        return nothing() if answer is None else chunks(Body(answer.content, answer))

    async def _answer(self, key: str, part: Mapping[str, str]) -> Any:
        """None for a range that begins after the end."""
        from aiohttp import ClientTimeout  # noqa: PLC0415 - comes with the extra

        await asyncio.to_thread(self.client.credentials.maybe_refresh)
        session = await self.client._set_session()
        url = self.client.url(f"{self.bucket}/{self.path(key)}")
        patience = ClientTimeout(total=None, sock_connect=_LONGEST_SILENCE, sock_read=_LONGEST_SILENCE)
        answer = await session.get(url, headers=self.client._get_headers(part), timeout=patience)
        if answer.status in (200, 206):
            return answer
        answer.close()
        if answer.status == 416:
            return None
        if answer.status == 404:
            raise FileNotFoundError(key)
        if answer.status in _REFUSED:
            raise PermissionError(key)
        raise OSError(f"an answer of status {answer.status}")

    async def put(self, key: str, data: bytes, crc32: int) -> None:
        checksum = _base64(await asyncio.to_thread(md5_of, data, crc32))
        told = json.dumps({"name": self.path(key), "md5Hash": checksum})
        # Whatever is uploaded cannot know where it ends.
        end = f"--{token_hex(16)}"
        head = f"{end}\r\nContent-Type: application/json\r\n\r\n{told}\r\n{end}\r\nContent-Type: {_TYPE}\r\n\r\n"
        body = b"".join((head.encode(), data, f"\r\n{end}--\r\n".encode()))
        headers = {"Content-Type": f"multipart/related; boundary={end[2:]}"}
        sent = self.told("POST", self._uploads, uploadType="multipart", headers=headers, data=Sendable(body))
        _require(await self.write(sent), checksum)

    async def put_large(self, key: str, path: Path, crc32: int) -> None:
        checksum = _base64(await md5_of_file(path, crc32))
        headers, _ = await self.write(
            self.request(
                "POST",
                self._uploads,
                uploadType="resumable",
                json={"name": self.path(key), "md5Hash": checksum},
                headers={"X-Upload-Content-Type": _TYPE},
            )
        )
        session = headers["Location"]
        try:
            _require(await self._sent(session, path), checksum)
        except BaseException:
            with suppress(Unavailable, FileNotFoundError):
                await asyncio.shield(self.ask(self.request("DELETE", session)))
            raise

    async def _sent(self, session: str, path: Path) -> dict[str, Any]:
        """What the cloud says of the whole, with the last part of it."""
        size, at, answer = (await asyncio.to_thread(path.stat)).st_size, 0, b""
        async for data in parts_of(path, PART):
            span = f"bytes {at}-{at + len(data) - 1}/{size}"
            at += len(data)
            sent = self.request("PUT", session, headers={"Content-Range": span}, data=Sendable(data))
            del data
            headers, answer = await self.ask(sent)
            if at < size and headers.get("Range") != f"bytes=0-{at - 1}":
                raise Unavailable("The bucket did not take a part of the file.")
        told: dict[str, Any] = json.loads(answer)
        return told

    @property
    def _uploads(self) -> str:
        return f"{self.client._location}/upload/storage/v1/{self._objects}"

    async def duplicate(self, old: str, new: str) -> None:
        path = f"{self._object(old)}/rewriteTo/{self._object(new)}"
        told = await self.ask(self.told("POST", path))
        while not told["done"]:
            told = await self.ask(self.told("POST", path, rewriteToken=told["rewriteToken"]))

    async def drop(self, key: str) -> None:
        await self.request("DELETE", self._object(key))

    async def below(self, folder: str) -> AsyncIterator[tuple[str, Seen]]:
        page: dict[str, str] = {}
        while True:
            listed = await self.write(self.told("GET", self._objects, prefix=self.path(f"{folder}/"), **page))
            for found in listed.get("items", ()):
                yield self.key(found["name"]), _seen(found)
            if "nextPageToken" not in listed:
                return
            page = {"pageToken": listed["nextPageToken"]}

    async def disconnect(self) -> None:
        if self.client._session is not None:
            await self.client._session.close()


def _understood(error: Exception) -> Exception:
    """As what all storages raise, where the client tells it otherwise."""
    if str(error).startswith("Forbidden") or getattr(error, "code", None) in _REFUSED:
        return PermissionError("refused by the bucket")
    return OSError("a request that the bucket does not take") if isinstance(error, ValueError) else error


def _seen(found: Mapping[str, Any]) -> Seen:
    return Seen(int(found["size"]), datetime.fromisoformat(found["updated"]), found.get("crc32c"))


def _base64(checksum: bytes) -> str:
    return base64.b64encode(checksum).decode()


def _require(stored: Mapping[str, Any], checksum: str) -> None:
    """Raise `Unavailable` where the cloud has not compared it, and should have."""
    if stored.get("md5Hash") != checksum:
        raise Unavailable("The bucket did not store the bytes that were sent.")
