"""Everything that the use cases stand on, each part of it to be replaced by itself."""

from dataclasses import dataclass
from typing import cast

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
from entrypoints.container import Container
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


def ports_of(container: Container) -> Ports:
    """Those that an installation was put together with; its clock ticks by itself."""
    return Ports(
        unit_of_work=container.unit_of_work(),
        documents=container.document_views(),
        attachments=container.attachment_views(),
        files=container.file_views(),
        notes=container.note_views(),
        directory=container.directory_views(),
        outbox=container.outbox(),
        audit=container.audit(),
        owners=container._local_owners(),
        upkeep=container.upkeep(),
        blobs=container.blobs(),
        inspector=container.inspector(),
        bus=container.bus(),
        clock=cast(TickingClock, container.clock()),
        new_id=container.new_id(),
    )
