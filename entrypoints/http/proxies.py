"""Behind proxies: who really asks, and whether by https.

What a header says of that is believed only from a proxy that the settings name, and read from its end: each proxy
appends whom it saw, so everything before the first stranger may have been made up.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Literal, TypeAlias, cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

Address: TypeAlias = IPv4Address | IPv6Address
Believed: TypeAlias = Literal["x-forwarded-for", "forwarded"]

_MOST_HOPS = 32
_PAIR = re.compile(r'(?:^|;)\s*(for|proto)\s*=\s*(?:"([^"\\]*)"|([^\s;,"]+))\s*(?=;|$)', re.IGNORECASE)


class Proxies:
    """Around the application; `trusted` are networks (10.0.0.0/8) or addresses, `header` is the one they write."""

    def __init__(self, trusted: Sequence[str], header: Believed) -> None:
        """Raises `ValueError` for what is no network."""
        self._trusted = [ip_network(each) for each in trusted]
        self._header = header.encode()

    def around(self, app: ASGIApp) -> ASGIApp:
        async def behind(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == ScopeType.HTTP:
                self.correct(scope)
            await app(scope, receive, send)

        return behind

    def correct(self, scope: HTTPScope) -> None:
        """Set `client` and `scheme` to those of the first sender that is no proxy of ours."""
        seen = scope.get("client")
        nearest = parsed(seen[0]) if seen else None
        if nearest is None or not self._is_trusted(nearest):
            return
        hops = list(self._hops(scope))
        told = cast("dict[str, Any]", scope)
        told["client"] = (str(self._sender(nearest, [address for address, _ in hops])), 0)
        if hops and hops[-1][1] in ("http", "https"):
            told["scheme"] = hops[-1][1]

    def _sender(self, nearest: Address, before: Iterable[Address | None]) -> Address:
        for address in reversed(list(before)[-_MOST_HOPS:]):
            if address is None:  # whoever was there cannot be told apart, so it counts as the proxy that saw it
                return nearest
            nearest = address
            if not self._is_trusted(address):
                return nearest
        return nearest

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _hops(self, scope: HTTPScope) -> Iterator[tuple[Address | None, str]]:
        """Whom each proxy saw, in their order, and by which scheme."""
        if self._header == b"forwarded":
            for element in _elements(scope, b"forwarded"):
                said = {name.lower(): quoted or plain for name, quoted, plain in _PAIR.findall(element)}
                yield parsed(said.get("for", "")), said.get("proto", "").lower()
        else:
            scheme = next(reversed(_elements(scope, b"x-forwarded-proto")), "").lower()
            for element in _elements(scope, self._header):
                yield parsed(element), scheme


def parsed(text: str) -> Address | None:
    """An address as proxies write it, also with a port; None for anything else. IPv4 inside IPv6 comes out as IPv4."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    if "%" in bare:  # the zone of an address may be any text, and is another's anyway
        return None
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def _elements(scope: HTTPScope, name: bytes) -> list[str]:
    """Of all headers of that name, as one list."""
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [element.strip() for element in ",".join(values).split(",") if element.strip()]
