"""The service without its edge: every use case that changes or hands out something, over any ports."""

from adapters.memory.deletions import MemoryDeletions
from adapters.scanning.none import NoScanner
from application.attachments import (
    LinkDocument,
    OrderAttachments,
    PlaceAttachment,
    UnlinkAttachment,
    UnlinkOwner,
)
from application.derivatives import CatchUpDerivatives, MakeDerivatives
from application.directory import (
    DeleteOwner,
    GrantAccess,
    RegisterOwner,
    RegisterPatient,
    RevokeAccess,
    SetPatientStatus,
)
from application.documents import (
    GetDocument,
    ListDocuments,
    MoveDocument,
    ReclassifyPhoto,
    RestoreDocument,
    ReviseDocument,
    TrashDocument,
)
from application.downloads import OpenDownload
from application.files import BeginFile, ListFiles, ReviseFile, StoreFile, TrashFiles
from application.notes import DeleteNote, ReviseNote, WriteNote
from application.owners import FindOwner
from application.pairings import PairPhotos, UnpairPhoto
from application.photos import ListPhotos
from application.ports.system import Clock
from application.recovery import QuarantineOrphans, Recover
from application.relay import RelayEvents
from application.retention import FinishPurges, HoldDocument, HoldPatient, PurgeTrash
from application.scanning import ScreenUpload
from application.uploads import BeginUpload, Intake, StoreDocument, StorePhoto
from application.verify import Verify
from domain.media import Taxonomy
from domain.retention import RetentionPolicy
from entrypoints.owner_types import owner_registry
from entrypoints.settings import OwnerTypeRules
from tests.proof.ports import Ports

MAX_FILES = 3
"""What a visit and a treatment hold, so that the limit is met often."""

REGISTRY = owner_registry({name: OwnerTypeRules(max_files=MAX_FILES) for name in ("visit", "treatment")})


class UseCases:
    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self._find = FindOwner(registry=REGISTRY, resolvers={"local": ports.owners})
        self._take_in(ports, ports.clock)
        self._change_documents(ports, ports.clock)
        self._link(ports, ports.clock)
        self._write_notes(ports, ports.clock)
        self._keep_the_directory(ports, ports.clock)
        self._hand_out(ports, ports.clock)
        self._look_after(ports, ports.clock)

    def _take_in(self, ports: Ports, clock: Clock) -> None:
        intake = Intake(
            unit_of_work=ports.unit_of_work,
            documents=ports.documents,
            blobs=ports.blobs,
            inspector=ports.inspector,
            screen=ScreenUpload(scanner=NoScanner(), blobs=ports.blobs, audit=ports.audit),
            clock=clock,
            new_id=ports.new_id,
        )
        self.begin_upload = BeginUpload(find_owner=self._find, blobs=ports.blobs, new_id=ports.new_id)
        self.store_photo = StorePhoto(intake=intake, find_owner=self._find, taxonomy=Taxonomy())
        self.store_document = StoreDocument(intake=intake)
        self.begin_file = BeginFile(find_owner=self._find, registry=REGISTRY, blobs=ports.blobs, new_id=ports.new_id)
        self.store_file = StoreFile(intake=intake, files=ports.files)

    def _change_documents(self, ports: Ports, clock: Clock) -> None:
        work, documents, new_id = ports.unit_of_work, ports.documents, ports.new_id
        self.revise = ReviseDocument(unit_of_work=work, documents=documents, clock=clock)
        self.reclassify = ReclassifyPhoto(
            unit_of_work=work, documents=documents, taxonomy=Taxonomy(), clock=clock, new_id=new_id
        )
        self.trash = TrashDocument(unit_of_work=work, clock=clock)
        self.trash_files = TrashFiles(trash_document=self.trash)
        self.revise_file = ReviseFile(unit_of_work=work, files=ports.files, registry=REGISTRY, clock=clock)
        self.restore = RestoreDocument(unit_of_work=work, documents=documents, registry=REGISTRY, clock=clock)
        self.move = MoveDocument(unit_of_work=work, documents=documents, find_owner=self._find, clock=clock)
        self.pair = PairPhotos(unit_of_work=work, documents=documents, clock=clock, new_id=new_id)
        self.unpair = UnpairPhoto(unit_of_work=work, documents=documents)

    def _link(self, ports: Ports, clock: Clock) -> None:
        work, attachments = ports.unit_of_work, ports.attachments
        self.link = LinkDocument(
            unit_of_work=work,
            attachments=attachments,
            find_owner=self._find,
            registry=REGISTRY,
            clock=clock,
            new_id=ports.new_id,
        )
        self.place = PlaceAttachment(unit_of_work=work, attachments=attachments)
        self.order = OrderAttachments(unit_of_work=work, attachments=attachments, find_owner=self._find)
        self.unlink = UnlinkAttachment(unit_of_work=work)
        self.unlink_owner = UnlinkOwner(unit_of_work=work)

    def _write_notes(self, ports: Ports, clock: Clock) -> None:
        work, notes, new_id = ports.unit_of_work, ports.notes, ports.new_id
        self.write_note = WriteNote(unit_of_work=work, notes=notes, find_owner=self._find, clock=clock, new_id=new_id)
        self.revise_note = ReviseNote(unit_of_work=work, notes=notes, registry=REGISTRY, clock=clock, new_id=new_id)
        self.delete_note = DeleteNote(unit_of_work=work)

    def _keep_the_directory(self, ports: Ports, clock: Clock) -> None:
        work = ports.unit_of_work
        self.register_patient = RegisterPatient(unit_of_work=work, clock=clock)
        self.set_status = SetPatientStatus(unit_of_work=work, find_owner=self._find, clock=clock)
        self.register_owner = RegisterOwner(unit_of_work=work, find_owner=self._find, registry=REGISTRY, clock=clock)
        self.delete_owner = DeleteOwner(unit_of_work=work)
        self.grant = GrantAccess(unit_of_work=work, find_owner=self._find)
        self.revoke = RevokeAccess(unit_of_work=work)

    def _hand_out(self, ports: Ports, clock: Clock) -> None:
        documents, blobs = ports.documents, ports.blobs
        self.get_document = GetDocument(documents=documents)
        self.list_files = ListFiles(files=ports.files, find_owner=self._find)
        self.list_documents = ListDocuments(documents=documents, find_owner=self._find)
        self.list_photos = ListPhotos(documents=documents, find_owner=self._find)
        made = MakeDerivatives(unit_of_work=ports.unit_of_work, blobs=blobs, inspector=ports.inspector, clock=clock)
        self.download = OpenDownload(
            documents=documents, blobs=blobs, make_derivatives=made, audit=ports.audit, clock=clock
        )
        self.catch_up = CatchUpDerivatives(upkeep=ports.upkeep, make_derivatives=made)

    def _look_after(self, ports: Ports, clock: Clock) -> None:
        blobs, upkeep = ports.blobs, ports.upkeep
        self.relay = RelayEvents(outbox=ports.outbox, bus=ports.bus)
        self.recover = Recover(blobs=blobs, upkeep=upkeep, clock=clock)
        self.quarantine_orphans = QuarantineOrphans(blobs=blobs, upkeep=upkeep, clock=clock)
        self.verify = Verify(blobs=blobs, upkeep=upkeep, audit=ports.audit, clock=clock)
        self.finish_purges = FinishPurges(blobs=blobs, upkeep=upkeep, deletions=MemoryDeletions())
        self.hold_document = HoldDocument(unit_of_work=ports.unit_of_work, clock=clock)
        self.hold_patient = HoldPatient(
            unit_of_work=ports.unit_of_work, directory=ports.directory, find_owner=self._find, clock=clock
        )
        self.purge_trash = PurgeTrash(
            unit_of_work=ports.unit_of_work,
            upkeep=upkeep,
            finish_purges=self.finish_purges,
            policy=RetentionPolicy(trash_days=30, photos_purgeable=True),
            clock=clock,
        )
