"""How often one may ask within a minute: users for requests and uploads, addresses for signing in and wrong tokens.

Minutes are those of the clock. A genuine token is never refused for what others do at the same address, since a whole
clinic may come from one.
"""

from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from application.ports.tallies import Tally
from domain.access import Principal
from domain.errors import TooManyRequests
from entrypoints.settings import Limits

WINDOW = 60
"""Seconds."""
_NEIGHBOURS = 64
"""Bits of an IPv6 address that whoever sends cannot choose."""


class OverLimit(TooManyRequests):
    """`name` is the limit, `most` what it allows, `seconds` when it begins anew; `first` the first refusal of it."""

    def __init__(self, name: str, most: int, seconds: int, *, first: bool) -> None:
        super().__init__(f"More than {most} {_WORDS[name]} within a minute; go on in {seconds} seconds")
        self.name = name
        self.most = most
        self.seconds = seconds
        self.first = first


class Throttle:
    """Each method raises `OverLimit`. A limit of 0 is none."""

    def __init__(self, limits: Limits, tally: Tally, clock: Callable[[], datetime]) -> None:
        self._limits = limits
        self._tally = tally
        self._clock = clock

    async def request(self, actor: Principal) -> None:
        await self._count("requests", self._limits.requests, f"{actor.clinic_id}/{actor.user_id}")

    async def upload(self, actor: Principal) -> None:
        await self._count("uploads", self._limits.uploads, f"{actor.clinic_id}/{actor.user_id}")

    async def sign_in(self, address: str) -> None:
        """Count a try, before it is looked at."""
        await self._count("sign-ins", self._limits.sign_ins, neighbourhood(address))

    async def stranger(self, address: str) -> None:
        """Count somebody without a token, or with none that counts."""
        await self._count("strangers", self._limits.strangers, neighbourhood(address))

    async def _count(self, name: str, most: int, who: str) -> None:
        if not most:
            return
        now = int(self._clock().timestamp())
        count = await self._tally.add(f"{name}/{who}", now // WINDOW)
        if count > most:
            raise OverLimit(name, most, WINDOW - now % WINDOW, first=count == most + 1)


_WORDS = {
    "requests": "requests",
    "uploads": "uploads",
    "sign-ins": "tries to sign in",
    "strangers": "requests without a token that counts",
}


def neighbourhood(address: str) -> str:
    """What one sender can choose its address from."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or IPv6Address(int(known) >> _NEIGHBOURS << _NEIGHBOURS)
    return str(known)
