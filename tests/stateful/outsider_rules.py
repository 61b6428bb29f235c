"""What an account may do and what it may not, and a second clinic that tries the ids of the first."""

from collections.abc import Awaitable, Callable, Mapping

from hypothesis import strategies as st
from hypothesis.stateful import rule

from application.notes import NewNote
from application.ports.paging import PageRequest
from application.ports.views import DocumentCriteria, PhotoCriteria
from application.uploads import PhotoWords
from domain.access import Access, Principal, Role
from domain.attachments import OwnerRef
from domain.directory import PatientStatus
from domain.documents import Reclassification, Revision
from domain.errors import Forbidden, NotFound
from domain.ids import AttachmentId, DocumentId, OwnerId
from domain.notes import NoteType
from tests.proof import samples
from tests.samples import ANA, ANOTHER_CLINIC, CLINIC, LUIS, staff
from tests.stateful.attempts import MARIO, Attempts
from tests.stateful.document_rules import OTHERS, VISIT
from tests.stateful.model import Foreseen
from tests.stateful.record_model import Model

STRANGER = staff(ANOTHER_CLINIC, user="u-stranger")


class OutsiderRules(Attempts):
    documents = Attempts.documents

    async def account(self) -> Principal:
        grants = await self.ports.directory.grants(CLINIC, MARIO)
        return Principal(clinic_id=CLINIC, user_id=MARIO, roles=frozenset({Role.ACCOUNT}), grants=grants)

    @rule(id=documents, act=st.sampled_from(["looks", "downloads", "renames", "trashes", "restores"]))
    def an_account_tries(self, id: DocumentId, act: str) -> None:
        mario = self.run(self.account())
        foreseen: Mapping[str, Callable[[Model], Foreseen]] = {
            "looks": lambda model: model.only_for(MARIO, id, Access.VIEW),
            "downloads": lambda model: model.only_for(MARIO, id, Access.VIEW),
            "renames": lambda model: model.only_for(MARIO, id, Access.EDIT, model.revise(id, "Suyo", None)),
            "trashes": lambda model: model.only_for(MARIO, id, Access.FULL, model.put_in_trash(id), trashed=True),
            "restores": lambda model: model.only_for(MARIO, id, Access.FULL, model.restore(id), trashed=True),
        }
        acts: Mapping[str, Callable[[], Awaitable[object]]] = {
            "looks": lambda: self.does.get_document(mario, id),
            "downloads": lambda: self.does.download(mario, id),
            "renames": lambda: self.does.revise(mario, id, Revision(title="Suyo")),
            "trashes": lambda: self.does.trash(mario, id),
            "restores": lambda: self.does.restore(mario, id),
        }
        self.attempt(foreseen[act], acts[act], reads=int(act == "downloads"))

    @rule(id=documents, owner=st.sampled_from([VISIT, OTHERS]))
    def an_account_links(self, id: DocumentId, owner: OwnerRef) -> None:
        mario = self.run(self.account())

        def foreseen(model: Model) -> Foreseen:
            if model.owners.get(owner) not in mario.grants:
                raise NotFound("")
            return model.only_for(MARIO, id, Access.EDIT, model.link(id, owner, 0))

        self.attempt(foreseen, lambda: self.does.link(mario, id, owner))

    @rule()
    def an_account_sees_its_patients_only(self) -> None:
        mario = self.run(self.account())
        views = self.run(self.ports.documents.many(mario, [*self.model.files]))
        seen = {id for id, file in self.model.files.items() if file.patient in mario.grants and not file.trashed}
        assert {view.id for view in views} == seen
        new = NewNote(
            note_type=NoteType.ADMINISTRATIVE, owner=OwnerRef("patient", OwnerId(ANA)), body="No", documents=()
        )
        self.attempt(_forbidden, lambda: self.does.write_note(mario, new))

    @rule(id=documents, other=documents, which=st.integers(0, 12))
    def a_stranger_tries(self, id: DocumentId, other: DocumentId, which: int) -> None:
        acts: list[Callable[[], Awaitable[object]]] = [
            lambda: self.does.get_document(STRANGER, id),
            lambda: self.does.download(STRANGER, id, "thumb"),
            lambda: self.does.revise(STRANGER, id, Revision(title="Mío")),
            lambda: self.does.reclassify(STRANGER, id, Reclassification(tags=("mío",))),
            lambda: self.does.trash(STRANGER, id),
            lambda: self.does.restore(STRANGER, id),
            lambda: self.does.move(STRANGER, id, ANA),
            lambda: self.does.unpair(STRANGER, id),
            lambda: self.does.pair(STRANGER, id, other),
            lambda: self.does.link(STRANGER, id, VISIT),
            lambda: self._note(id),
            lambda: self._pair_with_own(id),
            lambda: self.does.set_status(STRANGER, LUIS, PatientStatus.ARCHIVED),
        ]
        self.attempt(_not_found, acts[which])

    @rule(which=st.integers(0, 2))
    def a_stranger_tries_ids_of_links_and_notes(self, which: int) -> None:
        link = self.run(self._any_link())
        note = next(iter(self.model.note_ids.values()), None)
        if link and which == 0:
            self.attempt(_not_found, lambda: self.does.unlink(STRANGER, link))
        elif link and which == 1:
            self.attempt(_not_found, lambda: self.does.place(STRANGER, link, 7))
        elif note:
            self.attempt(_not_found, lambda: self.does.delete_note(STRANGER, note))

    @rule()
    def a_stranger_lists(self) -> None:
        """Its own patient has the same id as one of the first clinic, and one document."""
        photos = self.run(self.does.list_photos(STRANGER, ANA, PhotoCriteria(), PageRequest()))
        documents = self.run(self.does.list_documents(STRANGER, ANA, DocumentCriteria(), PageRequest()))
        assert {view.id for view in (*photos.items, *documents.items)} == self.others
        assert (photos.total, documents.total) == (1, 1)
        assert self.run(self.ports.documents.many(STRANGER, [*self.model.files])) == []

    async def _any_link(self) -> AttachmentId | None:
        async with self.ports.unit_of_work(staff()) as uow:
            for id, _ in self.model.links:
                return (await uow.attachments.of_document(id))[0].id
        return None

    async def _note(self, id: DocumentId) -> object:
        owner = OwnerRef("patient", OwnerId(ANA))
        return await self.does.write_note(
            STRANGER, NewNote(note_type=NoteType.DIAGNOSIS, owner=owner, body="Mía", documents=(id,))
        )

    async def _pair_with_own(self, id: DocumentId) -> object:
        words = PhotoWords(category="intraoral", paired_document_id=id)
        incoming = await self.received(STRANGER, ANA, samples.photo(1), "foto.jpg")
        return await self.does.store_photo(STRANGER, ANA, incoming, words)


def _not_found(_: Model) -> Foreseen:
    raise NotFound("")


def _forbidden(_: Model) -> Foreseen:
    raise Forbidden("")
