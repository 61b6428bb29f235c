"""The keys that tokens are verified with: shared secrets, a file, or the key set that an issuer publishes."""

import asyncio
import json
import logging
import math
import time
import warnings
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import JWKRegistry, Key, KeySet, OctKey

from domain.errors import Unavailable
from entrypoints.settings import Auth

Candidate: TypeAlias = OctKey | KeySet

FRESH = 600.0
"""Seconds after which a key set is read again, so that a withdrawn key stops working."""
UNKNOWN = 30.0
"""Seconds within which a token with an unknown key id does not make it be read again."""
AGAIN = 15.0
"""Seconds after a failure within which it is not tried again."""
KEPT = 24 * 3600.0
"""Seconds that a key set counts while its issuer is away."""

_log = logging.getLogger("clinic_media.http")


class Keys(Protocol):
    generation: int
    """How often the keys were read, so that what was verified with older ones can be dropped."""

    @abstractmethod
    async def get(self, *, unknown: bool = False) -> Sequence[Candidate]:
        """Any of which may verify a token; read again where a token names one that is `unknown`.

        Raises `Unavailable`.
        """


class SharedSecrets(Keys):
    """The first signs."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self.generation = 0
        self._keys = [OctKey.import_key(secret) for secret in secrets]

    async def get(self, *, unknown: bool = False) -> Sequence[Candidate]:
        return self._keys


class PublishedKeys(Keys):
    def __init__(self, load: Callable[[], Awaitable[bytes]], clock: Callable[[], float] = time.monotonic) -> None:
        """`load` gives a key set as RFC 7517 writes it; `clock` counts seconds."""
        self.generation = 0
        self._load = load
        self._clock = clock
        self._keys: tuple[KeySet, ...] = ()
        self._read_at = self._failed_at = -math.inf
        self._reading = asyncio.Lock()

    async def get(self, *, unknown: bool = False) -> Sequence[Candidate]:
        # One asks the issuer; meanwhile the others go on with the keys there are.
        if self._is_due(unknown) and (unknown or not self._count or not self._reading.locked()):
            async with self._reading:
                if self._is_due(unknown):
                    await self._read()
        if not self._count:
            raise Unavailable("The keys that tokens are signed with cannot be read now; try again later")
        return self._keys

    @property
    def _count(self) -> bool:
        return bool(self._keys) and self._clock() - self._read_at <= KEPT

    def _is_due(self, unknown: bool) -> bool:
        now = self._clock()
        return now - self._failed_at > AGAIN and now - self._read_at > (UNKNOWN if unknown else FRESH)

    async def _read(self) -> None:
        try:
            self._keys = (_key_set(await self._load()),)
        except (OSError, ValueError) as error:
            _log.warning("the key set cannot be read: %s", type(error).__name__, exc_info=error)
            self._failed_at = self._clock()
        else:
            self.generation += 1
            self._read_at = self._clock()


def keys_of(auth: Auth, clock: Callable[[], float] = time.monotonic) -> Keys:
    """As configured, which the settings have checked to be one of the three."""
    if auth.secret:
        return SharedSecrets([auth.secret, *auth.previous_secrets])
    if auth.jwks_file:
        return PublishedKeys(lambda: asyncio.to_thread(Path(auth.jwks_file).read_bytes), clock)
    from entrypoints.http.issuer import fetched  # noqa: PLC0415 - most installations sign their own tokens

    return PublishedKeys(lambda: fetched(auth.jwks_url), clock)


def _key_set(content: bytes) -> KeySet:
    """Of what signatures can be verified with; the rest is passed over, as RFC 7517 wants it."""
    told = json.loads(content)
    entries = told.get("keys") if isinstance(told, dict) else None
    keys = [key for entry in entries or () if (key := _key(entry)) is not None]
    if not keys:
        raise ValueError("the key set has no key that signs")
    return KeySet(keys)


def _key(entry: Any) -> Key | None:
    if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
        return None
    try:
        with warnings.catch_warnings(action="error", category=SecurityWarning):  # short keys
            key = JWKRegistry.import_key(entry)
    except (JoseError, SecurityWarning, ValueError, TypeError, KeyError):
        return None
    return None if isinstance(key, OctKey) else key  # a secret that is published is none
