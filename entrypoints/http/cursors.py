"""Where a page ended, given to clients so that they can bring it back but not make it up."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from application.ports.paging import PageRequest, Position
from domain.errors import Malformed

_MAC = 16
_positions = msgspec.json.Decoder(tuple[str | int, ...])


class Cursors:
    """Signed, and good only for the clinic and list they were made for; with `previous` secrets they still are."""

    def __init__(self, secret: bytes, previous: Sequence[bytes] = ()) -> None:
        keys = [blake2b(each, person=b"cursors").digest() for each in (secret, *previous)]
        self._signing = [blake2b(key=key, digest_size=_MAC) for key in keys]

    def seal(self, clinic: str, path: str, position: Position | None) -> str | None:
        if position is None:
            return None
        told = msgspec.json.encode(position)
        return base64.urlsafe_b64encode(_mac(self._signing[0], clinic, path, told) + told).decode().rstrip("=")

    def open(self, clinic: str, path: str, cursor: str) -> Position:
        """Raises `Malformed` for one that is not ours or belongs to another list."""
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            mac, told = sealed[:_MAC], sealed[_MAC:]
            if not any(hmac.compare_digest(mac, _mac(signing, clinic, path, told)) for signing in self._signing):
                raise ValueError("made up")
            return _positions.decode(told)
        except (ValueError, binascii.Error, msgspec.DecodeError) as error:
            raise Malformed("The cursor does not belong to this list; begin without one", field="cursor") from error

    def page(self, clinic: str, path: str, cursor: str | None, page: int, size: int) -> PageRequest:
        """What a client asks for; a cursor goes before a page number."""
        after = self.open(clinic, path, cursor) if cursor else None
        return PageRequest(size=size, after=after, page=1 if after is not None else page)


def _mac(signing: blake2b, clinic: str, path: str, told: bytes) -> bytes:
    signed = signing.copy()
    signed.update(b"\n".join((clinic.encode(), path.encode(), told)))
    return signed.digest()
