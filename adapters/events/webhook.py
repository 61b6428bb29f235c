"""Events as POST requests, signed as Standard Webhooks asks."""

import base64
import binascii
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping

import httpx

from adapters.events.answers import answered
from adapters.events.cloudevents import CONTENT_TYPE, written
from application.ports.event_bus import EventBus, Message
from domain.errors import Unavailable

PREFIX = "whsec_"
LARGEST_ANSWER = 64 * 1024
"""Bytes that are read of an answer, so that its connection can be used again; nothing is made of them."""

_MEANINGS: Mapping[int, str] = {
    401: "it does not accept the signature: events.secret must be the endpoint's",
    403: "it does not accept the signature: events.secret must be the endpoint's",
    404: "there is no such endpoint: is events.url right?",
    405: "it takes no POST: is events.url right?",
    410: "it is gone for good: set another events.url, or events.bus = log",
    413: "the event is too large for it",
    429: "it asks for fewer requests",
}


class WebhookBus(EventBus):
    """`secret` is "whsec_" and the base64 of 24 to 64 bytes, else `ValueError`. A delivery may take `seconds`.

    `carried` gives further headers of each request. Any 2xx is a message taken. Redirects are not followed: they could
    lead events out of the house.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        seconds: float = 15.0,
        now: Callable[[], float] = time.time,
        carried: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._url = url
        self._key = signing_key(secret)
        self._seconds = seconds
        self._now = now
        self._carried = carried
        self._client: httpx.AsyncClient | None = None

    async def publish(self, message: Message) -> None:
        body = written(message)
        signed = signature(self._key, message.id, int(self._now()), body)
        headers = {"content-type": CONTENT_TYPE, **signed, **self._carried()}
        async with answered("The webhook's endpoint", self._seconds, httpx.HTTPError):
            status = await self._post(body, headers)
        if not 200 <= status < 300:
            raise Unavailable(f"The webhook's endpoint answered {status}{_meaning(status)}")

    async def close(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=self._seconds, follow_redirects=False)
        async with self._client.stream("POST", self._url, content=body, headers=headers) as response:
            size = 0
            async for piece in response.aiter_raw():
                size += len(piece)
                if size > LARGEST_ANSWER:
                    break
            return response.status_code


def signing_key(secret: str) -> bytes:
    """The bytes that a secret stands for. Raises `ValueError`, without saying the secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise ValueError("must be whsec_ and the base64 of 24 to 64 bytes") from None
    return key


def signature(key: bytes, id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks, version v1."""
    digest = hmac.digest(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _meaning(status: int) -> str:
    if 300 <= status < 400:
        return ": redirects are not followed, events.url must be the address itself"
    return f": {_MEANINGS[status]}" if status in _MEANINGS else ""
