"""G30: canaries of personal data, sent through every route, sing nowhere that outsiders, operators or hosts look.

    python -m tests.proof.canaries

The real server, with logs at debug level, traces, figures, and events to a webhook. Names, notes, titles, tags, file
names, searches, texts, EXIF and DICOM headers are canaries, as are tokens and secrets. Each operation of the OpenAPI
document is asked as it should be, and in ways that are refused or fail: by others, with unknown fields, broken JSON and
damaged files, canaries as ids and in queries, and while the storage and then the database are away.

Looked through: the log and all that the server writes, events with their headers, traces, figures, every header, every
address in an answer, and whatever is answered to others.
"""

import asyncio
import json
import re
import sqlite3
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from domain.access import Role
from entrypoints.settings import Auth
from entrypoints.signing import Bearer, signed_token
from tests.proof.canary import BIRD, WORDS, Heard, say
from tests.proof.figure import Figure, command
from tests.proof.kill_server import Server
from tests.proof.walk import STEPS, Known, Step, taken
from tests.services.collector import Collector, collecting
from tests.services.endpoint import Endpoint, endpoint

SECRET = f"{BIRD} of the secret that tokens are signed with"
HOOK = b"zqxcanary of the webhook's secret"


def token(clinic: str, role: Role) -> str:
    bearer = Bearer(clinic=clinic, user=f"u-{role}", name=say("name"), roles=(role,))
    return signed_token(Auth(secret=SECRET), bearer, now=datetime.now(UTC), ttl=timedelta(hours=1))


@dataclass(slots=True)
class Singing:
    """Asks the server; everything that it answers is listened to."""

    client: httpx.AsyncClient
    heard: Heard
    known: Known = field(default_factory=lambda: Known(WORDS))

    async def ask(
        self, method: str, path: str, *, who: str = "", others: bool = False, **options: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {who or token('c', Role.ADMIN)}", "User-Agent": say("browser")}
        options["headers"] = headers | options.pop("headers", {})
        answer = await self.client.request(method, f"/api/v1{path}", **options)
        self.heard.answer(answer, to_others=others)
        return answer

    async def step(self, step: Step, *, refused: bool) -> None:
        """In all the ways that are refused, then as it should be."""
        if refused:
            await self.refused(step)
        answer = await taken(step, self.known, self.ask)
        if answer.status_code != step.status:
            self.heard.wrong.append(f"{step.operation} answered {answer.status_code}: {answer.text[:200]}")

    async def refused(self, step: Step) -> None:
        path, options = step.path.format(**self.known.ids), step.options(self.known)
        for who in (token("d", Role.ADMIN), token("c", Role.ACCOUNT), f"{BIRD}.no.token"):
            if who.startswith(BIRD) or step.operation not in _MAKES_ITS_OWN:
                await self.ask(step.method, path, who=who, others=True, **step.options(self.known))
        for refused in _refused(step, options):
            await self.ask(step.method, refused.pop("path", path), **refused)


_MAKES_ITS_OWN = {"registerPatient", "registerOwner"}
"""What would make the same record in the other clinic, where its people may then read what they wrote."""


def _refused(step: Step, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Requests that are malformed, break a rule, or name what is not there."""
    named = re.sub(r"\{\w+\}|(?<=/)(p1|v1|t1)(?=[/.]|$)", say("id").replace(" ", "%20"), step.path)
    if named != step.path:
        yield {"path": named, **options}
    if step.method == "GET":
        yield {
            **options,
            "params": {**options.get("params", {}), say("unknown"): say("query"), "page_size": say("size")},
        }
    if "json" in options:
        yield {"json": options["json"] | {say("field"): say("value")}}
        yield {"json": {name: {say("deep"): say("value")} for name in options["json"]}}
        yield {"content": json.dumps(options["json"])[:-1].encode() + b', "' + say("broken").encode()}
    if "files" in options:
        name, data, kind = options["files"]["file"]
        for broken in (data[: len(data) // 2], data[:700] + b"\xff" * 64 + data[700:], say("no picture").encode()):
            yield {**options, "files": {"file": (name, broken, kind)}}
        yield {**options, "files": {say("other field"): (name, data, kind)}}
        yield {**options, "data": {**options["data"], say("field"): say("value"), "captured_at": say("when")}}
    if "Upload-Metadata" in options.get("headers", {}):
        wrong = f"{BIRD} {b64encode(say('value').encode()).decode()}, title {say('not Base64').replace(' ', '-')}"
        yield {"headers": options["headers"] | {"Upload-Metadata": wrong}}


async def _sing(url: str, folder: Path, heard: Heard, every: int) -> Singing:
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        singing = Singing(client, heard)
        for number, step in enumerate(STEPS):
            await singing.step(step, refused=number % every == 0)
        for body in (
            {"token": token("c", Role.DENTIST)},
            {"token": say("token")},
            {"person": say("person")},
            {BIRD: BIRD},
        ):
            heard.answer(await client.post("/api/v1/session", json=body), to_others=False)
        shown = (await singing.ask("GET", f"/media/documents/{singing.known['one']}")).json()["data"]
        for address in (shown["thumb_url"], shown["thumb_url"] + "0", shown["full_url"]):
            heard.answer(await client.get(address), to_others=False)
        await _while_away(singing, folder)
        heard.look("figures", (await client.get(f"{url}/metrics")).content)
        for lurking in ("/health/ready", "/health/live", f"/{BIRD}", "/schema/openapi.json"):
            heard.answer(await client.get(lurking), to_others=lurking.startswith("/health"))
        return singing


async def _while_away(singing: Singing, folder: Path) -> None:
    """What fails while the storage is away, then while somebody holds the database."""
    failing = [step for step in STEPS if step.operation in _FAILS]
    (folder / "data" / "files").rename(folder / "unplugged")
    for step in failing:
        await singing.ask(step.method, step.path.format(**singing.known.ids), **step.options(singing.known))
    (folder / "unplugged").rename(folder / "data" / "files")
    with closing(sqlite3.connect(folder / "data" / "clinic-media.db", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        for step in failing[-1:]:
            await singing.ask(step.method, step.path.format(**singing.known.ids), **step.options(singing.known))
        database.execute("ROLLBACK")


_FAILS = ("uploadPhoto", "uploadDocument", "downloadDocument", "writeNote", "registerPatient")


@asynccontextmanager
async def _installed(folder: Path, collector: Collector, hook: Endpoint) -> AsyncIterator[Server]:
    server = Server(
        folder,
        AUTH__SECRET=SECRET,
        LOGGING__LEVEL="debug",
        LOGGING__FORMAT="json",
        TRACING__ENABLED="true",
        TRACING__ENDPOINT=collector.url,
        EVENTS__BUS="webhook",
        EVENTS__URL=hook.url,
        EVENTS__SECRET=f"whsec_{b64encode(HOOK).decode()}",
        LIMITS__STRANGERS="0",
        LIMITS__SIGN_INS="0",
    )
    try:
        await asyncio.to_thread(server.wait)
        yield server
        await asyncio.to_thread(_until, lambda: "clinic_media_outbox_messages 0.0" in _figures(server))
        await asyncio.to_thread(server.stop)
    finally:
        server.kill()


def _figures(server: Server) -> str:
    return httpx.get(f"{server.url}/metrics", timeout=20).text


def _until(told: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not told():
        time.sleep(0.1)


async def _listened(folder: Path, every: int) -> Heard:
    heard = Heard()
    with collecting() as collector, endpoint() as hook:
        async with _installed(folder, collector, hook) as server:
            singing = await _sing(server.url, folder, heard, every)
        for body in collector.bodies:
            heard.look("traces", body)
        for request in hook.requests:
            told = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
            heard.look("events", told.encode() + request.body, request.headers.get("webhook-id", ""))
    log = (folder / "server.log").read_bytes()
    heard.look("log", log)
    heard.wrong += _secrets_in(log + b"".join(collector.bodies), singing)
    quiet = [where for where in _CHANNELS if heard.looked[where] < 2000]
    heard.wrong += [f"nothing was said in {where}, so nothing was listened to" for where in quiet]
    return heard


_CHANNELS = ("log", "traces", "events", "figures", "headers", "addresses", "answers to others")


def _secrets_in(told: bytes, singing: Singing) -> list[str]:
    """Tokens, signatures and secrets in what operators look at."""
    payload, signature = token("c", Role.ADMIN).split(".")[1:]
    secrets = {
        "a token": payload[:40],
        "a signature": signature,
        "a link": "sig=",
        "the secret": b64encode(HOOK).decode(),
    }
    return [f"{name} is told" for name, secret in secrets.items() if secret.encode() in told]


def measure(every: int = 1) -> Figure:
    """`every`: of so many operations, one is also asked in the ways that are refused."""
    with tempfile.TemporaryDirectory(prefix="clinic-media-canaries-") as folder:
        heard = asyncio.run(_listened(Path(folder), every))
    told = {
        "requests": heard.requests,
        "answers": dict(sorted(heard.statuses.items())),
        **{f"{where} (bytes)": heard.looked[where] for where in _CHANNELS},
        "canaries heard": len(heard.wrong),
    }
    return Figure(told, heard.wrong)


if __name__ == "__main__":
    sys.exit(command(measure))
