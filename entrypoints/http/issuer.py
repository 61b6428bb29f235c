"""Asking the issuer of tokens for its keys. Imported only where there is one: an HTTP client takes long to load."""

import asyncio

import httpx

_MAX_BYTES = 1 << 20
_PATIENCE_SECONDS = 5.0


async def fetched(url: str) -> bytes:
    """The key set as it is published; raises `OSError` or `ValueError`.

    From the operator's own setting, never on a word of a client; where it leads elsewhere, nobody goes.
    """
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await _read(url)
    except httpx.HTTPError as error:
        raise OSError(f"the issuer cannot be asked: {type(error).__name__}") from error


async def _read(url: str) -> bytes:
    content = b""
    made = await asyncio.to_thread(httpx.AsyncClient, follow_redirects=False)  # reads certificates
    async with made as client, client.stream("GET", url, headers={"Accept": "application/json"}) as answer:
        if answer.status_code != httpx.codes.OK:
            raise ValueError(f"the issuer answers {answer.status_code}")
        async for piece in answer.aiter_bytes():
            content += piece
            if len(content) > _MAX_BYTES:
                raise ValueError("the key set is too long")
    return content
