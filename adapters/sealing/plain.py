"""No encryption, where somebody asked for that; checksums still tell what is damaged."""

from collections.abc import AsyncIterator

from application.ports.backups import BackupRefused
from application.ports.sealing import Cipher, Ciphers, Sealing

_NAME = "none"


class PlainSealing(Sealing):
    def update(self, chunk: bytes) -> bytes:
        return chunk

    def finish(self) -> bytes:
        return b""


class PlainCipher(Cipher):
    def seal(self, name: str) -> Sealing:
        return PlainSealing()

    def open(self, name: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        return chunks

    def sealed_size(self, size: int) -> int:
        return size


class PlainCiphers(Ciphers):
    def begin(self) -> tuple[dict[str, str], Cipher]:
        return {"cipher": _NAME}, PlainCipher()

    def resume(self, note: dict[str, str]) -> Cipher:
        if note.get("cipher") != _NAME:
            raise BackupRefused("These backups are encrypted: give their key (backup.key or --key-file)")
        return PlainCipher()
