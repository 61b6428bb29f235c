"""Nobody reaches another clinic's records, and an account none of a patient that was not entrusted to it.

Every method of every repository and view is called by strangers with ids that exist. The tables below name each
method, and a test fails when one is missing from them.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import pytest

from application.ports import files, unit_of_work, views
from application.ports.files import FileCriteria
from application.ports.paging import Page, PageRequest
from application.ports.unit_of_work import UnitOfWork
from application.ports.views import TIMELINE_KINDS, DocumentCriteria, PhotoCriteria
from domain.access import Access, Principal, Role
from domain.attachments import MediaAttachment, OwnerRef
from domain.directory import PATIENT, Grant, OwnerRecord, Patient
from domain.documents import Document, Scan, trash
from domain.errors import NotFound
from domain.ids import OwnerId, PatientId, UserId
from domain.notes import CLINICAL_NOTE, ClinicalNote
from domain.pairings import Pairing
from tests.installations import Installation
from tests.samples import (
    ANA,
    ANOTHER_CLINIC,
    CLINIC,
    LUIS,
    NOON,
    VISIT,
    account,
    attachment,
    document,
    note,
    pairing,
    patient,
    photo,
    record,
    staff,
)

pytestmark = pytest.mark.anyio

USER = UserId("u-account")
PAGE = PageRequest(size=200)

STRANGERS: Mapping[str, Principal] = {
    "staff of another clinic": staff(ANOTHER_CLINIC),
    "an account of the same patient id in another clinic": account(ANA, clinic=ANOTHER_CLINIC),
    "an account of another patient": account(LUIS),
    "an account of nobody": account(),
}


@dataclass(frozen=True, slots=True)
class World:
    """One of everything, of one patient."""

    patient: Patient
    record: OwnerRecord
    one: Document
    two: Document
    three: Document
    trashed: Document
    pair: Pairing
    link: MediaAttachment
    note: ClinicalNote

    @property
    def note_ref(self) -> OwnerRef:
        return OwnerRef(CLINICAL_NOTE, OwnerId(self.note.id))


async def populated(installation: Installation) -> World:
    one, two, three = photo(taken=NOON), photo(), photo()
    trashed, _ = trash(document(), USER, NOON)
    world = World(
        patient=patient(),
        record=record(occurred_at=NOON),
        one=one,
        two=two,
        three=three,
        trashed=trashed,
        pair=pairing(one, two),
        link=attachment(one),
        note=note(),
    )
    links = (world.link, attachment(trashed), attachment(one, world.note_ref))
    await installation.keep(
        *(world.patient, world.record, one, two, three, trashed, world.pair, *links, world.note),
        Grant(clinic_id=CLINIC, user_id=USER, patient_id=ANA, access=Access.FULL),
    )
    return world


Change: TypeAlias = Callable[[UnitOfWork, World], Awaitable[object]]

TOUCHED = "touched by a stranger"

REPOSITORIES: Mapping[str, Change] = {
    "documents.get": lambda uow, world: uow.documents.get(world.one.id),
    "documents.get trashed": lambda uow, world: uow.documents.get(world.trashed.id, trashed=True),
    "documents.pair": lambda uow, world: uow.documents.pair(world.one.id, world.two.id),
    "documents.of_patient": lambda uow, _: uow.documents.of_patient(ANA),
    "documents.duplicate_of": lambda uow, world: uow.documents.duplicate_of(ANA, world.one.file.sha256),
    "documents.add": lambda uow, _: uow.documents.add(document(title=TOUCHED)),
    "documents.save": lambda uow, world: uow.documents.save(replace(world.one, title=TOUCHED, version=2)),
    "documents.mark_derived": lambda uow, world: uow.documents.mark_derived(
        replace(world.one, file=replace(world.one.file, placeholder=TOUCHED))
    ),
    "documents.mark_scanned": lambda uow, world: uow.documents.mark_scanned(
        replace(world.one, file=replace(world.one.file, scan=Scan.CLEAN))
    ),
    "documents.remove": lambda uow, world: uow.documents.remove(world.one),
    "pairings.of": lambda uow, world: uow.pairings.of(world.one.id),
    "pairings.add": lambda uow, world: uow.pairings.add(pairing(world.three, world.two)),
    "pairings.add as of one's own": lambda uow, world: uow.pairings.add(
        pairing(world.three, world.trashed, clinic_id=ANOTHER_CLINIC)
    ),
    "pairings.remove": lambda uow, world: uow.pairings.remove(world.pair),
    "attachments.get": lambda uow, world: uow.attachments.get(world.link.id),
    "attachments.of_owner": lambda uow, _: uow.attachments.of_owner(VISIT),
    "attachments.all_of_owner": lambda uow, _: uow.attachments.all_of_owner(VISIT),
    "attachments.of_document": lambda uow, world: uow.attachments.of_document(world.one.id),
    "attachments.add": lambda uow, world: uow.attachments.add(attachment(world.three)),
    "attachments.add as of one's own": lambda uow, world: uow.attachments.add(
        attachment(world.three, clinic_id=ANOTHER_CLINIC)
    ),
    "attachments.add again": lambda uow, world: uow.attachments.add(attachment(world.one)),
    "attachments.save": lambda uow, world: uow.attachments.save([replace(world.link, category=TOUCHED)]),
    "attachments.remove": lambda uow, world: uow.attachments.remove([world.link]),
    "notes.get": lambda uow, world: uow.notes.get(world.note.id),
    "notes.of_owner": lambda uow, world: uow.notes.of_owner(world.note.owner),
    "notes.add": lambda uow, _: uow.notes.add(note(body=TOUCHED)),
    "notes.save": lambda uow, world: uow.notes.save(replace(world.note, body=TOUCHED, version=2)),
    "notes.remove": lambda uow, world: uow.notes.remove(world.note),
    "directory.patient": lambda uow, _: uow.directory.patient(ANA),
    "directory.put_patient": lambda uow, world: uow.directory.put_patient(replace(world.patient, display_name=TOUCHED)),
    "directory.remove_patient": lambda uow, _: uow.directory.remove_patient(ANA),
    "directory.owner": lambda uow, _: uow.directory.owner(VISIT),
    "directory.put_owner": lambda uow, world: uow.directory.put_owner(replace(world.record, title=TOUCHED)),
    "directory.put_owner of own": lambda uow, _: uow.directory.put_owner(record(patient=LUIS, title=TOUCHED)),
    "directory.remove_owner": lambda uow, _: uow.directory.remove_owner(VISIT),
    "directory.grant": lambda uow, _: uow.directory.grant(ANA, USER),
    "directory.put_grant": lambda uow, _: uow.directory.put_grant(ANA, USER, Access.VIEW),
    "directory.remove_grant": lambda uow, _: uow.directory.remove_grant(ANA, USER),
    "directory.lock_owner": lambda uow, _: uow.directory.lock_owner(VISIT),
}

Look: TypeAlias = Callable[[Installation, Principal, World], Awaitable[object]]

VIEWS: Mapping[str, Look] = {
    "documents.get": lambda at, who, world: at.documents.get(who, world.one.id),
    "documents.many": lambda at, who, world: at.documents.many(who, [world.one.id, world.two.id]),
    "documents.photos": lambda at, who, _: at.documents.photos(who, ANA, PhotoCriteria(), PAGE),
    "documents.documents": lambda at, who, _: at.documents.documents(who, ANA, DocumentCriteria(), PAGE),
    "attachments.get": lambda at, who, world: at.attachments.get(who, world.link.id),
    "attachments.of_owner": lambda at, who, _: at.attachments.of_owner(who, VISIT, PAGE),
    "attachments.counts": lambda at, who, _: at.attachments.counts(who, VISIT.type, [VISIT.id]),
    "notes.get": lambda at, who, world: at.notes.get(who, world.note.id),
    "notes.of_owner": lambda at, who, world: at.notes.of_owner(who, world.note.owner, PAGE),
    "notes.recent": lambda at, who, _: at.notes.recent(who, ANA, PAGE),
    "notes.counts": lambda at, who, _: at.notes.counts(who, PATIENT, [ANA]),
    "timeline.page": lambda at, who, _: at.timeline.page(who, ANA, TIMELINE_KINDS, PAGE),
    "directory.patient": lambda at, who, _: at.directory.patient(who, ANA),
    "directory.patients": lambda at, who, _: at.directory.patients(who, "", PAGE),
    "directory.owner": lambda at, who, _: at.directory.owner(who, VISIT),
    "directory.owners": lambda at, who, _: at.directory.owners(who, ANA, None, PAGE),
    "directory.grants": lambda at, who, _: at.directory.grants(who.clinic_id, UserId("u-stranger")),
    "files.of_owner": lambda at, who, _: at.files.of_owner(who, VISIT, FileCriteria(), PAGE),
    "files.get": lambda at, who, world: at.files.get(who, world.one.id),
    "files.many": lambda at, who, world: at.files.many(who, [world.one.id, world.two.id]),
    "files.trash": lambda at, who, _: at.files.trash(who, None, PAGE),
    "files.of_patient": lambda at, who, _: at.files.of_patient(who, ANA),
    "files.links": lambda at, who, world: at.files.links(who, [world.one.id, world.trashed.id]),
}


def is_nothing(answer: object) -> bool:
    return answer.total == 0 if isinstance(answer, Page) else not answer


def methods_of(**protocols: type) -> set[str]:
    return {f"{name}.{method}" for name, protocol in protocols.items() for method in protocol.__abstractmethods__}  # type: ignore[attr-defined]


def test_every_method_of_every_repository_and_view_is_in_the_tables() -> None:
    repositories = methods_of(
        documents=unit_of_work.Documents,
        pairings=unit_of_work.Pairings,
        attachments=unit_of_work.Attachments,
        notes=unit_of_work.Notes,
        directory=unit_of_work.Directory,
    )
    assert {name.partition(" ")[0] for name in REPOSITORIES} == repositories
    assert set(VIEWS) == methods_of(
        documents=views.DocumentViews,
        attachments=views.AttachmentViews,
        notes=views.NoteViews,
        timeline=views.TimelineViews,
        directory=views.DirectoryViews,
        files=files.FileViews,
    )


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_a_stranger_finds_nothing_and_changes_nothing(installation: Installation, stranger: str) -> None:
    world = await populated(installation)
    before = await everything(installation, world)
    for name, change in REPOSITORIES.items():
        try:
            async with installation.unit_of_work(STRANGERS[stranger]) as uow:
                answer = await change(uow, world)
                await uow.commit()
        except NotFound:
            answer = None
        assert is_nothing(answer), name
        assert await everything(installation, world) == before, name


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_a_stranger_sees_nothing(installation: Installation, stranger: str) -> None:
    world = await populated(installation)
    for name, look in VIEWS.items():
        try:
            answer = await look(installation, STRANGERS[stranger], world)
        except NotFound:
            answer = None
        assert is_nothing(answer), name


async def test_what_another_clinic_put_on_a_record_of_the_same_name_is_not_shown(installation: Installation) -> None:
    world = await populated(installation)
    abroad = document(clinic=ANOTHER_CLINIC)
    await installation.keep(abroad, attachment(abroad, world.note_ref), clinic=ANOTHER_CLINIC)
    shown = (await installation.notes.get(staff(), world.note.id)).attachments
    assert [each.document.id for each in shown] == [world.one.id]


async def test_what_was_granted_in_one_clinic_is_nothing_in_another(installation: Installation) -> None:
    await populated(installation)
    assert await installation.directory.grants(CLINIC, USER) == {ANA: Access.FULL}
    assert await installation.directory.grants(ANOTHER_CLINIC, USER) == {}


FAMILY = account(ANA)
DENTIST = staff(role=Role.DENTIST)


async def test_an_account_sees_of_its_patient_what_staff_see(installation: Installation) -> None:
    world = await populated(installation)
    for name in VIEWS.keys() - {"directory.grants", "timeline.page"}:
        answer = await VIEWS[name](installation, FAMILY, world)
        assert not is_nothing(answer), name
        assert answer == await VIEWS[name](installation, DENTIST, world), name


async def test_an_account_sees_no_notes_in_the_timeline(installation: Installation) -> None:
    await populated(installation)
    full = await installation.timeline.page(DENTIST, ANA, TIMELINE_KINDS, PAGE)
    seen = await installation.timeline.page(FAMILY, ANA, TIMELINE_KINDS, PAGE)
    assert {entry.kind for entry in full.items} == set(TIMELINE_KINDS)
    assert list(seen.items) == [entry for entry in full.items if entry.kind != "note"]
    assert seen.total == len(seen.items)


async def test_an_account_may_do_with_its_patient_s_records_what_staff_may(installation: Installation) -> None:
    world = await populated(installation)
    for name, change in REPOSITORIES.items():
        if ".add" in name or name == "directory.put_owner of own":
            continue
        async with installation.unit_of_work(FAMILY) as uow:
            answer = await change(uow, world)
        async with installation.unit_of_work(DENTIST) as uow:
            assert await change(uow, world) == answer, name


async def everything(installation: Installation, world: World) -> Mapping[str, Any]:
    """All that the patient's own clinic knows."""
    who = staff()
    async with installation.unit_of_work(who) as uow:
        return {
            "documents": sorted(await uow.documents.of_patient(ANA), key=lambda found: found.id),
            "pairings": [await uow.pairings.of(each.id) for each in (world.one, world.two, world.three)],
            "links": await uow.attachments.all_of_owner(VISIT),
            "notes": (await installation.notes.recent(who, ANA, PAGE)).items,
            "patient": await uow.directory.patient(ANA),
            "record": await uow.directory.owner(VISIT),
            "grant": await uow.directory.grant(ANA, USER),
            "others": await uow.documents.of_patient(PatientId(LUIS)),
        }
