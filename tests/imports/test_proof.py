"""What the proof at the end of an import finds: nothing is taken on trust."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from application.derivatives import the_system
from application.ports.legacy import FileLost, LegacySource
from domain.access import Principal
from domain.ids import ClinicId, DocumentId, PatientId
from entrypoints.container import Container
from tests.imports.both import PROGRAMS
from tests.imports.bringing import bring, dentalpin, documents, installed, silent
from tests.imports.dentalpin_made import EVA, IAN, NORTH, DentalPinMade, document_id, made_id

pytestmark = pytest.mark.anyio

STAFF = the_system(ClinicId(NORTH))


def leak(container: Container) -> None:
    """From now on the service shows everybody everything."""
    views = container.document_views()
    many = views.many

    async def leaking(actor: Principal, ids: Sequence[DocumentId]) -> list[Any]:
        clinics = {view.clinic_id for view in await documents(container)}
        return [view for clinic in clinics for view in await many(the_system(clinic), ids)]

    setattr(views, "many", leaking)  # noqa: B010 - of this installation only


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_service_that_shows_others_files_is_found_out(tmp_path: Path, program: str) -> None:
    _, opening = PROGRAMS[program](tmp_path / program)
    async with installed(tmp_path) as container:
        leak(container)
        report = await bring(container, opening(container))
    assert (report.isolated, report.whole) == (False, False)
    assert {anomaly.code for anomaly in report.anomalies if anomaly.row.table == "users"} == {"not_isolated"}


@pytest.fixture
def made(tmp_path: Path) -> DentalPinMade:
    source = DentalPinMade(tmp_path / "old")
    for number in (1, 2, 3, 4):
        source.document(number)
    source.document(5, IAN)
    return source


async def test_bytes_that_were_changed_here_are_found(tmp_path: Path, made: DentalPinMade) -> None:
    async with installed(tmp_path) as container:
        await bring(container, dentalpin(container, made.url, made.storage))
        views = {view.id: view for view in await documents(container)}
        await container.blobs().put(f"{views[document_id(1)].prefix}/original", b"other bytes")
        await container.blobs().delete(views[document_id(2)].prefix)
        report = await bring(container, dentalpin(container, made.url, made.storage))
    wrong = {anomaly.row.id: anomaly.reason for anomaly in report.anomalies if anomaly.code == "not_verified"}
    assert wrong == {
        document_id(1): "its bytes are not those of the source",
        document_id(2): "its bytes are not here",
    }
    assert [patient.verified for patient in report.clinics[0].patients if patient.id == EVA] == [2]
    assert not report.whole


async def test_what_people_did_with_it_since_is_told_and_no_loss(tmp_path: Path, made: DentalPinMade) -> None:
    async with installed(tmp_path) as container:
        await bring(container, dentalpin(container, made.url, made.storage))
        await container.move_document()(STAFF, document_id(1), PatientId(IAN))
        await container.trash_document()(STAFF, document_id(2))
        async with container.unit_of_work()(STAFF) as uow:
            await uow.documents.remove(await uow.documents.get(document_id(3)))
            await uow.commit()
        report = await bring(container, dentalpin(container, made.url, made.storage))
        assert len(await documents(container)) == 4
    told = {anomaly.row.id: anomaly.code for anomaly in report.anomalies if anomaly.row.table == "documents"}
    assert told == {
        document_id(1): "moved_since",
        document_id(2): "trashed_since",
        document_id(3): "removed_since",
    }
    assert (report.whole, report.isolated, report.run) == (True, True, None)


async def test_files_with_the_same_bytes_are_told_only_across_patients(tmp_path: Path, made: DentalPinMade) -> None:
    one, two, other = (f"{NORTH}/same/{name}.jpg" for name in ("one", "two", "other"))
    for number, path in ((1, one), (2, two), (5, other)):
        made.write(path, b"\xff\xd8 the same in all of them")
        made.set(number, storage_path=path, file_size=None)
    async with installed(tmp_path) as container:
        report = await bring(container, dentalpin(container, made.url, made.storage))
    same = {anomaly.row.id for anomaly in report.anomalies if anomaly.code == "same_bytes_other_patient"}
    assert same == {document_id(1), document_id(2), document_id(5)}
    assert len([anomaly for anomaly in report.anomalies if anomaly.code == "orphan_on_disk"]) == 9


async def test_a_file_that_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path, made: DentalPinMade) -> None:
    async with installed(tmp_path) as container:
        report = await bring(container, failing(container, made, 1, 5))
        assert len(await documents(container)) == 3
        lost = [(anomaly.code, anomaly.row.id) for anomaly in report.anomalies if anomaly.lost]
        assert sorted(lost) == [("unreadable_on_disk", document_id(1)), ("unreadable_on_disk", document_id(5))]
        analysed = await container.analyse_import()(failing(container, made, 1), silent)
        assert [anomaly.row.id for anomaly in analysed.anomalies if anomaly.lost] == [document_id(1)]

        mended = await bring(container, failing(container, made, 2))
        assert mended.brought == {"document": 2}
        assert mended.whole
        assert [a.row.id for a in mended.anomalies if a.code == "not_compared"] == [document_id(2)]


def failing(container: Container, made: DentalPinMade, *numbers: int) -> LegacySource:
    """A source on a disk that some files cannot be read from."""
    source = dentalpin(container, made.url, made.storage)
    chunks = source.chunks

    def read(path: str) -> AsyncIterator[bytes]:
        return _broken() if any(made_id(0xF1, number) in path for number in numbers) else chunks(path)

    setattr(source, "chunks", read)  # noqa: B010 - of this source only
    return source


async def _broken() -> AsyncIterator[bytes]:
    yield b"a beginning"
    raise FileLost("it cannot be read: Input/output error")
