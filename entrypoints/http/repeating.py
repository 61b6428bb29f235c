"""Idempotency-Key: the same request sent again makes nothing new and is answered alike."""

import re
from hashlib import sha256

from litestar.types import HTTPScope

from application.ports.unit_of_work import Once
from domain.errors import Malformed
from entrypoints.http.exchange import header

_KEY = re.compile(rb"[\x21-\x7e]{1,255}")


def once(scope: HTTPScope, body: bytes) -> Once | None:
    """What the client says of repeating this request; None where it says nothing.

    `body` is what tells this request from another one with the same key: the bytes, or enough about them.
    """
    key = header(scope, b"idempotency-key")
    if key is None:
        return None
    if _KEY.fullmatch(key) is None:
        raise Malformed("Idempotency-Key must be 1 to 255 visible ASCII characters", field="Idempotency-Key")
    asked = f"{scope['method']} {scope['path']}\n".encode()
    return Once(key=key.decode(), fingerprint=sha256(asked + body).hexdigest())
