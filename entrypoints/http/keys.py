"""The keys that tokens are verified with: a shared secret, a file, or the key set that an issuer publishes."""

import asyncio
import json
import logging
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from joserfc.jwk import KeySet, OctKey

from domain.errors import Unavailable
from entrypoints.settings import Auth

Key: TypeAlias = OctKey | KeySet

OLDEST = 600.0
"""Seconds after which a key set is read again, so that a withdrawn key stops working."""
NEWEST = 60.0
"""Seconds within which a token with an unknown key id does not make it be read again."""
_MAX_BYTES = 1 << 20

_log = logging.getLogger("clinic_media.http")


class Keys:
    """`generation` counts how often the keys were read, so that what was verified with older ones can be dropped."""

    def __init__(self, load: Callable[[], Key], *, fixed: bool = False) -> None:
        self._load = load
        self._fixed = fixed
        self._key: Key | None = load() if fixed else None
        self._read_at = 0.0
        self._reading = asyncio.Lock()
        self.generation = 0

    async def get(self, *, unknown: bool = False) -> Key:
        """The keys; read again when old, or when a token names one that is `unknown`. Raises `Unavailable`."""
        if self._key is not None and not self._stale(unknown):
            return self._key
        async with self._reading:
            if self._key is None or self._stale(unknown):
                await self._read()
        if self._key is None:
            raise Unavailable("The keys that tokens are signed with cannot be read now; try again later")
        return self._key

    def _stale(self, unknown: bool) -> bool:
        return not self._fixed and time.monotonic() - self._read_at > (NEWEST if unknown else OLDEST)

    async def _read(self) -> None:
        try:
            self._key = await asyncio.to_thread(self._load)
            self.generation += 1
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("the key set cannot be read: %s", type(error).__name__, exc_info=error)
        self._read_at = time.monotonic()


def keys_of(auth: Auth) -> Keys:
    """As configured, which the settings have checked to be one of the three."""
    if auth.secret:
        return Keys(lambda: OctKey.import_key(auth.secret), fixed=True)
    if auth.jwks_file:
        return Keys(lambda: _key_set(Path(auth.jwks_file).read_bytes()))
    return Keys(lambda: _key_set(_fetched(auth.jwks_url)))


def _fetched(url: str) -> bytes:
    # The operator's own setting, which is https:// or http:// by its pattern; never a word of a client.
    with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
        return bytes(response.read(_MAX_BYTES))


def _key_set(content: bytes) -> KeySet:
    return KeySet.import_key_set(json.loads(content))
