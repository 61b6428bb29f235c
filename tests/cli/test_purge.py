"""What the retention settings allow is destroyed, and nothing else."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dependency_injector.providers import Object

from application.owners import FindOwner
from application.ports.audit_trail import AuditCriteria
from application.ports.owners import OwnerResolver
from application.uploads import Incoming
from domain.access import Principal, Role
from domain.attachments import OwnerRef
from domain.ids import ClinicId, DocumentId, PatientId, UserId
from domain.media import DocumentType
from entrypoints.configuration import read_settings
from entrypoints.container import Container, opened
from tests.cli.running import environment, invoke

ADMIN = Principal(clinic_id=ClinicId("north"), user_id=UserId("u-1"), roles=frozenset({Role.ADMIN}))
NOW = {"RETENTION__TRASH_DAYS": "1"}


class Host(OwnerResolver):
    """Knows every patient."""

    async def patient_of(self, clinic: ClinicId, owner: OwnerRef) -> PatientId | None:
        return PatientId(owner.id)


async def _trashed(container: Container, text: bytes) -> DocumentId:

    ana = PatientId("ana")
    await container.register_patient()(ADMIN, ana, display_name="Ana")
    id, blob = await container.begin_upload()(ADMIN, ana)
    await blob.write(text)
    incoming = Incoming(id=id, blob=blob, filename="a.txt")
    await container.store_document()(ADMIN, ana, incoming, document_type=DocumentType.OTHER, title="A")
    await container.trash_document()(ADMIN, id)
    return id


def _filled(folder: Path) -> DocumentId:
    async def fill() -> DocumentId:
        async with opened(read_settings(None, environment(folder))) as container:
            container.clock.override(Object(lambda: datetime.now(UTC) - timedelta(days=2)))
            return await _trashed(container, b"text")

    assert invoke(folder, "migrate").exit_code == 0
    return asyncio.run(fill())


@pytest.fixture
def trashed(tmp_path: Path) -> DocumentId:
    return _filled(tmp_path)


def _blobs(folder: Path) -> list[Path]:
    return [path for path in (folder / "data").rglob("original") if path.is_file()]


def test_nothing_is_purged_unless_the_settings_say_when(tmp_path: Path, trashed: DocumentId) -> None:
    result = invoke(tmp_path, "purge")
    assert (result.exit_code, trashed in result.output) == (0, False)
    assert "retention.trash_days is not set" in result.output
    assert len(_blobs(tmp_path)) == 1


def test_a_dry_run_lists_and_the_purge_destroys(tmp_path: Path, trashed: DocumentId) -> None:
    dry = invoke(tmp_path, "purge", "--dry-run", **NOW)
    assert trashed in dry.output
    assert "1 would be purged" in dry.output
    assert len(_blobs(tmp_path)) == 1
    done = invoke(tmp_path, "purge", "--json", **NOW)
    assert [json.loads(line)["id"] for line in done.output.splitlines()] == [trashed]
    assert _blobs(tmp_path) == []
    assert invoke(tmp_path, "purge", "--json", **NOW).output == ""
    assert invoke(tmp_path, "verify", "--read-data").exit_code == 0


@pytest.mark.parametrize("what", ["patient", "document"])
def test_a_legal_hold_keeps_what_it_covers(tmp_path: Path, trashed: DocumentId, what: str) -> None:
    held = "ana" if what == "patient" else trashed
    assert invoke(tmp_path, "hold", "--clinic", "north", what, held).exit_code == 0
    assert invoke(tmp_path, "purge", "--json", **NOW).output == ""
    assert len(_blobs(tmp_path)) == 1
    assert invoke(tmp_path, "hold", "--clinic", "north", what, held, "--release").exit_code == 0
    assert trashed in invoke(tmp_path, "purge", "--json", **NOW).output


@pytest.mark.parametrize("what", ["patient", "document"])
def test_who_ordered_a_hold_and_its_end_is_in_the_log(tmp_path: Path, trashed: DocumentId, what: str) -> None:
    held = "ana" if what == "patient" else trashed
    for arguments in ((), (), ("--release",)):
        order = ("hold", "--clinic", "north", "--user", "u-judge", what, held, *arguments)
        assert invoke(tmp_path, *order).exit_code == 0

    async def told() -> list[tuple[str, str | None]]:
        async with opened(read_settings(None, environment(tmp_path))) as container:
            found = container.audit().entries(ADMIN, AuditCriteria(user_id="u-judge"))
            return [(row.entry.action, row.entry.detail) async for row in found]

    revised = ("document.revised", '{"changed":["hold"]}')
    of_patient = [("patient.hold_released", None), ("patient.hold_placed", None)]
    assert asyncio.run(told()) == (of_patient if what == "patient" else [revised, revised])


def test_a_patient_that_only_the_host_knows_can_be_held(tmp_path: Path) -> None:
    """Its documents came with its id alone."""
    settings = environment(tmp_path)
    assert invoke(tmp_path, "migrate").exit_code == 0

    async def held() -> tuple[bool, bool]:
        async with opened(read_settings(None, settings)) as container:
            host = FindOwner(registry=container.registry(), resolvers={"local": Host()})
            container.find_owner.override(Object(host))
            await container.hold_patient()(ADMIN, PatientId("p-9"), hold=True)
            first = await container.directory_views().patient(ADMIN, PatientId("p-9"))
            await container.hold_patient()(ADMIN, PatientId("p-9"), hold=False)
            return first.hold, (await container.directory_views().patient(ADMIN, PatientId("p-9"))).hold

    assert asyncio.run(held()) == (True, False)


def test_what_is_not_there_cannot_be_held(tmp_path: Path, trashed: DocumentId) -> None:
    result = invoke(tmp_path, "hold", "--clinic", "south", "document", trashed)
    assert result.exit_code == 3
    assert "no such document" in result.output
