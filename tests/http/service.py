"""A whole installation behind its HTTP surface, and the people who use it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, cast

import httpx
from PIL import Image

from domain.access import Access, Permission, Role
from entrypoints.configuration import check_servable
from entrypoints.container import Container
from entrypoints.http.app import create_app
from entrypoints.settings import Auth, Limits, Server, Settings
from entrypoints.signing import Bearer, signed_token
from tests.http.places import places

SECRET = "a secret of the tests, long enough to sign with"
MAX_UPLOAD = 2 * 2**20
UNLIMITED = Limits(requests=0, uploads=0, sign_ins=0, strangers=0)
"""One person of a test asks more within a minute than anybody."""
_numbers = count(1)

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    container: Container
    client: httpx.AsyncClient

    @property
    def settings(self) -> Settings:
        settings: Settings = self.container.settings()
        return settings


@asynccontextmanager
async def serving(settings: Settings, change: Callable[[Container], Any] = lambda _: None) -> AsyncIterator[Service]:
    """The application without a socket, its database migrated; `change` may replace parts before it is made."""
    check_servable(settings)
    settings.folder.mkdir(parents=True, exist_ok=True)
    container = Container(settings=settings)
    if settings.database_kind != "memory":
        await asyncio.to_thread(container.upgrade_schema)
    change(container)
    app = create_app(container)
    # Litestar types the messages more narrowly than httpx does.
    transport = httpx.ASGITransport(app=cast("Any", app), client=("192.0.2.1", 5000))
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        yield Service(container, client)


def settings_for(folder: Path, **changes: Any) -> Settings:
    plain: Json = {
        "data_dir": str(folder),
        "database": places().database(folder),
        "storage": places().storage(folder),
        "auth": Auth(secret=SECRET),
        "server": Server(max_upload_bytes=MAX_UPLOAD),
        "limits": UNLIMITED,
    }
    return Settings(**(plain | changes))


@dataclass(slots=True)
class Person:
    """Somebody with a token; asks like a browser does."""

    service: Service
    bearer: Bearer
    ttl: timedelta = timedelta(hours=1)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return signed_token(self.service.settings.auth, self.bearer, now=datetime.now(UTC), ttl=self.ttl)

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}", **self.headers, **options.pop("headers", {})}
        url = path if path.startswith("/api") else f"/api/v1{path}"
        return await self.service.client.request(method, url, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.ask("POST", path, json=json, **options)

    async def put(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.ask("PUT", path, json=json, **options)

    async def patch(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return await self.ask("PATCH", path, json=json, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.ask("DELETE", path, **options)

    async def send_photo(self, patient: str, *, file: Any = None, **words: Any) -> httpx.Response:
        data = {"media_category": "intraoral", "media_subtype": "frontal"} | words
        files = {"file": file or ("foto.jpg", jpeg(), "image/jpeg")}
        return await self.ask("POST", f"/media/patients/{patient}/photos", data=said(data), files=files)

    async def photo(self, patient: str, **words: Any) -> Json:
        """An uploaded photo."""
        photo: Json = data_of(await self.send_photo(patient, **words), 201)
        return photo

    async def send_document(self, patient: str, *, file: Any = None, **words: Any) -> httpx.Response:
        data = {"document_type": "consent", "title": "Consentimiento"} | words
        files = {"file": file or ("consent.txt", f"text {next(_numbers)}".encode(), "text/plain")}
        return await self.ask("POST", f"/media/patients/{patient}/documents", data=said(data), files=files)

    async def document(self, patient: str, **words: Any) -> Json:
        document: Json = data_of(await self.send_document(patient, **words), 201)
        return document


@dataclass(slots=True)
class Clinic:
    """A clinic of its own for each test: what others do in theirs must not be seen here anyway."""

    service: Service
    id: str

    def person(
        self,
        *roles: Role,
        user: str = "u-1",
        name: str = "Ana Ruiz Gil",
        permissions: tuple[Permission, ...] = (),
        patients: Mapping[str, Access] | None = None,
    ) -> Person:
        bearer = Bearer(
            clinic=self.id, user=user, name=name, roles=roles, permissions=permissions, patients=patients or {}
        )
        return Person(self.service, bearer)

    @property
    def admin(self) -> Person:
        return self.person(Role.ADMIN, user="u-admin")

    @property
    def dentist(self) -> Person:
        return self.person(Role.DENTIST, user="u-dentist")

    def account(self, **patients: Access) -> Person:
        """Somebody who looks after patients and is no staff."""
        return self.person(Role.ACCOUNT, user="u-account", patients=patients)

    async def patient(self, id: str, name: str = "Luz Marín") -> str:
        answer = await self.admin.put(f"/directory/patients/{id}", {"display_name": name})
        assert answer.status_code == 201, answer.text
        return id

    async def owner(self, type: str, id: str, patient: str, title: str = "Visita") -> Json:
        """A record, as the body of an attachment names it."""
        answer = await self.admin.put(f"/directory/owners/{type}/{id}", {"patient_id": patient, "title": title})
        assert answer.status_code in (200, 201), answer.text
        return {"owner_type": type, "owner_id": id}


def said(words: Mapping[str, Any]) -> Json:
    return {name: value for name, value in words.items() if value is not None}


def jpeg(size: tuple[int, int] = (96, 64), *, taken: str | None = None) -> bytes:
    """A photo that no other one equals, taken at "2024:05:01 10:00:00" if so said."""
    number = next(_numbers)
    image = Image.new("RGB", size, (number % 256, number // 256 % 256, 90))
    exif = Image.Exif()
    if taken is not None:
        exif.get_ifd(0x8769)[0x9003] = taken
    target = BytesIO()
    image.save(target, "JPEG", exif=exif, comment=str(number).encode())
    return target.getvalue()


def data_of(answer: httpx.Response, status: int = 200) -> Any:
    """The data of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    return answer.json()["data"]


def problem_of(answer: httpx.Response, status: int, code: str) -> Json:
    """The problem that an answer must be."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.text[:500]}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem: Json = answer.json()
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["message"] == problem["detail"]
    assert problem["data"] is None
    assert set(problem) == {
        "type", "title", "status", "detail", "instance", "code", "errors", "message", "data",
    }  # fmt: skip
    return problem


def fields_of(problem: Json) -> set[str]:
    return {error["field"] for error in problem["errors"]}
