"""Everything that the use cases stand on, each part of it to be replaced by itself."""

from dataclasses import dataclass

from application.ports.audit_trail import AuditTrail
from application.ports.blobs import Blobs
from application.ports.event_bus import EventBus
from application.ports.files import FileViews
from application.ports.inspecting import FileInspector
from application.ports.outbox import Outbox
from application.ports.owners import OwnerResolver
from application.ports.system import NewId
from application.ports.unit_of_work import OpenUnitOfWork
from application.ports.upkeep import Upkeep
from application.ports.views import AttachmentViews, DirectoryViews, DocumentViews, NoteViews
from tests.installations import TickingClock


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    unit_of_work: OpenUnitOfWork
    documents: DocumentViews
    attachments: AttachmentViews
    files: FileViews
    notes: NoteViews
    directory: DirectoryViews
    outbox: Outbox
    audit: AuditTrail
    owners: OwnerResolver
    upkeep: Upkeep
    blobs: Blobs
    inspector: FileInspector
    bus: EventBus
    clock: TickingClock
    new_id: NewId
