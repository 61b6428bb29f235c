"""The adapters of the database, or of what stands in for it in memory."""

from dependency_injector.providers import Callable as Call
from dependency_injector.providers import Provider, Singleton

from adapters.memory.attachment_views import MemoryAttachmentViews
from adapters.memory.audit_trail import MemoryAuditTrail
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
from adapters.sql.attachment_views import SqlAttachmentViews
from adapters.sql.audit_trail import SqlAuditTrail
from adapters.sql.copies import open_copies
from adapters.sql.database import open_database
from adapters.sql.dead_letters import SqlDeadLetters
from adapters.sql.deletions import open_deletions
from adapters.sql.directory_views import SqlDirectoryViews
from adapters.sql.document_views import SqlDocumentViews
from adapters.sql.file_views import SqlFileViews
from adapters.sql.import_runs import SqlImportRuns
from adapters.sql.moves import open_tables
from adapters.sql.note_views import SqlNoteViews
from adapters.sql.outbox import SqlOutbox
from adapters.sql.owners import SqlOwners
from adapters.sql.schema import current, expected, upgrade
from adapters.sql.timeline_views import SqlTimelineViews
from adapters.sql.tombstones import SqlTombstones
from adapters.sql.unit_of_work import OpenSqlUnitOfWork
from adapters.sql.upkeep import SqlUpkeep
from adapters.sql.uploads import SqlUploads
from application.ports.audit_trail import AuditTrail
from application.ports.backups import DatabaseCopies, Deletions
from application.ports.dead_letters import DeadLetters
from application.ports.files import FileViews
from application.ports.imports import ImportRuns
from application.ports.moving import Tombstones
from application.ports.outbox import Outbox
from application.ports.owners import OwnerResolver
from application.ports.resumable import Uploads
from application.ports.tables import Tables
from application.ports.unit_of_work import OpenUnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import AttachmentViews, DirectoryViews, DocumentViews, NoteViews, TimelineViews
from entrypoints.container.opening import by_database, told
from entrypoints.container.outside import Outside

ports = Outside


class Rows(Outside):
    _store = Singleton(MemoryStore)
    _database = Singleton(
        ports.tracing.provided.database.call(
            ports._keep.call(told("database.url", open_database), ports.settings.provided.database_url), ports._kind
        )
    )
    unit_of_work: Provider[OpenUnitOfWork] = by_database(
        ports._kind,
        Singleton(OpenMemoryUnitOfWork, _store, ports.clock, ports.new_id),
        Singleton(OpenSqlUnitOfWork, _database, ports.clock, ports.new_id),
    )
    document_views: Provider[DocumentViews] = by_database(
        ports._kind, Singleton(MemoryDocumentViews, _store), Singleton(SqlDocumentViews, _database)
    )
    attachment_views: Provider[AttachmentViews] = by_database(
        ports._kind, Singleton(MemoryAttachmentViews, _store), Singleton(SqlAttachmentViews, _database)
    )
    file_views: Provider[FileViews] = by_database(
        ports._kind, Singleton(MemoryFileViews, _store), Singleton(SqlFileViews, _database)
    )
    note_views: Provider[NoteViews] = by_database(
        ports._kind, Singleton(MemoryNoteViews, _store), Singleton(SqlNoteViews, _database)
    )
    timeline_views: Provider[TimelineViews] = by_database(
        ports._kind, Singleton(MemoryTimelineViews, _store), Singleton(SqlTimelineViews, _database)
    )
    directory_views: Provider[DirectoryViews] = by_database(
        ports._kind, Singleton(MemoryDirectoryViews, _store), Singleton(SqlDirectoryViews, _database)
    )
    upkeep: Provider[Upkeep] = by_database(
        ports._kind, Singleton(MemoryUpkeep, _store), Singleton(SqlUpkeep, _database, ports.clock)
    )
    outbox: Provider[Outbox] = by_database(
        ports._kind,
        Singleton(MemoryOutbox, _store, ports.clock, attempts=ports.settings.provided.events.attempts),
        Singleton(SqlOutbox, _database, ports.clock, attempts=ports.settings.provided.events.attempts),
    )
    uploads: Provider[Uploads] = by_database(ports._kind, Singleton(MemoryUploads), Singleton(SqlUploads, _database))
    dead_letters: Provider[DeadLetters] = by_database(
        ports._kind, Singleton(MemoryDeadLetters, _store), Singleton(SqlDeadLetters, _database)
    )
    audit: Provider[AuditTrail] = by_database(
        ports._kind, Singleton(MemoryAuditTrail, _store), Singleton(SqlAuditTrail, _database)
    )
    import_runs: Provider[ImportRuns] = by_database(
        ports._kind, Singleton(MemoryImportRuns, _store), Singleton(SqlImportRuns, _database)
    )
    _local_owners: Provider[OwnerResolver] = by_database(
        ports._kind, Singleton(MemoryOwners, _store), Singleton(SqlOwners, _database)
    )
    deletions: Provider[Deletions] = by_database(
        ports._kind,
        Singleton(MemoryDeletions),
        Singleton(open_deletions, ports.settings.provided.database_url, _database),
    )
    tombstones: Provider[Tombstones] = by_database(
        ports._kind, Singleton(MemoryTombstones, _store), Singleton(SqlTombstones, _database)
    )
    database_copies: Provider[DatabaseCopies] = Call(open_copies, ports.settings.provided.database_url)
    """Not of a database in memory."""
    database_tables: Provider[Tables] = Call(told("database.url", open_tables), ports.settings.provided.database_url)
    """To move what is in them; not of a database in memory."""
    schema_revision: Provider[str | None] = Call(told("database.url", current), ports.settings.provided.database_url)
    """Of the database as it is; None while it is empty."""
    schema_wanted: Provider[str] = Call(expected)
    upgrade_schema: Provider[None] = Call(told("database.url", upgrade), ports.settings.provided.database_url)
