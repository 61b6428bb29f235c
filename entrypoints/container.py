"""The composition root: which adapter stands behind each port, and what each use case is given.

Everything is made once, when first asked for. Nothing here is awaited; `opened` closes what was opened.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from dependency_injector import containers
from dependency_injector.providers import Callable as Call
from dependency_injector.providers import Dependency, Dict, Factory, List, Provider, Selector, Singleton

from adapters.archives.zip import ZipArchiver
from adapters.events.log import LogBus
from adapters.files.opening import open_blobs
from adapters.imaging.inspector import PillowInspector
from adapters.legacy.medikeep import MediKeep
from adapters.memory.attachment_views import MemoryAttachmentViews
from adapters.memory.audit_trail import MemoryAuditTrail
from adapters.memory.blobs import MemoryBlobs
from adapters.memory.directory_views import MemoryDirectoryViews
from adapters.memory.document_views import MemoryDocumentViews
from adapters.memory.file_views import MemoryFileViews
from adapters.memory.import_runs import MemoryImportRuns
from adapters.memory.note_views import MemoryNoteViews
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.owners import MemoryOwners
from adapters.memory.store import MemoryStore
from adapters.memory.timeline_views import MemoryTimelineViews
from adapters.memory.unit_of_work import OpenMemoryUnitOfWork
from adapters.memory.upkeep import MemoryUpkeep
from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.database import open_database
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.file_views import SqlFileViews
from adapters.sql.import_runs import SqlImportRuns
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.outbox import SqlOutbox
from adapters.sql.owners import SqlOwners
from adapters.sql.schema import current, expected, upgrade
from adapters.sql.timeline_views import SqlTimelineViews
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.system import SystemClock, Uuid7
from application.archives import ExportPatient, Pack, ZipFiles, ZipRecord
from application.attachments import (
    CountAttachments,
    LinkDocument,
    ListAttachments,
    OrderAttachments,
    PlaceAttachment,
    UnlinkAttachment,
    UnlinkOwner,
)
from application.derivatives import CatchUpDerivatives, MakeDerivatives
from application.directory import (
    DeleteOwner,
    GetOwner,
    GetPatient,
    GrantAccess,
    ListOwners,
    RegisterOwner,
    RegisterPatient,
    RevokeAccess,
    SearchPatients,
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
from application.files import BeginFile, GetFile, ListFiles, ListTrash, ReviseFile, StoreFile, TrashFiles
from application.importing import AnalyseImport, ImportInstallation
from application.importing_check import CheckImport
from application.importing_directory import BringDirectory
from application.importing_files import BringFiles
from application.importing_undo import UndoImport
from application.notes import CountNotes, DeleteNote, ListNotes, RecentNotes, ReviseNote, WriteNote
from application.owners import FindOwner
from application.pairings import PairPhotos, ShowPair, UnpairPhoto
from application.photos import ListPhotos
from application.ports.audit_trail import AuditTrail
from application.ports.blobs import Blobs
from application.ports.event_bus import EventBus
from application.ports.files import FileViews
from application.ports.imports import ImportRuns
from application.ports.inspecting import FileInspector
from application.ports.outbox import Outbox
from application.ports.owners import OwnerResolver
from application.ports.unit_of_work import OpenUnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import AttachmentViews, DirectoryViews, DocumentViews, NoteViews, TimelineViews
from application.recovery import QuarantineOrphans, Recover
from application.relay import RelayEvents
from application.retention import FinishPurges, HoldDocument, HoldPatient, PurgeTrash
from application.timeline import ReadAudit, ShowTimeline
from application.uploads import BeginUpload, Intake, StoreDocument, StorePhoto
from application.verify import Verify
from domain.attachments import LOCAL, OwnerRegistry
from domain.errors import Malformed
from domain.media import Taxonomy
from domain.retention import RetentionPolicy
from entrypoints.configuration import WrongSettings
from entrypoints.owner_types import owner_registry
from entrypoints.settings import Settings

T = TypeVar("T")


class Opened:
    """What has been opened and must be closed, in reverse."""

    def __init__(self) -> None:
        self._closing: list[Callable[[], Awaitable[None]]] = []

    def keep(self, make: Callable[..., T], *args: Any, **options: Any) -> T:
        """What `make` gives; its `close` is called at the end."""
        made: Any = make(*args, **options)
        self._closing.append(made.close)
        kept: T = made
        return kept

    async def close(self) -> None:
        while self._closing:
            await self._closing.pop()()


def _told(key: str, make: Callable[..., T]) -> Callable[..., T]:
    """`make`, whose refusal of a setting tells which one it is."""

    @wraps(make)
    def making(*args: Any) -> T:
        try:
            return make(*args)
        except (ValueError, ImportError) as error:
            raise WrongSettings(f"{key}: {error}") from error

    return making


def _by_database(kind: Provider[Any], memory: Provider[Any], sql: Provider[Any]) -> Selector[Any]:
    return Selector(kind, memory=memory, sqlite=sql, postgresql=sql)


def _taxonomy(settings: Settings) -> Taxonomy:
    try:
        return Taxonomy().with_subtypes(settings.taxonomy)
    except Malformed as error:
        raise WrongSettings(f"taxonomy: {error.detail}") from error


class Container(containers.DeclarativeContainer):
    settings: Provider[Settings] = Dependency(instance_of=Settings)
    resources: Provider[Opened] = Singleton(Opened)
    _keep = resources.provided.keep
    _kind = settings.provided.database_kind

    clock = Singleton(SystemClock)
    new_id = Singleton(Uuid7)
    taxonomy: Provider[Taxonomy] = Singleton(_taxonomy, settings)
    registry: Provider[OwnerRegistry] = Singleton(owner_registry, settings.provided.owner_types)

    blobs: Provider[Blobs] = Selector(
        settings.provided.storage_kind,
        memory=Singleton(MemoryBlobs),
        files=Singleton(
            _keep.call(
                _told("storage", open_blobs),
                settings.provided.storage_url,
                settings.provided.storage.options,
                settings.provided.scratch,
            )
        ),
    )
    bus: Provider[EventBus] = Selector(settings.provided.events.bus, log=Singleton(_keep.call(LogBus)))
    inspector: Provider[FileInspector] = Singleton(
        _keep.call(
            PillowInspector,
            workers=settings.provided.images.processes,
            thumb_px=settings.provided.images.thumb_px,
            medium_px=settings.provided.images.medium_px,
            max_pixels=settings.provided.images.max_pixels,
            timezone=Singleton(ZoneInfo, settings.provided.images.timezone),
        )
    )

    _store = Singleton(MemoryStore)
    _database = Singleton(_keep.call(_told("database.url", open_database), settings.provided.database_url))
    unit_of_work: Provider[OpenUnitOfWork] = _by_database(
        _kind,
        Singleton(OpenMemoryUnitOfWork, _store, clock, new_id),
        Singleton(OpenSqlUnitOfWork, _database, clock, new_id),
    )
    document_views: Provider[DocumentViews] = _by_database(
        _kind, Singleton(MemoryDocumentViews, _store), Singleton(SqlDocumentViews, _database)
    )
    attachment_views: Provider[AttachmentViews] = _by_database(
        _kind, Singleton(MemoryAttachmentViews, _store), Singleton(SqlAttachmentViews, _database)
    )
    file_views: Provider[FileViews] = _by_database(
        _kind, Singleton(MemoryFileViews, _store), Singleton(SqlFileViews, _database)
    )
    note_views: Provider[NoteViews] = _by_database(
        _kind, Singleton(MemoryNoteViews, _store), Singleton(SqlNoteViews, _database)
    )
    timeline_views: Provider[TimelineViews] = _by_database(
        _kind, Singleton(MemoryTimelineViews, _store), Singleton(SqlTimelineViews, _database)
    )
    directory_views: Provider[DirectoryViews] = _by_database(
        _kind, Singleton(MemoryDirectoryViews, _store), Singleton(SqlDirectoryViews, _database)
    )
    upkeep: Provider[Upkeep] = _by_database(
        _kind, Singleton(MemoryUpkeep, _store), Singleton(SqlUpkeep, _database, clock)
    )
    outbox: Provider[Outbox] = _by_database(
        _kind, Singleton(MemoryOutbox, _store, clock), Singleton(SqlOutbox, _database, clock)
    )
    audit: Provider[AuditTrail] = _by_database(
        _kind, Singleton(MemoryAuditTrail, _store), Singleton(SqlAuditTrail, _database)
    )
    import_runs: Provider[ImportRuns] = _by_database(
        _kind, Singleton(MemoryImportRuns, _store), Singleton(SqlImportRuns, _database)
    )
    _local_owners: Provider[OwnerResolver] = _by_database(
        _kind, Singleton(MemoryOwners, _store), Singleton(SqlOwners, _database)
    )
    checks: Provider[list[Callable[[], Awaitable[None]]]] = _by_database(
        _kind, List(blobs.provided.check), List(blobs.provided.check, _database.provided.check)
    )
    """Each raises `Unavailable`, with a reason for operators, while what the service needs is away."""
    schema_revision: Provider[str | None] = Call(_told("database.url", current), settings.provided.database_url)
    """Of the database as it is; None while it is empty."""
    schema_wanted: Provider[str] = Call(expected)
    upgrade_schema: Provider[None] = Call(_told("database.url", upgrade), settings.provided.database_url)

    find_owner = Singleton(FindOwner, registry=registry, resolvers=Dict({LOCAL: _local_owners}))

    begin_upload = Singleton(BeginUpload, find_owner=find_owner, blobs=blobs, new_id=new_id)
    intake = Singleton(
        Intake,
        unit_of_work=unit_of_work,
        documents=document_views,
        blobs=blobs,
        inspector=inspector,
        clock=clock,
        new_id=new_id,
        max_bytes=settings.provided.server.max_upload_bytes,
    )
    store_photo = Singleton(StorePhoto, intake=intake, find_owner=find_owner, taxonomy=taxonomy)
    store_document = Singleton(StoreDocument, intake=intake)

    get_document = Singleton(GetDocument, documents=document_views)
    list_documents = Singleton(ListDocuments, documents=document_views, find_owner=find_owner)
    list_photos = Singleton(ListPhotos, documents=document_views, find_owner=find_owner)
    revise_document = Singleton(ReviseDocument, unit_of_work=unit_of_work, documents=document_views, clock=clock)
    reclassify_photo = Singleton(
        ReclassifyPhoto,
        unit_of_work=unit_of_work,
        documents=document_views,
        taxonomy=taxonomy,
        clock=clock,
        new_id=new_id,
    )
    trash_document = Singleton(TrashDocument, unit_of_work=unit_of_work, clock=clock)
    restore_document = Singleton(
        RestoreDocument, unit_of_work=unit_of_work, documents=document_views, registry=registry, clock=clock
    )
    move_document = Singleton(
        MoveDocument, unit_of_work=unit_of_work, documents=document_views, find_owner=find_owner, clock=clock
    )

    pair_photos = Singleton(PairPhotos, unit_of_work=unit_of_work, documents=document_views, clock=clock, new_id=new_id)
    unpair_photo = Singleton(UnpairPhoto, unit_of_work=unit_of_work, documents=document_views)
    show_pair = Singleton(ShowPair, documents=document_views)

    link_document = Singleton(
        LinkDocument,
        unit_of_work=unit_of_work,
        attachments=attachment_views,
        find_owner=find_owner,
        registry=registry,
        clock=clock,
        new_id=new_id,
    )
    list_attachments = Singleton(ListAttachments, attachments=attachment_views, find_owner=find_owner)
    count_attachments = Singleton(CountAttachments, attachments=attachment_views, registry=registry)
    place_attachment = Singleton(PlaceAttachment, unit_of_work=unit_of_work, attachments=attachment_views)
    order_attachments = Singleton(
        OrderAttachments, unit_of_work=unit_of_work, attachments=attachment_views, find_owner=find_owner
    )
    unlink_attachment = Singleton(UnlinkAttachment, unit_of_work=unit_of_work)
    unlink_owner = Singleton(UnlinkOwner, unit_of_work=unit_of_work)

    begin_file = Singleton(BeginFile, find_owner=find_owner, registry=registry, blobs=blobs, new_id=new_id)
    store_file = Singleton(StoreFile, intake=intake, files=file_views)
    list_files = Singleton(ListFiles, files=file_views, find_owner=find_owner)
    get_file = Singleton(GetFile, files=file_views)
    revise_file = Singleton(ReviseFile, unit_of_work=unit_of_work, files=file_views, registry=registry, clock=clock)
    trash_files = Singleton(TrashFiles, trash_document=trash_document)
    list_trash = Singleton(ListTrash, files=file_views)

    _pack = Singleton(Pack, blobs=blobs, archiver=Singleton(ZipArchiver), audit=audit, clock=clock)
    zip_files = Singleton(ZipFiles, files=file_views, pack=_pack)
    zip_record = Singleton(ZipRecord, files=file_views, find_owner=find_owner, pack=_pack)
    export_patient = Singleton(ExportPatient, files=file_views, notes=note_views, find_owner=find_owner, pack=_pack)

    write_note = Singleton(
        WriteNote, unit_of_work=unit_of_work, notes=note_views, find_owner=find_owner, clock=clock, new_id=new_id
    )
    revise_note = Singleton(
        ReviseNote, unit_of_work=unit_of_work, notes=note_views, registry=registry, clock=clock, new_id=new_id
    )
    delete_note = Singleton(DeleteNote, unit_of_work=unit_of_work)
    list_notes = Singleton(ListNotes, notes=note_views, find_owner=find_owner)
    recent_notes = Singleton(RecentNotes, notes=note_views, find_owner=find_owner)
    count_notes = Singleton(CountNotes, notes=note_views, registry=registry)

    register_patient = Singleton(RegisterPatient, unit_of_work=unit_of_work, clock=clock)
    get_patient = Singleton(GetPatient, directory=directory_views)
    search_patients = Singleton(SearchPatients, directory=directory_views)
    set_patient_status = Singleton(SetPatientStatus, unit_of_work=unit_of_work, find_owner=find_owner, clock=clock)
    register_owner = Singleton(
        RegisterOwner, unit_of_work=unit_of_work, find_owner=find_owner, registry=registry, clock=clock
    )
    get_owner = Singleton(GetOwner, directory=directory_views)
    list_owners = Singleton(ListOwners, directory=directory_views, find_owner=find_owner)
    delete_owner = Singleton(DeleteOwner, unit_of_work=unit_of_work)
    grant_access = Singleton(GrantAccess, unit_of_work=unit_of_work, find_owner=find_owner)
    revoke_access = Singleton(RevokeAccess, unit_of_work=unit_of_work)

    make_derivatives = Singleton(
        MakeDerivatives, unit_of_work=unit_of_work, blobs=blobs, inspector=inspector, clock=clock
    )
    catch_up_derivatives = Singleton(CatchUpDerivatives, upkeep=upkeep, make_derivatives=make_derivatives)
    open_download = Singleton(
        OpenDownload,
        documents=document_views,
        blobs=blobs,
        make_derivatives=make_derivatives,
        audit=audit,
        clock=clock,
    )
    show_timeline = Singleton(ShowTimeline, timeline=timeline_views, find_owner=find_owner)
    read_audit = Singleton(ReadAudit, audit=audit)

    relay_events = Singleton(RelayEvents, outbox=outbox, bus=bus)
    recover = Singleton(Recover, blobs=blobs, upkeep=upkeep, clock=clock)
    quarantine_orphans = Singleton(QuarantineOrphans, blobs=blobs, upkeep=upkeep, clock=clock)
    finish_purges = Singleton(FinishPurges, blobs=blobs, upkeep=upkeep)
    purge_trash = Singleton(
        PurgeTrash,
        unit_of_work=unit_of_work,
        upkeep=upkeep,
        finish_purges=finish_purges,
        policy=Singleton(
            RetentionPolicy,
            trash_days=settings.provided.retention.trash_days,
            photos_purgeable=settings.provided.retention.photos_purgeable,
        ),
        clock=clock,
    )
    hold_document = Singleton(HoldDocument, unit_of_work=unit_of_work, clock=clock)
    hold_patient = Singleton(HoldPatient, unit_of_work=unit_of_work, clock=clock)
    medikeep = Factory(MediKeep, registry=registry, clock=clock)
    analyse_import = Singleton(AnalyseImport, inspector=inspector, clock=clock)
    bring_directory = Singleton(BringDirectory, unit_of_work=unit_of_work, clock=clock)
    bring_files = Singleton(
        BringFiles, unit_of_work=unit_of_work, blobs=blobs, inspector=inspector, clock=clock, new_id=new_id
    )
    check_import = Singleton(
        CheckImport, blobs=blobs, upkeep=upkeep, documents=document_views, directory=directory_views
    )
    import_installation = Singleton(
        ImportInstallation,
        runs=import_runs,
        bring_directory=bring_directory,
        bring_files=bring_files,
        check=check_import,
        recover=recover,
        finish_purges=finish_purges,
        clock=clock,
        new_id=new_id,
    )
    undo_import = Singleton(
        UndoImport,
        unit_of_work=unit_of_work,
        runs=import_runs,
        directory=directory_views,
        finish_purges=finish_purges,
        clock=clock,
    )
    verify = Singleton(Verify, blobs=blobs, upkeep=upkeep, audit=audit, clock=clock)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Container]:
    """The container for as long as the block lasts; what was opened in it is closed at the end."""
    container = Container(settings=settings)
    try:
        yield container
    finally:
        await container.resources().close()
