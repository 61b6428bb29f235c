"""Clients that lose connections, and send a request again under the same Idempotency-Key until it is answered."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any

import asyncpg
import httpx

from domain.access import Role
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.cli.running import SECRET

_PATIENCE_SECONDS = 120.0
_PAUSES = (0.02, 0.2)
_WAITING = "SELECT count(*) FROM outbox WHERE published_at IS NULL"


@dataclass(slots=True)
class Kept:
    """An upload that was acknowledged."""

    id: str
    patient: str
    sha256: str


@dataclass(slots=True)
class Tally:
    """`again` counts requests that were sent once more, `unavailable` answers of 503."""

    uploads: list[Kept] = field(default_factory=list)
    links: dict[tuple[str, str], str] = field(default_factory=dict)
    """The id of each link, by document and record."""
    answers: Counter[int] = field(default_factory=Counter)
    again: int = 0
    unavailable: int = 0
    found: list[str] = field(default_factory=list)
    """What was wrong."""


def bearer() -> dict[str, str]:
    who = Bearer(clinic="c", user="u", roles=(Role.ADMIN,))
    token = signed_token(Auth(secret=SECRET), who, now=datetime.now(UTC), ttl=timedelta(hours=9))
    return {"Authorization": f"Bearer {token}"}


class Persistent:
    """Asks the servers by turns."""

    def __init__(self, urls: Sequence[str], tally: Tally, dice: Random) -> None:
        self._clients = [httpx.AsyncClient(base_url=f"{url}/api/v1", headers=bearer(), timeout=60) for url in urls]
        self._tally = tally
        self._dice = dice
        self._turn = dice.randrange(len(self._clients))

    async def __aenter__(self) -> "Persistent":
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.aclose()

    async def send(self, method: str, path: str, key: str = "", **request: Any) -> httpx.Response:
        """The answer, other than that something is away. Raises `TimeoutError` where there is none for minutes."""
        headers = {"Idempotency-Key": key} if key else {}
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                answer = await self._sent(method, path, headers, request)
                if answer is not None:
                    return answer
                self._tally.again += 1
                await asyncio.sleep(self._dice.uniform(*_PAUSES))

    async def upload(self, key: str, patient: str, data: bytes, path: str = "", **words: str) -> httpx.Response:
        """A text or JPEG, of the patient or of a record (`path`); noted where it was stored."""
        words = words or {"document_type": "other", "title": key}
        path = path or f"/media/patients/{patient}/documents"
        named = (
            ("foto.jpg", data, "image/jpeg") if data.startswith(b"\xff\xd8") else ("informe.txt", data, "text/plain")
        )
        files = {"file": named}
        answer = await self.send("POST", path, key, data=words, files=files)
        if answer.status_code == httpx.codes.CREATED:
            told = answer.json()
            id = told["data"]["id"] if "data" in told else told["id"]
            self._tally.uploads.append(Kept(id, patient, sha256(data).hexdigest()))
        return answer

    async def link(self, document: str, record: str) -> None:
        """To a treatment; the same link must always have the same id."""
        body = {"document_id": document, "owner_type": "treatment", "owner_id": record}
        answer = await self.done("POST", "/media/attachments", json=body)
        if answer.is_success:
            id = answer.json()["data"]["id"]
            if self._tally.links.setdefault((document, record), id) != id:
                self._tally.found.append(f"doubled: the link of {document} to {record}")

    async def done(self, method: str, path: str, key: str = "", **request: Any) -> httpx.Response:
        """As `send`, of what must succeed."""
        answer = await self.send(method, path, key, **request)
        if not answer.is_success:
            self._tally.found.append(f"{method} {path} was answered with {answer.status_code}: {answer.text[:200]}")
        return answer

    async def _sent(
        self, method: str, path: str, headers: dict[str, str], request: dict[str, Any]
    ) -> httpx.Response | None:
        self._turn = (self._turn + 1) % len(self._clients)
        # One in three loses its connection: what was done then, nobody was told of.
        seconds = 10 ** self._dice.uniform(-2, 0) if self._dice.randrange(3) == 0 else None
        try:
            async with asyncio.timeout(seconds):
                answer = await self._clients[self._turn].request(method, path, headers=headers, **request)
        except (httpx.TransportError, TimeoutError):
            return None
        self._tally.answers[answer.status_code] += 1
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            self._tally.unavailable += 1
            if not answer.headers.get("retry-after", "").isdigit():
                self._tally.found.append(f"503 without Retry-After: {answer.text[:200]}")
            return None
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            self._tally.found.append(f"{method} {path} was answered with {answer.status_code}: {answer.text[:200]}")
            return None
        # It goes on with what it was asked before the connection was lost.
        is_at_it = answer.status_code == httpx.codes.CONFLICT and "being worked on" in answer.text
        return None if is_at_it else answer


async def look(client: Persistent, tally: Tally) -> None:
    """Every acknowledged upload is there once, with its bytes, and nothing else; every link is there once."""
    wanted = Counter(upload.patient for upload in tally.uploads)
    for upload in tally.uploads:
        answer = await client.send("GET", f"/media/documents/{upload.id}/download")
        if answer.status_code != httpx.codes.OK or sha256(answer.content).hexdigest() != upload.sha256:
            tally.found.append(f"lost: {upload.id} is answered with {answer.status_code}")
    for patient, number in wanted.items():
        there = (await client.send("GET", f"/media/patients/{patient}/documents?page_size=1")).json()["total"]
        if there != number:
            tally.found.append(f"{patient} has {there} documents, {number} were acknowledged")
    for record in {record for _, record in tally.links}:
        ids = await _links(client, record)
        known = {id for (_, to), id in tally.links.items() if to == record}
        if len(ids) != len(known) or set(ids) != known:
            tally.found.append(f"{record} has {len(ids)} links, {len(known)} were acknowledged")


async def _links(client: Persistent, record: str) -> list[str]:
    ids, page = list[str](), {"owner_type": "treatment", "owner_id": record}
    while True:
        told = (await client.send("GET", "/media/attachments", params=page)).json()
        ids += [each["id"] for each in told["data"]]
        if told["next_cursor"] is None:
            return ids
        page["cursor"] = told["next_cursor"]


async def relayed(database: str) -> dict[str, tuple[str, str]]:
    """Type and subject of every event that was committed, by its id, once all of them are out."""
    connection = await asyncpg.connect(database)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while await connection.fetchval(_WAITING):  # noqa: ASYNC110 - others empty it
                await asyncio.sleep(0.1)
        rows = await connection.fetch("SELECT id::text, type, subject FROM outbox")
    finally:
        await connection.close()
    return {id: (type, subject) for id, type, subject in rows}
