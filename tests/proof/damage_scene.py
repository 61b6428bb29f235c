"""The installation that is damaged: a clinic with two patients, photos, pairs, texts, visits and an audit log."""

import asyncio
import os
import time
from pathlib import Path

from dependency_injector.providers import Object

from adapters.sql.schema import upgrade
from application.uploads import Incoming, PhotoWords
from domain.access import Principal, Role
from domain.attachments import OwnerRef
from domain.ids import ClinicId, DocumentId, OwnerId, PatientId, UserId
from domain.media import DocumentType
from entrypoints.container import Container, opened
from entrypoints.settings import Settings
from tests.proof import samples
from tests.proof.samples import InProcessInspector

CLINIC = ClinicId("north")
ANA, LUIS = PatientId("ana"), PatientId("luis")
PHOTOS, TEXTS = 40, 4
LONG_AGO = time.time() - 3 * 24 * 3600
_ME = Principal(clinic_id=CLINIC, user_id=UserId("u-1"), roles=frozenset({Role.ADMIN}))


async def make_scene(folder: Path) -> None:
    """Every fourth photo and the next are a pair; the first eight are each attached to a visit."""
    await asyncio.to_thread(upgrade, f"sqlite:///{folder / 'clinic-media.db'}")
    async with opened(Settings(data_dir=str(folder))) as container:
        container.inspector.override(Object(InProcessInspector()))
        for patient in (ANA, LUIS):
            await container.register_patient()(_ME, patient, display_name="Somebody")
        photos = [await _photo(container, number) for number in range(PHOTOS)]
        for number in range(0, PHOTOS, 4):
            await container.pair_photos()(_ME, photos[number], photos[number + 1])
        for number in range(8):
            visit = OwnerId(f"v{number}")
            await container.register_owner()(_ME, OwnerRef("visit", visit), patient=ANA, title="Visita")
            await container.link_document()(_ME, photos[number], OwnerRef("visit", visit))
        for number in range(TEXTS):
            await _text(container, number)
    for path in (folder / "files").rglob("*"):
        os.utime(path, (LONG_AGO, LONG_AGO))


async def _photo(container: Container, number: int) -> DocumentId:
    id, blob = await container.begin_upload()(_ME, ANA)
    await blob.write(samples.photo(number))
    incoming = Incoming(id=id, blob=blob, filename="foto.jpg")
    return (await container.store_photo()(_ME, ANA, incoming, PhotoWords(category="intraoral"))).id


async def _text(container: Container, number: int) -> None:
    id, blob = await container.begin_upload()(_ME, ANA)
    await blob.write(samples.text(number))
    incoming = Incoming(id=id, blob=blob, filename="informe.txt")
    await container.store_document()(_ME, ANA, incoming, document_type=DocumentType.OTHER, title="Informe")
