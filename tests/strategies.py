"""What Hypothesis draws records and criteria from: everything the domain lets exist, and little else."""

import string
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from application.ports.views import DocumentCriteria, PhotoCriteria
from domain import wording
from domain.access import Access, Principal, Role
from domain.attachments import MAX_ORDER, MediaAttachment, OwnerRef
from domain.directory import OwnerRecord, Patient, PatientStatus
from domain.documents import Derived, Document, Scan, StoredFile
from domain.errors import RuleViolated
from domain.filetypes import ALL_TYPES
from domain.ids import AttachmentId, ClinicId, DocumentId, NoteId, OwnerId, PatientId, UserId
from domain.media import Capture, CaptureSource, Classification, DocumentType, MediaKind, Taxonomy
from domain.notes import OWNER_OF, TEETH, ClinicalNote, NoteType
from tests.samples import ANA, CLINIC

PICTURE_KINDS = (MediaKind.PHOTO, MediaKind.XRAY)

our_ids = st.uuids().map(str)
host_ids = st.text(string.ascii_letters + string.digits + "._:-", min_size=1, max_size=64).filter(
    lambda id: id.strip(".")
)
# Hypothesis takes its bounds without a zone and adds it.
_BOUNDS = (datetime(1990, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001
versions = st.integers(1, 2**31 - 2)
"""One more is a number of the databases too."""
instants = st.datetimes(*_BOUNDS, timezones=st.just(UTC))
"""Aware, in UTC, to the microsecond."""

written = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
"""What people and programs send: any text that UTF-8 can carry, control characters among it."""


@st.composite
def titles(draw: st.DrawFn) -> str:
    try:
        return wording.title(draw(written))
    except RuleViolated:
        return "Sin título"


descriptions = written.map(wording.description)
filenames = written.map(wording.clean_filename)
tags = st.lists(st.sampled_from(["caries", "Control", "ortodoncia", "año 1", "日本"]), max_size=3).map(wording.tags)


@st.composite
def classifications(draw: st.DrawFn, kinds: tuple[MediaKind, ...] = tuple(MediaKind)) -> Classification:
    """A kind with a category and subtype that go with it."""
    kind = draw(st.sampled_from(kinds))
    if kind not in PICTURE_KINDS:
        return Classification(kind=kind)
    known = [category for category in Taxonomy().categories if (category.key == "xray") == (kind is MediaKind.XRAY)]
    category = draw(st.sampled_from(known))
    subtype = draw(st.sampled_from([None, *(term.key for term in category.subtypes)]))
    return Taxonomy().classify(kind, category.key, subtype)


def captures(dates: st.SearchStrategy[datetime] = instants) -> st.SearchStrategy[Capture]:
    known = st.builds(Capture, dates, st.sampled_from([CaptureSource.EXIF, CaptureSource.USER]))
    return st.just(Capture()) | known


@st.composite
def stored_files(draw: st.DrawFn) -> StoredFile:
    file_type = draw(st.sampled_from(ALL_TYPES))
    pixels = st.none() | st.integers(1, 60_000)
    return StoredFile(
        original_filename=draw(filenames),
        mime_type=file_type.mime,
        size=draw(st.integers(1, 2**40)),
        sha256=draw(st.binary(min_size=32, max_size=32)).hex(),
        crc32=draw(st.integers(0, 2**32 - 1)),
        prefix=f"{draw(host_ids)}/{draw(host_ids)}/2026-03/{draw(our_ids)}",
        width=draw(pixels),
        height=draw(pixels),
        derived=draw(st.sampled_from(Derived)),
        recipe=draw(st.integers(0, 9)),
        placeholder=draw(st.none() | st.text(string.ascii_letters + "+/=", max_size=40)),
        scan=draw(st.sampled_from([Scan.UNSCANNED, Scan.PENDING, Scan.CLEAN])),
    )


def documents(
    clinic: ClinicId = CLINIC,
    patient: PatientId = ANA,
    *,
    kinds: tuple[MediaKind, ...] = tuple(MediaKind),
    dates: st.SearchStrategy[datetime] = instants,
) -> st.SearchStrategy[Document]:
    """Documents of one patient in any state; `dates` is what all their times are drawn from."""
    trashed = st.builds(lambda at, by: {"trashed_at": at, "trashed_by": UserId(by)}, dates, host_ids)
    states = st.one_of(st.just({}), st.just({}), dates.map(lambda at: {"archived_at": at}), trashed)
    plain: st.SearchStrategy[dict[str, Any]] = st.builds(
        dict,
        id=our_ids.map(DocumentId),
        document_type=st.sampled_from(DocumentType),
        title=titles(),
        description=descriptions,
        media=classifications(kinds),
        capture=captures(dates),
        tags=tags,
        file=stored_files(),
        duplicate_of=st.none() | our_ids.map(DocumentId),
        uploaded_by=host_ids.map(UserId),
        uploader_name=descriptions.map(lambda name: name or ""),
        created_at=dates,
        updated_at=dates,
        hold=st.booleans(),
        version=versions,
    )
    return st.builds(
        lambda fields, state: Document(clinic_id=clinic, patient_id=patient, **fields, **state), plain, states
    )


owner_refs = st.builds(OwnerRef, st.sampled_from(["visit", "plan", "lab-result"]), host_ids.map(OwnerId))


def attachments(
    document: DocumentId, clinic: ClinicId = CLINIC, patient: PatientId = ANA
) -> st.SearchStrategy[MediaAttachment]:
    return st.builds(
        MediaAttachment,
        id=our_ids.map(AttachmentId),
        clinic_id=st.just(clinic),
        patient_id=st.just(patient),
        document_id=st.just(document),
        owner=owner_refs,
        display_order=st.integers(0, MAX_ORDER),
        category=st.none() | host_ids,
        created_at=instants,
    )


@st.composite
def notes(draw: st.DrawFn, clinic: ClinicId = CLINIC, patient: PatientId = ANA) -> ClinicalNote:
    note_type = draw(st.sampled_from(NoteType))
    return ClinicalNote(
        id=NoteId(draw(our_ids)),
        clinic_id=clinic,
        patient_id=patient,
        note_type=note_type,
        owner=OwnerRef(OWNER_OF[note_type], OwnerId(draw(host_ids))),
        body=draw(descriptions) or "Nada",
        tooth_number=draw(st.sampled_from([None, *sorted(TEETH)])) if note_type is NoteType.DIAGNOSIS else None,
        author_id=UserId(draw(host_ids)),
        author_name=draw(descriptions) or "",
        created_at=draw(instants),
        updated_at=draw(instants),
        version=draw(versions),
    )


def patients(clinic: ClinicId = CLINIC) -> st.SearchStrategy[Patient]:
    return st.builds(
        Patient,
        id=host_ids.map(PatientId),
        clinic_id=st.just(clinic),
        display_name=titles(),
        birth_date=st.none() | st.dates(),
        status=st.sampled_from(PatientStatus),
        hold=st.booleans(),
        created_at=instants,
        updated_at=instants,
    )


def owner_records(clinic: ClinicId = CLINIC, patient: PatientId = ANA) -> st.SearchStrategy[OwnerRecord]:
    return st.builds(
        OwnerRecord,
        ref=owner_refs,
        clinic_id=st.just(clinic),
        patient_id=st.just(patient),
        title=titles(),
        occurred_at=st.none() | instants,
        created_at=instants,
        updated_at=instants,
    )


searches = st.sampled_from(["", "", "a", "e", "informe", "caries", "é", ".", "%", "_", "\\", "no such words"]).map(
    wording.folded
)


@st.composite
def photo_criteria(draw: st.DrawFn, dates: st.SearchStrategy[datetime] = instants) -> PhotoCriteria:
    """A category comes with or without one of its subtypes; most fields are left open, so that something is found."""
    media = draw(classifications(PICTURE_KINDS))
    return PhotoCriteria(
        kinds=draw(st.sampled_from([(), (), ("photo",), ("xray",), ("photo", "xray"), ("scan",)])),
        category=draw(st.sampled_from([None, None, media.category])),
        subtype=draw(st.sampled_from([None, None, media.subtype])),
        captured_from=draw(st.none() | dates),
        captured_to=draw(st.none() | dates),
        paired=draw(st.sampled_from([None, None, True, False])),
        tags=draw(st.sampled_from([(), (), ("caries",), ("caries", "Control")])),
        text=draw(searches),
    )


document_criteria = st.builds(
    DocumentCriteria,
    document_type=st.sampled_from([None, None, *DocumentType]),
    kind=st.sampled_from([None, None, *MediaKind]),
    text=searches,
)


@st.composite
def principals(draw: st.DrawFn, clinic: ClinicId = CLINIC) -> Principal:
    """Staff of any roles, or an account with any grants."""
    roles = draw(st.frozensets(st.sampled_from(Role), min_size=1, max_size=2))
    grants = draw(st.dictionaries(host_ids.map(PatientId), st.sampled_from(Access), max_size=3))
    return Principal(clinic_id=clinic, user_id=UserId(draw(host_ids)), roles=roles, grants=grants)
