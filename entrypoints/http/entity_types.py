"""The record types that can have files, with the rules for them, as clients of the files surface know them."""

import msgspec
from litestar import Controller, get

from domain.access import Permission
from domain.attachments import OwnerRegistry, OwnerType
from entrypoints.http.documentation import refusals
from entrypoints.http.requests import MediaRequest
from entrypoints.http.vocabulary import language_of


class EntityTypeOut(msgspec.Struct):
    """`accepted_types` are extensions with their dot, `max_size` is in bytes; null is no limit of its own."""

    entity_type: str
    display_name: str
    aliases: list[str]
    accepted_types: list[str]
    max_size: int | None
    max_files: int | None
    categories: list[str]
    allowed_operations: list[str]


class EntityTypes(Controller):
    path = "/entity-types"
    tags = ("files",)

    registry: OwnerRegistry

    @get(
        operation_id="listEntityTypes",
        summary="What each type of record accepts",
        opt={"permission": Permission.ATTACHMENTS_READ, "unrecorded": True},
        responses=refusals(),
    )
    async def listing(self, request: MediaRequest) -> list[EntityTypeOut]:
        language = language_of(request)
        return [_out(owner_type, language) for owner_type in self.registry]


def _out(owner_type: OwnerType, language: str) -> EntityTypeOut:
    extensions = owner_type.accepted or sorted({name for kind in owner_type.file_types for name in kind.extensions})
    return EntityTypeOut(
        entity_type=owner_type.name,
        display_name=owner_type.label(language),
        aliases=sorted(owner_type.aliases),
        accepted_types=[f".{extension}" for extension in extensions],
        max_size=owner_type.max_bytes,
        max_files=owner_type.max_files,
        categories=list(owner_type.categories),
        allowed_operations=sorted(owner_type.operations),
    )
