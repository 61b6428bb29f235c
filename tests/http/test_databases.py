"""What both databases must do alike under the HTTP surface with ids that are none, and what only one can."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select

from adapters.sql import document_views
from adapters.sql.tables import documents
from entrypoints.settings import Database
from tests.http.service import Clinic, Service, serving, settings_for
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.anyio

NO_ID = ("7", "nobody", "a" * 64, "01890000-0000-7000-8000-00000000000G")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    folder: Path = tmp_path_factory.mktemp(request.param)
    settings = settings_for(folder)
    async with AsyncExitStack() as stack:
        if request.param == "postgresql":
            postgres: PostgresServer = request.getfixturevalue("postgres")
            url = await stack.enter_async_context(postgres.database(migrated=False))
            settings = settings_for(folder, database=Database(url=url))
        yield await stack.enter_async_context(serving(settings))


@pytest.mark.parametrize("id", NO_ID)
async def test_what_cannot_be_an_id_of_ours_is_the_id_of_nothing(service: Service, id: str) -> None:
    clinic = Clinic(service, "asking")
    if (await clinic.dentist.get("/directory/patients/ana")).status_code == 404:
        await clinic.patient("ana")
    note, ask = {"owner_type": "clinical_note", "owner_id": id}, clinic.dentist
    photo = await ask.photo("ana")
    for answer in (
        await ask.get("/media/attachments", params=note),
        await ask.post("/media/attachments", {"document_id": photo["id"], **note}),
        await ask.get(f"/clinical_note/{id}/files.zip"),
        await ask.ask("POST", f"/clinical_note/{id}/files", files={"file": ("a.txt", b"a", "text/plain")}),
        await ask.send_photo("ana", owner_type="clinical_note", owner_id=id),
        await ask.get(f"/files/{id}"),
        await ask.get(f"/media/documents/{id}"),
    ):
        assert answer.status_code == 404, answer.text
    assert (await ask.get(f"/clinical_note/{id}/files")).json() == []
    counts = await ask.post("/files/batch-counts", {"entity_type": "clinical_note", "entity_ids": [id]})
    assert counts.json() == [{"entity_id": id, "file_count": 0}]
    entries = await clinic.admin.get("/audit", params={"document_id": id})
    assert entries.json()["data"] == []


async def test_a_statement_that_forgot_the_clinic_still_shows_nobody_another_clinic_s_photo_on_postgresql(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has no such wall: there the forgotten filter can be seen to be missing."""
    one, other = Clinic(service, "north"), Clinic(service, "south")
    photo = (await one.dentist.photo(await one.patient("ana")))["id"]
    forgetful = select(*document_views.VIEW_COLUMNS).select_from(document_views.VIEW_SOURCE)
    monkeypatch.setattr(document_views, "_ONE", forgetful.where(documents.c.id == bindparam("id")))
    asked = [await person.get(f"/media/documents/{photo}") for person in (one.dentist, other.dentist, one.dentist)]
    walled = service.settings.database_kind == "postgresql"
    assert [answer.status_code for answer in asked] == [200, 404 if walled else 200, 200]
