"""AES-256-GCM in frames, so that a file of any size needs little memory (the STREAM construction).

    16 bytes of salt, from which and the place's key the file's own key is derived, with its name
    frames of 64 KiB, each with its number and whether it is the last one in the nonce, and 16 bytes of tag behind it

Frames cannot be changed, moved, dropped or added, and a file cannot stand in for another. The place's key comes from
the passphrase by scrypt, with a salt that is kept at the place.
"""

from collections.abc import AsyncIterator
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from application.ports.backups import BackupRefused
from application.ports.sealing import Cipher, Ciphers, Damaged, Sealing

_NAME = "aes-256-gcm-stream"
_FRAME = 64 * 1024
_SALT, _TAG = 16, 16
_CHECKED = b"clinic-media backup"
_CHECK_NAME = "about"
_COST = 2**16
"""Of scrypt: 64 MiB and a fifth of a second for each guess at the passphrase."""


class AesGcmSealing(Sealing):
    def __init__(self, key: bytes, salt: bytes) -> None:
        self._aes = AESGCM(key)
        self._out = bytearray(salt)
        self._rest = bytearray()
        self._number = 0

    def update(self, chunk: bytes) -> bytes:
        self._rest += chunk
        # one frame stays back: whether it is the last is not known yet
        while len(self._rest) > _FRAME:
            self._frame(bytes(self._rest[:_FRAME]), last=False)
            del self._rest[:_FRAME]
        return self._taken()

    def finish(self) -> bytes:
        self._frame(bytes(self._rest), last=True)
        return self._taken()

    def _frame(self, data: bytes, *, last: bool) -> None:
        self._out += self._aes.encrypt(_nonce(self._number, last=last), data, None)
        self._number += 1

    def _taken(self) -> bytes:
        out, self._out = bytes(self._out), bytearray()
        return out


class AesGcmCipher(Cipher):
    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, name: str) -> Sealing:
        salt = token_bytes(_SALT)
        return AesGcmSealing(self._file_key(salt, name), salt)

    async def open(self, name: str, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        held, number = bytearray(), 0
        aes: AESGCM | None = None
        async for chunk in chunks:
            held += chunk
            if aes is None and len(held) >= _SALT:
                aes = AESGCM(self._file_key(bytes(held[:_SALT]), name))
                del held[:_SALT]
            while aes is not None and len(held) > _FRAME + _TAG:
                yield _opened(aes, bytes(held[: _FRAME + _TAG]), number, last=False)
                del held[: _FRAME + _TAG]
                number += 1
        if aes is None:
            raise Damaged
        yield _opened(aes, bytes(held), number, last=True)

    def sealed_size(self, size: int) -> int:
        frames = max(1, -(-size // _FRAME))
        return _SALT + size + frames * _TAG

    def _file_key(self, salt: bytes, name: str) -> bytes:
        return HKDF(SHA256(), 32, salt, f"clinic-media backup {name}".encode()).derive(self._key)


class AesGcmCiphers(Ciphers):
    """From a passphrase; the longer the better."""

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase.encode()

    def begin(self) -> tuple[dict[str, str], Cipher]:
        salt = token_bytes(_SALT)
        cipher = self._cipher(salt)
        sealing = cipher.seal(_CHECK_NAME)
        check = sealing.update(_CHECKED) + sealing.finish()
        return {"cipher": _NAME, "salt": salt.hex(), "check": check.hex()}, cipher

    def resume(self, note: dict[str, str]) -> Cipher:
        if note.get("cipher") != _NAME:
            raise BackupRefused("These backups are not encrypted: say --unencrypted, or choose another place")
        cipher = self._cipher(bytes.fromhex(note["salt"]))
        check = bytes.fromhex(note["check"])
        aes = AESGCM(cipher._file_key(check[:_SALT], _CHECK_NAME))
        try:
            _opened(aes, check[_SALT:], 0, last=True)
        except Damaged:
            raise BackupRefused("This is not the key that these backups were made with") from None
        return cipher

    def _cipher(self, salt: bytes) -> AesGcmCipher:
        return AesGcmCipher(Scrypt(salt, 32, _COST, 8, 1).derive(self._passphrase))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _opened(aes: AESGCM, frame: bytes, number: int, *, last: bool) -> bytes:
    try:
        return aes.decrypt(_nonce(number, last=last), frame, None)
    except (InvalidTag, ValueError) as error:
        raise Damaged from error
