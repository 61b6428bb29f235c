"""The use cases that keep it all going, and whole."""

from dependency_injector.providers import Singleton

from application.backups.backup import BackUp
from application.backups.mending import MendFromBackup
from application.backups.restoring import Restore
from application.consuming import FollowHost
from application.moving import DropMoved, MoveBlobs
from application.recovery import QuarantineOrphans, Recover
from application.relay import RelayEvents
from application.repairing import Repair
from application.retention import FinishPurges, HoldDocument, HoldPatient, PurgeTrash
from application.verify import Verify
from domain.retention import RetentionPolicy
from entrypoints.container.adapters import Adapters
from entrypoints.container.documents import Documents
from entrypoints.container.records import Records

documents = Documents
ports = Adapters
records = Records


class Keeping(Documents, Records):
    relay_events = Singleton(RelayEvents, outbox=ports.outbox, bus=ports.bus)
    follow_host = Singleton(
        FollowHost,
        source=ports.event_source,
        find_owner=ports.find_owner,
        set_patient_status=records.set_patient_status,
        delete_owner=records.delete_owner,
        unlink_owner=documents.unlink_owner,
        user=ports.settings.provided.events.user,
    )
    recover = Singleton(Recover, blobs=ports.blobs, upkeep=ports.upkeep, clock=ports.clock)
    quarantine_orphans = Singleton(QuarantineOrphans, blobs=ports.blobs, upkeep=ports.upkeep, clock=ports.clock)
    finish_purges = Singleton(FinishPurges, blobs=ports.blobs, upkeep=ports.upkeep, deletions=ports.deletions)
    purge_trash = Singleton(
        PurgeTrash,
        unit_of_work=ports.unit_of_work,
        upkeep=ports.upkeep,
        finish_purges=finish_purges,
        policy=Singleton(
            RetentionPolicy,
            trash_days=ports.settings.provided.retention.trash_days,
            photos_purgeable=ports.settings.provided.retention.photos_purgeable,
        ),
        clock=ports.clock,
    )
    hold_document = Singleton(HoldDocument, unit_of_work=ports.unit_of_work, clock=ports.clock)
    hold_patient = Singleton(
        HoldPatient,
        unit_of_work=ports.unit_of_work,
        directory=ports.directory_views,
        find_owner=ports.find_owner,
        clock=ports.clock,
    )
    back_up = Singleton(BackUp, blobs=ports.blobs, deletions=ports.deletions, clock=ports.clock, new_id=ports.new_id)
    restore = Singleton(Restore, blobs=ports.blobs)
    mend_from_backup = Singleton(
        MendFromBackup, blobs=ports.blobs, upkeep=ports.upkeep, make_derivatives=documents.make_derivatives
    )
    move_blobs = Singleton(MoveBlobs, upkeep=ports.upkeep, tombstones=ports.tombstones)
    drop_moved = Singleton(DropMoved, upkeep=ports.upkeep)
    repair = Singleton(
        Repair,
        blobs=ports.blobs,
        upkeep=ports.upkeep,
        recover=recover,
        quarantine_orphans=quarantine_orphans,
        make_derivatives=documents.make_derivatives,
    )
    verify = Singleton(Verify, blobs=ports.blobs, upkeep=ports.upkeep, audit=ports.audit, clock=ports.clock)
