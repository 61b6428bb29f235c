"""Originals that somebody else sends: the bucket, by a link for a while, or nginx in front, from the disk of both."""

from collections.abc import Mapping

from application.downloads import Download
from application.ports.blobs import Blobs, ServesPaths, SignsLinks
from entrypoints.configuration import WrongSettings
from entrypoints.settings import Storage

ACCEL = "x-accel-redirect"


class Forwarding:
    """Asked once it is known that the caller may have it, that it is at its place, and written down."""

    def __init__(self, storage: Storage, blobs: Blobs) -> None:
        """Raises `WrongSettings` where the storage cannot do what `storage.downloads` says."""
        self._storage = storage
        self._signs = blobs if storage.downloads == "redirect" and isinstance(blobs, SignsLinks) else None
        self._serves = blobs if storage.downloads == "x-accel" and isinstance(blobs, ServesPaths) else None
        if storage.downloads != "stream" and self._signs is None and self._serves is None:
            raise WrongSettings(f"storage.downloads: {storage.downloads} needs {_NEEDED[storage.downloads]}")

    @property
    def is_on(self) -> bool:
        return self._serves is not None or self._signs is not None

    async def __call__(self, download: Download, headers: Mapping[str, str]) -> tuple[int, dict[str, str]] | None:
        """Status and headers of an answer without a body; None where the service sends the bytes itself.

        Pictures are at hand here, and copies without metadata are made here: neither is forwarded.
        """
        if not download.is_stored:
            return None
        if self._serves is not None:
            path = self._serves.path(download.key)
            said = {name: value for name, value in headers.items() if name != "accept-ranges"}  # nginx says so itself
            return 200, {**said, ACCEL: f"{self._storage.accel_location}{path}"}
        if self._signs is not None:
            url = await self._signs.link(
                download.key,
                seconds=self._storage.link_seconds,
                mime=headers["content-type"],
                disposition=headers["content-disposition"],
            )
            return 302, {"location": url, "cache-control": "private, no-store", "content-length": "0"}
        return None


_NEEDED = {
    "redirect": "a bucket that signs links: storage.url = s3://…, or az://… with the account's key in storage.options",
    "x-accel": "files on this machine: storage.url = file:///…",
}
