"""Where a page ended, given to clients so that they can bring it back but not make it up."""

import base64
import binascii
import hmac
from hashlib import blake2b

import msgspec

from application.ports.paging import PageRequest, Position
from domain.errors import Malformed

_MAC = 16
_positions = msgspec.json.Decoder(tuple[str | int, ...])


class Cursors:
    """Signed, and good only for the clinic and list they were made for."""

    def __init__(self, secret: bytes) -> None:
        key = blake2b(secret, person=b"cursors").digest()
        self._signing = blake2b(key=key, digest_size=_MAC)

    def seal(self, clinic: str, path: str, position: Position | None) -> str | None:
        if position is None:
            return None
        told = msgspec.json.encode(position)
        return base64.urlsafe_b64encode(self._mac(clinic, path, told) + told).decode().rstrip("=")

    def open(self, clinic: str, path: str, cursor: str) -> Position:
        """Raises `Malformed` for one that is not ours or belongs to another list."""
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            mac, told = sealed[:_MAC], sealed[_MAC:]
            if not hmac.compare_digest(mac, self._mac(clinic, path, told)):
                raise ValueError("made up")
            return _positions.decode(told)
        except (ValueError, binascii.Error, msgspec.DecodeError) as error:
            raise Malformed("The cursor does not belong to this list; begin without one", field="cursor") from error

    def page(self, clinic: str, path: str, cursor: str | None, page: int, size: int) -> PageRequest:
        """What a client asks for; a cursor goes before a page number."""
        after = self.open(clinic, path, cursor) if cursor else None
        return PageRequest(size=size, after=after, page=1 if after is not None else page)

    def _mac(self, clinic: str, path: str, told: bytes) -> bytes:
        signed = self._signing.copy()
        signed.update(b"\n".join((clinic.encode(), path.encode(), told)))
        return signed.digest()
