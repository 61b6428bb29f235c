"""The use cases about documents: how they come in, change, are paired and attached, and go out."""

from dependency_injector.providers import Object, Singleton
from zlib_ng import zlib_ng

from adapters.archives.zip import ZipArchiver
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
from application.pairings import PairPhotos, ShowPair, UnpairPhoto
from application.photos import ListPhotos
from application.refusals import RecordRefusal
from application.resumable.pieces import ReceivePiece
from application.resumable.targets import ReachTarget
from application.resumable.uploads import (
    BeginResumable,
    DropUpload,
    ExpireUploads,
    FindUpload,
    HoldUpload,
    UploadLimits,
)
from application.scanning import CatchUpScans, ScanDocument, ScanStored, ScreenUpload
from application.stripping import OpenStripped
from application.uploads import BeginUpload, Intake, StoreDocument, StorePhoto
from entrypoints.container.adapters import Adapters

ports = Adapters


class Documents(Adapters):
    begin_upload = Singleton(BeginUpload, find_owner=ports.find_owner, blobs=ports.blobs, new_id=ports.new_id)
    screen_upload = Singleton(
        ScreenUpload,
        scanner=ports.scanner,
        blobs=ports.blobs,
        audit=ports.audit,
        fail_closed=ports.settings.provided.scanning.fail_closed,
    )
    intake = Singleton(
        Intake,
        unit_of_work=ports.unit_of_work,
        documents=ports.document_views,
        blobs=ports.blobs,
        inspector=ports.inspector,
        screen=screen_upload,
        clock=ports.clock,
        new_id=ports.new_id,
        max_bytes=ports.settings.provided.server.max_upload_bytes,
    )
    store_photo = Singleton(StorePhoto, intake=intake, find_owner=ports.find_owner, taxonomy=ports.taxonomy)
    store_document = Singleton(StoreDocument, intake=intake)

    get_document = Singleton(GetDocument, documents=ports.document_views)
    list_documents = Singleton(ListDocuments, documents=ports.document_views, find_owner=ports.find_owner)
    list_photos = Singleton(ListPhotos, documents=ports.document_views, find_owner=ports.find_owner)
    revise_document = Singleton(
        ReviseDocument, unit_of_work=ports.unit_of_work, documents=ports.document_views, clock=ports.clock
    )
    reclassify_photo = Singleton(
        ReclassifyPhoto,
        unit_of_work=ports.unit_of_work,
        documents=ports.document_views,
        taxonomy=ports.taxonomy,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    trash_document = Singleton(TrashDocument, unit_of_work=ports.unit_of_work, clock=ports.clock)
    restore_document = Singleton(
        RestoreDocument,
        unit_of_work=ports.unit_of_work,
        documents=ports.document_views,
        registry=ports.registry,
        clock=ports.clock,
    )
    move_document = Singleton(
        MoveDocument,
        unit_of_work=ports.unit_of_work,
        documents=ports.document_views,
        find_owner=ports.find_owner,
        clock=ports.clock,
    )

    pair_photos = Singleton(
        PairPhotos,
        unit_of_work=ports.unit_of_work,
        documents=ports.document_views,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    unpair_photo = Singleton(UnpairPhoto, unit_of_work=ports.unit_of_work, documents=ports.document_views)
    show_pair = Singleton(ShowPair, documents=ports.document_views)

    link_document = Singleton(
        LinkDocument,
        unit_of_work=ports.unit_of_work,
        attachments=ports.attachment_views,
        find_owner=ports.find_owner,
        registry=ports.registry,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    list_attachments = Singleton(ListAttachments, attachments=ports.attachment_views, find_owner=ports.find_owner)
    count_attachments = Singleton(CountAttachments, attachments=ports.attachment_views, registry=ports.registry)
    place_attachment = Singleton(PlaceAttachment, unit_of_work=ports.unit_of_work, attachments=ports.attachment_views)
    order_attachments = Singleton(
        OrderAttachments,
        unit_of_work=ports.unit_of_work,
        attachments=ports.attachment_views,
        find_owner=ports.find_owner,
    )
    unlink_attachment = Singleton(UnlinkAttachment, unit_of_work=ports.unit_of_work)
    unlink_owner = Singleton(UnlinkOwner, unit_of_work=ports.unit_of_work)

    begin_file = Singleton(
        BeginFile, find_owner=ports.find_owner, registry=ports.registry, blobs=ports.blobs, new_id=ports.new_id
    )
    store_file = Singleton(StoreFile, intake=intake, files=ports.file_views)
    list_files = Singleton(ListFiles, files=ports.file_views, find_owner=ports.find_owner)
    get_file = Singleton(GetFile, files=ports.file_views)
    revise_file = Singleton(
        ReviseFile, unit_of_work=ports.unit_of_work, files=ports.file_views, registry=ports.registry, clock=ports.clock
    )
    trash_files = Singleton(TrashFiles, trash_document=trash_document)
    record_refusal = Singleton(RecordRefusal, audit=ports.audit, clock=ports.clock)
    list_trash = Singleton(ListTrash, files=ports.file_views)

    _pack = Singleton(Pack, blobs=ports.blobs, archiver=Singleton(ZipArchiver), audit=ports.audit, clock=ports.clock)
    zip_files = Singleton(ZipFiles, files=ports.file_views, documents=ports.document_views, pack=_pack)
    zip_record = Singleton(ZipRecord, files=ports.file_views, find_owner=ports.find_owner, pack=_pack)
    export_patient = Singleton(
        ExportPatient, files=ports.file_views, notes=ports.note_views, find_owner=ports.find_owner, pack=_pack
    )

    _upload_limits = Singleton(
        UploadLimits,
        max_bytes=ports.settings.provided.server.max_upload_bytes,
        unfinished=ports.settings.provided.uploads.max_unfinished,
        lifetime=ports.settings.provided.uploads.lifetime,
    )
    reach_target = Singleton(
        ReachTarget,
        begin_upload=begin_upload,
        begin_file=begin_file,
        store_photo=store_photo,
        store_document=store_document,
        store_file=store_file,
    )
    find_upload = Singleton(FindUpload, uploads=ports.uploads, upkeep=ports.upkeep, clock=ports.clock)
    hold_upload = Singleton(HoldUpload, find=find_upload, uploads=ports.uploads, grows=ports.blobs)
    begin_resumable = Singleton(
        BeginResumable,
        target=reach_target,
        find=find_upload,
        uploads=ports.uploads,
        blobs=ports.blobs,
        grows=ports.blobs,
        limits=_upload_limits,
        clock=ports.clock,
        new_id=ports.new_id,
    )
    receive_piece = Singleton(
        ReceivePiece,
        hold=hold_upload,
        find=find_upload,
        target=reach_target,
        uploads=ports.uploads,
        upkeep=ports.upkeep,
        limits=_upload_limits,
        clock=ports.clock,
    )
    drop_upload = Singleton(DropUpload, hold=hold_upload, find=find_upload, uploads=ports.uploads, blobs=ports.blobs)
    expire_uploads = Singleton(
        ExpireUploads,
        uploads=ports.uploads,
        upkeep=ports.upkeep,
        blobs=ports.blobs,
        grows=ports.blobs,
        clock=ports.clock,
    )

    make_derivatives = Singleton(
        MakeDerivatives,
        unit_of_work=ports.unit_of_work,
        blobs=ports.blobs,
        inspector=ports.inspector,
        clock=ports.clock,
    )
    catch_up_derivatives = Singleton(CatchUpDerivatives, upkeep=ports.upkeep, make_derivatives=make_derivatives)
    open_download = Singleton(
        OpenDownload,
        documents=ports.document_views,
        blobs=ports.blobs,
        make_derivatives=make_derivatives,
        audit=ports.audit,
        clock=ports.clock,
        crc32=Object(zlib_ng.crc32),
    )
    open_stripped = Singleton(OpenStripped, open_download=open_download, blobs=ports.blobs, stripper=ports.stripper)
    scan_document = Singleton(
        ScanDocument, unit_of_work=ports.unit_of_work, blobs=ports.blobs, scanner=ports.scanner, clock=ports.clock
    )
    catch_up_scans = Singleton(CatchUpScans, upkeep=ports.upkeep, scan_document=scan_document)
    scan_stored = Singleton(ScanStored, upkeep=ports.upkeep, scan_document=scan_document)
