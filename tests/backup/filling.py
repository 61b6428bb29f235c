"""An installation with a little of everything in it, and what it holds, to compare with another one."""

import io
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from PIL import Image

from application.ports.blobs import ORIGINAL
from application.ports.views import DocumentView
from application.uploads import Incoming, PhotoWords
from domain.access import Principal, Role
from domain.ids import ClinicId, PatientId, UserId
from domain.media import DocumentType
from entrypoints.configuration import read_settings
from entrypoints.container import Container, opened
from entrypoints.settings import Settings
from tests.cli.running import environment

ADMIN = Principal(clinic_id=ClinicId("north"), user_id=UserId("u-1"), roles=frozenset({Role.ADMIN}))
ANA = PatientId("ana")
KEY = "a passphrase only of these tests"


class Held(NamedTuple):
    """Of each document: its row as far as it is kept, and the checksum of its bytes as they are read."""

    row: Mapping[str, Any]
    sha256: str


def settings_of(folder: Path, **settings: str) -> Settings:
    return read_settings(None, environment(folder, **settings))


async def store_photo(container: Container, dice: Random) -> DocumentView:
    picture = io.BytesIO()
    colour = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
    Image.new("RGB", (64, 48), colour).save(picture, "JPEG", comment=dice.randbytes(20_000).hex())
    id, blob = await container.begin_upload()(ADMIN, ANA)
    await blob.write(picture.getvalue())
    words = PhotoWords(category="intraoral")
    return await container.store_photo()(ADMIN, ANA, Incoming(id=id, blob=blob, filename="foto.jpg"), words)


async def store_text(container: Container, text: str) -> DocumentView:
    id, blob = await container.begin_upload()(ADMIN, ANA)
    await blob.write(text.encode())
    incoming = Incoming(id=id, blob=blob, filename="informe.txt")
    return await container.store_document()(ADMIN, ANA, incoming, document_type=DocumentType.OTHER, title="Informe")


async def fill(settings: Settings, photos: int = 4, seed: int = 1) -> None:
    """Photos, two of them a pair, a text, and one in the trash."""
    dice = Random(seed)
    async with opened(settings) as container:
        await container.register_patient()(ADMIN, ANA, display_name="Ana García")
        views = [await store_photo(container, dice) for _ in range(photos)]
        await container.pair_photos()(ADMIN, views[0].id, views[1].id)
        await container.trash_document()(ADMIN, views[2].id)
        await store_text(container, f"Informe {seed}\n")


async def held(settings: Settings) -> dict[str, Held]:
    """What the installation holds, by document."""
    found = {}
    async with opened(settings) as container:
        async for view in container.upkeep().documents():
            digest = sha256()
            async for chunk in await container.blobs().read(f"{view.prefix}/{ORIGINAL}"):
                digest.update(chunk)
            row = view._asdict()
            # pictures are made again
            del row["derived"], row["recipe"], row["placeholder"]
            found[str(view.id)] = Held(row, digest.hexdigest())
    return found


async def damages(settings: Settings) -> list[str]:
    async with opened(settings) as container:
        return [f"{finding.code} {finding.id}: {finding.problem}" async for finding in container.verify()(share=1.0)]
