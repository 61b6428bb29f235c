"""The use cases about what documents hang on: notes, the directory, what happened."""

from dependency_injector.providers import Singleton

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
from application.notes import CountNotes, DeleteNote, ListNotes, RecentNotes, ReviseNote, WriteNote
from application.sessions import RecordSession
from application.timeline import ExportAudit, ReadAudit, ShowTimeline
from entrypoints.container.adapters import Adapters

ports = Adapters


class Records(Adapters):
    write_note = Singleton(
        WriteNote,
        unit_of_work=ports.unit_of_work,
        notes=ports.note_views,
        find_owner=ports.find_owner,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    revise_note = Singleton(
        ReviseNote,
        unit_of_work=ports.unit_of_work,
        notes=ports.note_views,
        registry=ports.registry,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    delete_note = Singleton(DeleteNote, unit_of_work=ports.unit_of_work)
    list_notes = Singleton(ListNotes, notes=ports.note_views, find_owner=ports.find_owner)
    recent_notes = Singleton(RecentNotes, notes=ports.note_views, find_owner=ports.find_owner)
    count_notes = Singleton(CountNotes, notes=ports.note_views, registry=ports.registry)

    register_patient = Singleton(RegisterPatient, unit_of_work=ports.unit_of_work, clock=ports.clock)
    get_patient = Singleton(GetPatient, directory=ports.directory_views)
    search_patients = Singleton(SearchPatients, directory=ports.directory_views)
    set_patient_status = Singleton(
        SetPatientStatus, unit_of_work=ports.unit_of_work, find_owner=ports.find_owner, clock=ports.clock
    )
    register_owner = Singleton(
        RegisterOwner,
        unit_of_work=ports.unit_of_work,
        find_owner=ports.find_owner,
        registry=ports.registry,
        clock=ports.clock,
    )
    get_owner = Singleton(GetOwner, directory=ports.directory_views)
    list_owners = Singleton(ListOwners, directory=ports.directory_views, find_owner=ports.find_owner)
    delete_owner = Singleton(DeleteOwner, unit_of_work=ports.unit_of_work)
    grant_access = Singleton(GrantAccess, unit_of_work=ports.unit_of_work, find_owner=ports.find_owner)
    revoke_access = Singleton(RevokeAccess, unit_of_work=ports.unit_of_work)

    show_timeline = Singleton(ShowTimeline, timeline=ports.timeline_views, find_owner=ports.find_owner)
    record_session = Singleton(RecordSession, audit=ports.audit, clock=ports.clock)
    read_audit = Singleton(ReadAudit, audit=ports.audit)
    export_audit = Singleton(ExportAudit, audit=ports.audit)
