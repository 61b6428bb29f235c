"""Objects of Azure Blob Storage, by Azure's own client.

adlfs would do as little of this as gcsfs does of theirs, keeps every client for ever, and complains of that at the end.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from adapters.files.bodies import Sendable, nothing
from adapters.files.folders import Seen
from adapters.files.objects import PART, SigningObjects, md5_of, md5_of_file, parts_of
from application.ports.blobs import CHUNK
from domain.errors import Unavailable

T = TypeVar("T")

_TYPE = "application/octet-stream"
_AT_ONCE = 2**20
"""Bytes that the client sends whole; what is longer would hold up the event loop."""
_LOOK_AGAIN_SECONDS = 0.2
# What is slow to fail keeps a person waiting; unasked, Azure's client waits for 15 seconds between two tries.
_PATIENCE = {"retry_total": 2, "initial_backoff": 1, "increment_base": 1, "random_jitter_range": 1}


class AzureObjects(SigningObjects):
    """Options: `connection_string`; or `account_name` (or `account_url`) with `account_key`, `sas_token`, `tenant_id`
    with `client_id` and `client_secret`, or nothing more: then what azure-identity finds on this machine."""

    package, extra = "azure.storage.blob.aio", "azure"

    def __init__(self, place: str, options: Mapping[str, Any]) -> None:
        super().__init__(place, options)
        if not options.keys() & {"connection_string", "account_url", "account_name"}:
            raise ValueError("az storage needs account_name or connection_string in its options")

    def connect(self) -> Any:
        self._opened = AsyncExitStack()
        kind, options = self.module.BlobServiceClient, self.options
        if text := options.get("connection_string"):
            return kind.from_connection_string(text, **_PATIENCE)
        url = options.get("account_url") or f"https://{options['account_name']}.blob.core.windows.net"
        secret = options.get("account_key") or options.get("sas_token") or self._identity()
        return kind(url, credential=secret, **_PATIENCE)

    def _identity(self) -> Any:
        from azure.identity.aio import ClientSecretCredential, DefaultAzureCredential  # noqa: PLC0415

        options = self.options
        if "client_secret" in options:
            found: Any = ClientSecretCredential(options["tenant_id"], options["client_id"], options["client_secret"])
        else:
            found = DefaultAzureCredential()
        self._opened.push_async_callback(found.close)
        return found

    @property
    def can_sign(self) -> bool:
        """Whether the options hold the account's key, by which links are signed."""
        return bool(self.options.get("account_key")) or "AccountKey=" in self.options.get("connection_string", "")

    async def ask(self, answer: Awaitable[T]) -> T:
        return await super().ask(_understood(answer))

    def _blob(self, key: str) -> Any:
        return self.client.get_blob_client(self.bucket, self.path(key))

    @property
    def _container(self) -> Any:
        return self.client.get_container_client(self.bucket)

    async def require(self) -> None:
        pages = self._container.list_blobs(results_per_page=1).by_page()
        await self.write(anext(pages, None))

    async def head(self, key: str) -> Seen | None:
        try:
            found = await self.ask(self._blob(key).get_blob_properties())
        except FileNotFoundError:
            return None
        return _seen(found)

    async def read(self, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]:
        """The first 32 MiB are asked for at once and the rest in pieces, of the same version: where it is replaced or
        deleted meanwhile the body ends with `Unavailable`."""
        seen = await self.head(key)
        if seen is None:
            raise FileNotFoundError(key)
        length = min(seen.size, seen.size if stop is None else stop) - start
        if length <= 0:
            return nothing()
        return self._pieces(await self.ask(self._blob(key).download_blob(offset=start, length=length)))

    async def _pieces(self, answer: Any) -> AsyncIterator[bytes]:
        pieces = answer.chunks()
        while piece := await self._piece(pieces):
            for at in range(0, len(piece), CHUNK):
                yield piece[at : at + CHUNK]

    async def _piece(self, pieces: AsyncIterator[bytes]) -> bytes:
        try:
            return await self.ask(anext(pieces, b""))
        except FileNotFoundError as error:
            raise Unavailable("The file was deleted while it was read.") from error

    async def put(self, key: str, data: bytes, crc32: int) -> None:
        settings = _settings(await asyncio.to_thread(md5_of, data, crc32))
        if len(data) > _AT_ONCE:
            await self._commit(key, [await self._stage(key, 0, data)], settings)
            return
        sent = self._blob(key).upload_blob(data, overwrite=True, validate_content=True, content_settings=settings)
        await self.write(sent)

    async def put_large(self, key: str, path: Path, crc32: int) -> None:
        """Parts that are never put together are gone after a week."""
        settings = _settings(await md5_of_file(path, crc32))
        ids: list[str] = []
        async for part in parts_of(path, PART):
            ids.append(await self._stage(key, len(ids), part))
            del part
        await self._commit(key, ids, settings)

    async def _stage(self, key: str, number: int, part: bytes) -> str:
        id = f"{number:08}"
        staged = self._blob(key).stage_block(id, Sendable(part), length=len(part), validate_content=True)
        del part
        await self.write(staged)
        return id

    async def _commit(self, key: str, ids: Sequence[str], settings: Any) -> None:
        from azure.storage.blob import BlobBlock  # noqa: PLC0415 - comes with the extra

        blocks = [BlobBlock(id) for id in ids]
        await self.write(self._blob(key).commit_block_list(blocks, content_settings=settings))

    async def duplicate(self, old: str, new: str) -> None:
        """Azure may take its time over it."""
        copy = self._blob(new)
        begun = await self.ask(copy.start_copy_from_url(self._blob(old).url))
        status, id = begun["copy_status"], begun["copy_id"]
        while status == "pending":
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            told = (await self.ask(copy.get_blob_properties())).copy
            if told.id != id:
                raise Unavailable("The bucket's copy was replaced by another.")
            status = told.status
        if status != "success":
            raise Unavailable("The bucket did not copy the whole object.")

    async def drop(self, key: str) -> None:
        await self._blob(key).delete_blob(delete_snapshots="include")

    async def below(self, folder: str) -> AsyncIterator[tuple[str, Seen]]:
        pages = self._container.list_blobs(name_starts_with=self.path(f"{folder}/")).by_page()
        while (page := await self.write(anext(pages, None))) is not None:
            async for found in page:
                yield self.key(found.name), _seen(found)

    async def link(self, key: str, *, seconds: int, mime: str, disposition: str) -> str:
        from azure.storage.blob import BlobSasPermissions, generate_blob_sas  # noqa: PLC0415

        service, path = self.client, self.path(key)
        signed = generate_blob_sas(
            service.account_name,
            self.bucket,
            path,
            account_key=service.credential.account_key,
            permission=BlobSasPermissions(read=True),
            expiry=datetime.now(UTC) + timedelta(seconds=seconds),
            cache_control="private, no-store",
            content_disposition=disposition,
            content_type=mime,
        )
        return f"{service.get_blob_client(self.bucket, path).url}?{signed}"

    async def disconnect(self) -> None:
        await self.client.close()
        await self._opened.aclose()


async def _understood(answer: Awaitable[T]) -> T:
    """Errors of Azure's as those that all storages raise."""
    from azure.core.exceptions import HttpResponseError  # noqa: PLC0415

    try:
        return await answer
    except HttpResponseError as error:
        if error.status_code == 404:
            raise FileNotFoundError("not in the container") from error
        if error.status_code in (401, 403):
            raise PermissionError("refused by the container") from error
        raise


def _seen(found: Any) -> Seen:
    checksum = found.content_settings.content_md5
    return Seen(found.size, found.last_modified, bytes(checksum).hex() if checksum else None)


def _settings(checksum: bytes) -> Any:
    from azure.storage.blob import ContentSettings  # noqa: PLC0415

    return ContentSettings(content_type=_TYPE, content_md5=bytearray(checksum))
