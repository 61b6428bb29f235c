"""The directory: patients, the records that own files, and who looks after whom."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from application.linking import unlink_all
from application.owners import FindOwner
from application.ports.paging import Page, PageRequest
from application.ports.system import Clock
from application.ports.unit_of_work import OpenUnitOfWork, UnitOfWork
from application.ports.views import DirectoryViews
from domain import directory, documents, wording
from domain.access import Access, Permission, Principal
from domain.attachments import OwnerRef, OwnerRegistry
from domain.directory import PATIENT, Grant, OwnerRecord, Patient, PatientStatus
from domain.errors import Malformed, NotFound, RuleViolated
from domain.events import (
    AccessGranted,
    AccessRevoked,
    OwnerDeleted,
)
from domain.ids import PatientId, UserId, host_id
from domain.notes import CLINICAL_NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPatient:
    """Insert or replace what is known of a patient. A status given is carried out, documents and all."""

    unit_of_work: OpenUnitOfWork
    clock: Clock

    async def __call__(
        self,
        actor: Principal,
        id: PatientId,
        *,
        display_name: str,
        birth_date: date | None = None,
        status: PatientStatus | None = None,
    ) -> tuple[Patient, bool]:
        """The patient, and whether it is new."""
        actor.require(Permission.DIRECTORY_WRITE)
        host_id(id, "patient_id")
        now = self.clock()
        async with self.unit_of_work(actor) as uow:
            before = await uow.directory.patient(id)
            patient = Patient(
                id=id,
                clinic_id=actor.clinic_id,
                display_name=directory.display_name(display_name),
                birth_date=birth_date,
                status=before.status if before else PatientStatus.ACTIVE,
                hold=before.hold if before else False,
                created_at=before.created_at if before else now,
                updated_at=now,
            )
            happened = directory.registered(patient, before)
            if happened:
                await uow.directory.put_patient(patient)
                uow.record(*happened)
            if status is not None and status is not patient.status:
                patient = replace(patient, status=status)
                await uow.directory.put_patient(patient)
                await cascade(uow, id, status, now)
                uow.record(directory.status_event(id, status))
            await uow.commit()
        return patient, before is None


@dataclass(frozen=True, slots=True, kw_only=True)
class GetPatient:
    directory: DirectoryViews

    async def __call__(self, actor: Principal, id: PatientId) -> Patient:
        actor.require(Permission.DIRECTORY_READ, id)
        return await self.directory.patient(actor, id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPatients:
    directory: DirectoryViews

    async def __call__(self, actor: Principal, text: str, request: PageRequest) -> Page[Patient]:
        actor.require(Permission.DIRECTORY_READ)
        return await self.directory.patients(actor, wording.folded(text), request)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPatientStatus:
    """Archive or unarchive a patient, and all its documents with it. Asked again, nothing changes."""

    unit_of_work: OpenUnitOfWork
    find_owner: FindOwner
    clock: Clock

    async def __call__(self, actor: Principal, id: PatientId, status: PatientStatus) -> int:
        """How many documents changed."""
        actor.require(Permission.DIRECTORY_WRITE)
        await self.find_owner.patient(actor, id)
        now = self.clock()
        async with self.unit_of_work(actor) as uow:
            patient = await uow.directory.patient(id)  # locked before the documents, as when they are purged
            changed = await cascade(uow, id, status, now)
            if patient is not None and patient.status is not status:
                await uow.directory.put_patient(replace(patient, status=status, updated_at=now))
            elif not changed:
                return 0
            uow.record(directory.status_event(id, status))
            await uow.commit()
        return changed


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOwner:
    """Insert or replace what is known of a record: whose it is, what it is called, when it took place."""

    unit_of_work: OpenUnitOfWork
    find_owner: FindOwner
    registry: OwnerRegistry
    clock: Clock

    async def __call__(
        self,
        actor: Principal,
        ref: OwnerRef,
        *,
        patient: PatientId,
        title: str,
        occurred_at: datetime | None = None,
    ) -> tuple[OwnerRecord, bool]:
        """The record, and whether it is new. Raises `RuleViolated` for moving it away from under its files."""
        actor.require(Permission.DIRECTORY_WRITE)
        self._check_type(ref)
        await self.find_owner.patient(actor, patient)
        now = self.clock()
        async with self.unit_of_work(actor) as uow:
            await uow.directory.lock_owner(ref)
            before = await uow.directory.owner(ref)
            if before is None or before.patient_id != patient:
                await _check_nothing_of_others(uow, ref, patient)
            owner = OwnerRecord(
                ref=ref,
                clinic_id=actor.clinic_id,
                patient_id=patient,
                title=wording.title(title),
                occurred_at=occurred_at,
                created_at=before.created_at if before else now,
                updated_at=now,
            )
            if happened := directory.owner_registered(owner, before):
                await uow.directory.put_owner(owner)
                uow.record(*happened)
                await uow.commit()
        return owner, before is None

    def _check_type(self, ref: OwnerRef) -> None:
        host_id(ref.id, "owner_id")
        if ref.type in (PATIENT, CLINICAL_NOTE):
            raise Malformed(f"A {ref.type} is not registered as an owner", field="owner_type")
        if not self.find_owner.is_local(ref):
            raise RuleViolated(f"Records of type {ref.type} are kept by the host", field="owner_type")


async def _check_nothing_of_others(uow: UnitOfWork, ref: OwnerRef, patient: PatientId) -> None:
    """Also for a record that was deleted: its notes are still there."""
    if any(link.patient_id != patient for link in await uow.attachments.all_of_owner(ref)):
        raise RuleViolated("The record has files of another patient; unlink them first", field="patient_id")
    if any(note.patient_id != patient for note in await uow.notes.of_owner(ref)):
        raise RuleViolated("The record has notes of another patient; delete them first", field="patient_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class GetOwner:
    directory: DirectoryViews

    async def __call__(self, actor: Principal, ref: OwnerRef) -> OwnerRecord:
        owner = await self.directory.owner(actor, ref)
        actor.require(Permission.DIRECTORY_READ, owner.patient_id)
        return owner


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOwners:
    directory: DirectoryViews
    find_owner: FindOwner

    async def __call__(
        self, actor: Principal, patient: PatientId | None, owner_type: str | None, request: PageRequest
    ) -> Page[OwnerRecord]:
        """Of one patient, or of one type with all patients whom the actor may see."""
        if patient is None and owner_type is None:
            raise RuleViolated("Say whose records, or of which type", field="patient_id")
        actor.require(Permission.DIRECTORY_READ, patient)
        if patient is not None:
            await self.find_owner.patient(actor, patient)
        return await self.directory.owners(actor, patient, owner_type, request)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOwner:
    """The record and its links go in one transaction; its documents stay with the patient."""

    unit_of_work: OpenUnitOfWork

    async def __call__(self, actor: Principal, ref: OwnerRef) -> int:
        """How many documents were unlinked."""
        actor.require(Permission.DIRECTORY_WRITE)
        async with self.unit_of_work(actor) as uow:
            await uow.directory.lock_owner(ref)
            owner = await uow.directory.owner(ref)
            if owner is None:
                raise NotFound(f"There is no {ref.type} with this id here")
            unlinked = await unlink_all(uow, await uow.attachments.all_of_owner(ref))
            await uow.directory.remove_owner(ref)
            uow.record(OwnerDeleted(patient_id=owner.patient_id, owner_type=ref.type, owner_id=ref.id))
            await uow.commit()
        return unlinked


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantAccess:
    """Let an account look after a patient, or change how far it may go."""

    unit_of_work: OpenUnitOfWork
    find_owner: FindOwner

    async def __call__(self, actor: Principal, patient: PatientId, user: UserId, access: Access) -> Grant:
        actor.require(Permission.DIRECTORY_WRITE)
        host_id(user, "user_id")
        await self.find_owner.patient(actor, patient)
        async with self.unit_of_work(actor) as uow:
            if await uow.directory.grant(patient, user) is not access:
                await uow.directory.put_grant(patient, user, access)
                uow.record(AccessGranted(patient_id=patient, user_id=user, access=access.label))
                await uow.commit()
        return Grant(clinic_id=actor.clinic_id, user_id=user, patient_id=patient, access=access)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeAccess:
    unit_of_work: OpenUnitOfWork

    async def __call__(self, actor: Principal, patient: PatientId, user: UserId) -> None:
        actor.require(Permission.DIRECTORY_WRITE)
        async with self.unit_of_work(actor) as uow:
            if await uow.directory.grant(patient, user) is None:
                raise NotFound("This account has no access to this patient")
            await uow.directory.remove_grant(patient, user)
            uow.record(AccessRevoked(patient_id=patient, user_id=user))
            await uow.commit()


async def cascade(uow: UnitOfWork, patient: PatientId, status: PatientStatus, now: datetime) -> int:
    """Archive or unarchive the patient's documents; how many changed."""
    transition = documents.archive if status is PatientStatus.ARCHIVED else documents.unarchive
    changed = 0
    for document in await uow.documents.of_patient(patient):
        after, happened = transition(document, now)
        if happened:
            await uow.documents.save(after)
            uow.record(*happened)
            changed += 1
    return changed
