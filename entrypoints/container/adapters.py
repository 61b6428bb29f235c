"""Which adapter stands behind each port."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from dependency_injector import containers
from dependency_injector.providers import Callable as Call
from dependency_injector.providers import Dependency, Dict, Provider, Selector, Singleton

from adapters.events.log import LogBus
from adapters.events.none import NoSource
from adapters.events.opening import open_bus, open_source
from adapters.events.webhook import WebhookBus
from adapters.files.journal import FileJournal
from adapters.files.opening import open_blobs
from adapters.imaging.inspector import PillowInspector
from adapters.jobs.in_process import InProcessJobs
from adapters.jobs.opening import open_shared_jobs
from adapters.memory.attachment_views import MemoryAttachmentViews
from adapters.memory.audit_trail import MemoryAuditTrail
from adapters.memory.blobs import MemoryBlobs
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.deletions import MemoryDeletions
from adapters.memory.directory_views import MemoryDirectoryViews
from adapters.memory.document_views import MemoryDocumentViews
from adapters.memory.file_views import MemoryFileViews
from adapters.memory.import_runs import MemoryImportRuns
from adapters.memory.note_views import MemoryNoteViews
from adapters.memory.outbox import MemoryOutbox
from adapters.memory.owners import MemoryOwners
from adapters.memory.store import MemoryStore
from adapters.memory.timeline_views import MemoryTimelineViews
from adapters.memory.tombstones import MemoryTombstones
from adapters.memory.unit_of_work import OpenMemoryUnitOfWork
from adapters.memory.upkeep import MemoryUpkeep
from adapters.memory.uploads import MemoryUploads
from adapters.metrics.inspecting import MeasuredInspector
from adapters.owners.http import HttpOwners
from adapters.scanning.clamd import ClamdScanner
from adapters.scanning.none import NoScanner
from adapters.sealing.aes_gcm import AesGcmCiphers
from adapters.sealing.plain import PlainCiphers
from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.copies import open_copies
from adapters.sql.database import open_database
from adapters.sql.dead_letters import SqlDeadLetters
from adapters.sql.deletions import open_deletions
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.file_views import SqlFileViews
from adapters.sql.host_owners import host_owners
from adapters.sql.import_runs import SqlImportRuns
from adapters.sql.moves import open_tables
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.outbox import SqlOutbox
from adapters.sql.owners import SqlOwners
from adapters.sql.schema import current, expected, upgrade
from adapters.sql.schema_check import SchemaFits
from adapters.sql.timeline_views import SqlTimelineViews
from adapters.sql.tombstones import SqlTombstones
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.sql.uploads import SqlUploads
from adapters.system import RoomOnDisk, SystemClock, Uuid7
from adapters.tallies.opening import open_tally
from adapters.tracing.opening import open_tracing
from application.owners import FindOwner
from application.ports.audit_trail import AuditTrail
from application.ports.backups import DatabaseCopies, Deletions
from application.ports.blobs import Blobs
from application.ports.dead_letters import DeadLetters
from application.ports.event_bus import EventBus
from application.ports.event_source import EventSource
from application.ports.files import FileViews
from application.ports.imports import ImportRuns
from application.ports.inspecting import FileInspector
from application.ports.jobs import Jobs
from application.ports.moving import Journal, Tombstones
from application.ports.outbox import Outbox
from application.ports.owners import OwnerResolver
from application.ports.resumable import Uploads
from application.ports.scanning import Scanner
from application.ports.sealing import Ciphers
from application.ports.stripping import MetadataStripper
from application.ports.tables import Tables
from application.ports.tallies import Tally
from application.ports.tracing import Tracing
from application.ports.unit_of_work import OpenUnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import AttachmentViews, DirectoryViews, DocumentViews, NoteViews, TimelineViews
from application.relay import EventsKeepUp
from domain.attachments import OwnerRegistry
from domain.errors import Malformed
from domain.media import Taxonomy
from entrypoints.configuration import WrongSettings
from entrypoints.container.opening import Opened, by_database, told
from entrypoints.owner_resolvers import installed_plugins, owner_resolvers
from entrypoints.owner_types import owner_registry
from entrypoints.settings import Settings

Check: TypeAlias = Callable[[], Awaitable[None]]


def _taxonomy(settings: Settings) -> Taxonomy:
    try:
        return Taxonomy().with_subtypes(settings.taxonomy)
    except Malformed as error:
        raise WrongSettings(f"taxonomy: {error.detail}") from error


def _opened_storage(opened: Opened, scratch: Path, url: str, options: Mapping[str, Any]) -> Blobs:
    return opened.keep(open_blobs, url, options, scratch)


def _owners_by_http(opened: Opened, tracing: Tracing) -> Callable[..., OwnerResolver]:
    def open_owners(*args: Any, **options: Any) -> OwnerResolver:
        owners = opened.keep(HttpOwners, *args, carried=tracing.carried, **options)
        return tracing.port(OwnerResolver, owners)

    return open_owners


def _ciphers(passphrase: str | None) -> Ciphers:
    return PlainCiphers() if passphrase is None else AesGcmCiphers(passphrase)


def _journal(opened: Opened, folder: Path, source: str, target: str) -> Journal:
    return opened.keep(FileJournal, folder / "moves", source, target)


class Adapters(containers.DeclarativeContainer):
    settings: Provider[Settings] = Dependency(instance_of=Settings)
    resources: Provider[Opened] = Singleton(Opened)
    _keep = resources.provided.keep
    _kind = settings.provided.database_kind

    clock = Singleton(SystemClock)
    new_id = Singleton(Uuid7)
    tracing: Provider[Tracing] = Singleton(
        _keep.call(
            told("tracing.enabled", open_tracing),
            settings.provided.tracing.enabled,
            settings.provided.tracing.endpoint,
        )
    )
    _traced = tracing.provided.port
    tally: Provider[Tally] = Singleton(_keep.call(told("limits.url", open_tally), settings.provided.limits.url))
    taxonomy: Provider[Taxonomy] = Singleton(_taxonomy, settings)
    _plugins = Singleton(installed_plugins)
    registry: Provider[OwnerRegistry] = Singleton(owner_registry, settings.provided.owner_types, _plugins)

    blobs: Provider[Blobs] = Selector(
        settings.provided.storage_kind,
        memory=Singleton(_traced.call(Blobs, Singleton(MemoryBlobs))),
        files=Singleton(
            _traced.call(
                Blobs,
                _keep.call(
                    told("storage", open_blobs),
                    settings.provided.storage_url,
                    settings.provided.storage.options,
                    settings.provided.scratch,
                ),
            )
        ),
    )
    _broker = Singleton(
        _traced.call(
            EventBus,
            _keep.call(
                told("events.bus", open_bus),
                settings.provided.events.bus,
                settings.provided.events.url,
                settings.provided.events.topic,
            ),
        )
    )
    _heard = Singleton(
        _keep.call(
            told("events.consume", open_source),
            settings.provided.events.bus,
            settings.provided.events.url,
            settings.provided.events.consume,
        )
    )
    bus: Provider[EventBus] = Selector(
        settings.provided.events.bus,
        log=Singleton(_keep.call(LogBus)),
        webhook=Singleton(
            _traced.call(
                EventBus,
                _keep.call(
                    told("events.secret", WebhookBus),
                    settings.provided.events.url,
                    settings.provided.events.secret,
                    carried=tracing.provided.carried,
                ),
            )
        ),
        nats=_broker,
        kafka=_broker,
        redis=_broker,
        rabbitmq=_broker,
    )
    event_source: Provider[EventSource] = Selector(
        settings.provided.events.source, none=Singleton(NoSource), nats=_heard, redis=_heard
    )
    stripper: Provider[MetadataStripper] = Singleton(
        _traced.call(
            MetadataStripper,
            _keep.call(
                PillowInspector,
                workers=settings.provided.images.processes,
                thumb_px=settings.provided.images.thumb_px,
                medium_px=settings.provided.images.medium_px,
                max_pixels=settings.provided.images.max_pixels,
                timezone=Singleton(ZoneInfo, settings.provided.images.timezone),
            ),
        )
    )
    inspector: Provider[FileInspector] = Singleton(_traced.call(FileInspector, Singleton(MeasuredInspector, stripper)))
    scanner: Provider[Scanner] = Selector(
        settings.provided.scanning.scanner,
        none=Singleton(NoScanner),
        clamd=Singleton(
            _traced.call(
                Scanner,
                Singleton(
                    told("scanning.url", ClamdScanner),
                    settings.provided.scanning.url,
                    max_bytes=settings.provided.scanning.max_bytes,
                ),
            )
        ),
    )
    _needed_scanner: Provider[Scanner] = Selector(
        settings.provided.scanning.on_failure, reject=scanner, accept_and_mark=Singleton(NoScanner)
    )
    """The one that uploads are refused without."""

    _store = Singleton(MemoryStore)
    _database = Singleton(
        tracing.provided.database.call(
            _keep.call(told("database.url", open_database), settings.provided.database_url), _kind
        )
    )
    unit_of_work: Provider[OpenUnitOfWork] = by_database(
        _kind,
        Singleton(OpenMemoryUnitOfWork, _store, clock, new_id),
        Singleton(OpenSqlUnitOfWork, _database, clock, new_id),
    )
    document_views: Provider[DocumentViews] = by_database(
        _kind, Singleton(MemoryDocumentViews, _store), Singleton(SqlDocumentViews, _database)
    )
    attachment_views: Provider[AttachmentViews] = by_database(
        _kind, Singleton(MemoryAttachmentViews, _store), Singleton(SqlAttachmentViews, _database)
    )
    file_views: Provider[FileViews] = by_database(
        _kind, Singleton(MemoryFileViews, _store), Singleton(SqlFileViews, _database)
    )
    note_views: Provider[NoteViews] = by_database(
        _kind, Singleton(MemoryNoteViews, _store), Singleton(SqlNoteViews, _database)
    )
    timeline_views: Provider[TimelineViews] = by_database(
        _kind, Singleton(MemoryTimelineViews, _store), Singleton(SqlTimelineViews, _database)
    )
    directory_views: Provider[DirectoryViews] = by_database(
        _kind, Singleton(MemoryDirectoryViews, _store), Singleton(SqlDirectoryViews, _database)
    )
    upkeep: Provider[Upkeep] = by_database(
        _kind, Singleton(MemoryUpkeep, _store), Singleton(SqlUpkeep, _database, clock)
    )
    own_jobs: Provider[Jobs] = Singleton(InProcessJobs)
    jobs: Provider[Jobs] = Selector(
        settings.provided.jobs.engine,
        inprocess=own_jobs,
        procrastinate=Singleton(told("jobs.engine", open_shared_jobs), settings.provided.database_url),
    )
    outbox: Provider[Outbox] = by_database(
        _kind,
        Singleton(MemoryOutbox, _store, clock, attempts=settings.provided.events.attempts),
        Singleton(SqlOutbox, _database, clock, attempts=settings.provided.events.attempts),
    )
    uploads: Provider[Uploads] = by_database(_kind, Singleton(MemoryUploads), Singleton(SqlUploads, _database))
    dead_letters: Provider[DeadLetters] = by_database(
        _kind, Singleton(MemoryDeadLetters, _store), Singleton(SqlDeadLetters, _database)
    )
    audit: Provider[AuditTrail] = by_database(
        _kind, Singleton(MemoryAuditTrail, _store), Singleton(SqlAuditTrail, _database)
    )
    import_runs: Provider[ImportRuns] = by_database(
        _kind, Singleton(MemoryImportRuns, _store), Singleton(SqlImportRuns, _database)
    )
    _local_owners: Provider[OwnerResolver] = by_database(
        _kind, Singleton(MemoryOwners, _store), Singleton(SqlOwners, _database)
    )
    deletions: Provider[Deletions] = by_database(
        _kind,
        Singleton(MemoryDeletions),
        Singleton(open_deletions, settings.provided.database_url, _database),
    )
    tombstones: Provider[Tombstones] = by_database(
        _kind, Singleton(MemoryTombstones, _store), Singleton(SqlTombstones, _database)
    )
    database_copies: Provider[DatabaseCopies] = Call(open_copies, settings.provided.database_url)
    """Not of a database in memory."""
    database_tables: Provider[Tables] = Call(told("database.url", open_tables), settings.provided.database_url)
    """To move what is in them; not of a database in memory."""
    other_storage: Provider[Blobs] = Call(_opened_storage, resources, settings.provided.scratch)
    """Of a URL and its client's options; raises `ValueError` for what is none."""
    ciphers: Provider[Ciphers] = Call(_ciphers)
    """For a passphrase; without one nothing is encrypted."""
    move_journal: Provider[Journal] = Call(_journal, resources, settings.provided.folder)
    """Of a move from one URL to another."""
    needed: Provider[Mapping[str, Check]] = by_database(
        _kind,
        Dict(storage=blobs.provided.check, scanner=_needed_scanner.provided.check),
        Dict(
            database=_database.provided.check,
            storage=blobs.provided.check,
            scanner=_needed_scanner.provided.check,
        ),
    )
    """Each raises `Unavailable`, with a reason for operators, while what the service needs is away."""
    _events_keep_up = Singleton(EventsKeepUp, outbox=outbox, clock=clock)
    watched: Provider[Mapping[str, Check]] = by_database(
        _kind,
        Dict(events=_events_keep_up.provided.check),
        Dict(
            schema=Singleton(SchemaFits, _database).provided.check,
            disk=Singleton(RoomOnDisk, settings.provided.folder, settings.provided.storage_url).provided.check,
            events=_events_keep_up.provided.check,
        ),
    )
    """Each raises `Unavailable` while something should be looked after that keeps nobody from working yet."""
    schema_revision: Provider[str | None] = Call(told("database.url", current), settings.provided.database_url)
    """Of the database as it is; None while it is empty."""
    schema_wanted: Provider[str] = Call(expected)
    upgrade_schema: Provider[None] = Call(told("database.url", upgrade), settings.provided.database_url)

    _resolvers = Singleton(
        owner_resolvers,
        _local_owners,
        settings.provided.owner_types,
        _plugins,
        by_http=Call(_owners_by_http, resources, tracing),
        by_sql=Call(partial, _keep, host_owners),
    )
    find_owner = Singleton(FindOwner, registry=registry, resolvers=_resolvers)
