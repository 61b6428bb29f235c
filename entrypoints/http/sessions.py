"""Sessions of the clinic app: a bearer token in a cookie that no script can read.

Nothing is kept here, so that any worker can read the cookie; it ends with the token inside. Whoever changes something
with it must also send the session's CSRF token as a header, which pages of other sites can neither read nor send.
"""

import hmac
from collections.abc import Sequence
from datetime import timedelta
from hashlib import blake2b
from http.cookies import Morsel
from typing import Any

from litestar.types import HTTPScope

from domain.errors import Forbidden, RuleViolated
from entrypoints.http.exchange import header

COOKIE = "clinic-media-session"
PATH = "/api/v1"
CSRF_HEADER = b"x-csrf-token"

_LONGEST = 3800
"""What browsers keep of a cookie, less its name and attributes."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Sessions:
    """`secure`: the service is reached by https, so the cookie must not travel otherwise; nor where a session began by
    https. What was signed with `previous` secrets still counts."""

    def __init__(self, secret: bytes, *, secure: bool, previous: Sequence[bytes] = ()) -> None:
        self._keys = [blake2b(each, person=b"csrf").digest() for each in (secret, *previous)]
        self._secure = secure

    def token(self, scope: HTTPScope) -> str | None:
        """The bearer token of the request's cookie."""
        return _cookie(header(scope, b"cookie") or b"")

    def check(self, scope: HTTPScope, token: str) -> None:
        """Raise `Forbidden` for a change by cookie without the session's CSRF token."""
        if scope["method"] in _SAFE_METHODS:
            return
        given = header(scope, CSRF_HEADER) or b""
        if not any(hmac.compare_digest(given, _csrf_token(key, token).encode()) for key in self._keys):
            raise Forbidden("With the session's cookie a change also needs the session's csrf_token as X-CSRF-Token")

    def csrf_token(self, token: str) -> str:
        return _csrf_token(self._keys[0], token)

    def begun(self, token: str, lasts: timedelta, scheme: str) -> str:
        """The Set-Cookie header. Raises `RuleViolated` for a token that browsers would not keep."""
        if len(token) > _LONGEST:
            raise RuleViolated(f"A token for a session may have at most {_LONGEST} characters", field="token")
        return self._set(token, max(0, int(lasts.total_seconds())), secure=self._secure or scheme == "https")

    def ended(self) -> str:
        return self._set("", 0, secure=self._secure)

    def _set(self, value: str, seconds: int, *, secure: bool) -> str:
        morsel: Morsel[Any] = Morsel()
        morsel.set(COOKIE, value, value)
        attributes: dict[str, Any] = {"path": PATH, "max-age": seconds, "httponly": True, "samesite": "Strict"}
        morsel.update(attributes | {"secure": secure})
        return morsel.OutputString()


def _csrf_token(key: bytes, token: str) -> str:
    return blake2b(token.encode(), key=key, digest_size=24).hexdigest()


def _cookie(given: bytes) -> str | None:
    for pair in given.decode("latin-1").split(";"):
        name, _, value = pair.partition("=")
        if name.strip() == COOKIE and value.strip():
            return value.strip()
    return None
