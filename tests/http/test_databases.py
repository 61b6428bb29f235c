"""What both databases must do alike under the HTTP surface: many at once through several servers, ids that are none."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from entrypoints.settings import Database, OwnerTypeRules
from tests.http.service import Clinic, Person, Service, jpeg, serving, settings_for
from tests.services.postgres import PostgresServer

pytestmark = pytest.mark.anyio

MAY_HOLD, AT_ONCE = 5, 14
NO_ID = ("7", "nobody", "a" * 64, "01890000-0000-7000-8000-00000000000G")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
async def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Service, Service]]:
    """Two that share database and storage, as two workers do."""
    folder: Path = tmp_path_factory.mktemp(request.param)
    settings = settings_for(folder, owner_types={"insurance": OwnerTypeRules(max_files=MAY_HOLD)})
    async with AsyncExitStack() as stack:
        if request.param == "postgresql":
            postgres: PostgresServer = request.getfixturevalue("postgres")
            url = await stack.enter_async_context(postgres.database(migrated=False))
            settings = settings_for(folder, owner_types=settings.owner_types, database=Database(url=url))
        yield (
            await stack.enter_async_context(serving(settings)),
            await stack.enter_async_context(serving(settings)),
        )


async def upload(person: Person, number: int) -> httpx.Response:
    return await person.ask("POST", "/insurance/7/files", files={"file": (f"{number}.jpg", jpeg(), "image/jpeg")})


async def test_of_fourteen_uploads_at_once_through_two_servers_exactly_as_many_as_may_are(
    servers: tuple[Service, Service],
) -> None:
    one, other = (Clinic(service, "racing") for service in servers)
    await one.owner("insurance", "7", await one.patient("ana"))
    people = [one.dentist, other.dentist]
    answers = await asyncio.gather(
        *(upload(person, number) for number, person in zip(range(AT_ONCE), cycle(people), strict=False))
    )
    assert Counter(answer.status_code for answer in answers) == {201: MAY_HOLD, 422: AT_ONCE - MAY_HOLD}
    ids = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    for person in people:
        assert {file["id"] for file in (await person.get("/insurance/7/files")).json()} == ids
    # One place left: of a restored one and new ones at once, one gets it.
    gone = ids.pop()
    assert (await people[0].delete(f"/files/{gone}")).status_code == 200
    answers = await asyncio.gather(
        *(upload(person, 20 + number) for number, person in enumerate(people)),
        people[1].post(f"/files/{gone}/restore"),
    )
    assert sorted(answer.status_code for answer in answers)[1:] == [422, 422]
    assert len((await people[0].get("/insurance/7/files")).json()) == MAY_HOLD


@pytest.mark.parametrize("id", NO_ID)
async def test_what_cannot_be_an_id_of_ours_is_the_id_of_nothing(servers: tuple[Service, Service], id: str) -> None:
    clinic = Clinic(servers[0], "asking")
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
