"""A patient's story as it is written down: what is done, when and by whom. `loading` carries it out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from domain.access import Access
from domain.attachments import OwnerRef
from domain.directory import PATIENT
from domain.ids import OwnerId
from domain.media import DocumentType, MediaKind
from domain.notes import NoteType
from entrypoints.demo import papers, snapshot
from entrypoints.demo.acts import Act, Note, Play, Upload
from entrypoints.demo.cast import ADMIN, ASSISTANT, DENTIST, RECEPTIONIST, DemoPatient, Person
from entrypoints.demo.drawing.canvas import Canvas
from entrypoints.demo.drawing.people import Look
from entrypoints.demo.snapshot import REFLEX, Camera

ZONE = ZoneInfo("Europe/Madrid")


@dataclass(slots=True)
class Chart:
    """Methods write down what happened on the current day; each thing happens a minute after the one before."""

    patient: DemoPatient
    now: datetime
    acts: list[Act] = field(default_factory=list)
    _day: datetime = field(init=False)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.on(430)
        self._act(ADMIN, lambda stage, _: stage.register(self.patient))

    @property
    def look(self) -> Look:
        return self.patient.look(self.now.date())

    def on(self, days_ago: int, hour: int = 9) -> None:
        """What follows happened then; `hour` is local."""
        now = self.now.astimezone(ZONE)
        day = (now - timedelta(days=days_ago)).replace(
            hour=hour, minute=self.patient.number % 30, second=0, microsecond=0
        )
        self._day = min(day, now - timedelta(minutes=40))

    def record(self, owner_type: str, title: str, *, days: int = 0, hour: int | None = None) -> OwnerRef:
        """A record of the host, dated `days` after the current day, at `hour`."""
        ref = OwnerRef(owner_type, OwnerId(f"{owner_type}-{self._number()}"))
        occurred = self._day + timedelta(days=days)
        occurred = occurred if hour is None else occurred.replace(hour=hour, minute=0)
        self._act(ADMIN, lambda stage, _: stage.record(self.patient, ref, title, occurred))
        return ref

    def photo(
        self,
        draw: Callable[[], Canvas],
        words: str,
        title: str,
        *,
        tags: tuple[str, ...] = (),
        pair: str | None = None,
        on: tuple[OwnerRef, ...] = (),
        camera: Camera = REFLEX,
    ) -> str:
        """A photo; `words` is category/subtype, `pair` the key of the one taken before."""
        key, taken = self._number(), self._day
        prefix = "IMG" if camera.offset else "DSC"
        upload = Upload(
            key=key,
            filename=f"{prefix}_{key.replace('-', '')}.JPG",
            title=title,
            words=words,
            kind=MediaKind.PHOTO,
            tags=tags,
            pair=pair,
            on=on,
        )
        self._store(ASSISTANT, upload, lambda: snapshot.photograph(draw(), taken, camera))
        return key

    def xray(
        self,
        draw: Callable[[], Canvas],
        subtype: str,
        title: str,
        *,
        tags: tuple[str, ...] = (),
        pair: str | None = None,
        on: tuple[OwnerRef, ...] = (),
    ) -> str:
        key, taken = self._number(), self._day
        upload = Upload(
            key=key,
            filename=f"RX_{key.replace('-', '')}.jpg",
            title=title,
            words=f"xray/{subtype}",
            kind=MediaKind.XRAY,
            tags=tags,
            pair=pair,
            on=on,
        )
        self._store(DENTIST, upload, lambda: snapshot.radiograph(draw(), taken))
        return key

    def plaster(self, draw: Callable[[], Canvas], title: str) -> str:
        """A photo of a cast."""
        key, taken = self._number(), self._day
        filename = f"DSC_{key.replace('-', '')}.JPG"
        upload = Upload(key=key, filename=filename, title=title, words="other/model_photo", kind=MediaKind.PHOTO)
        self._store(ASSISTANT, upload, lambda: snapshot.plaster(draw(), taken))
        return key

    def consent(self, treatment: str, *on: OwnerRef) -> str:
        return self.paper(DocumentType.CONSENT, f"Consentimiento de {treatment}", *papers.CONSENT, on=on)

    def paper(self, document_type: DocumentType, title: str, *paragraphs: str, on: tuple[OwnerRef, ...] = ()) -> str:
        """A PDF of the clinic."""
        key, day = self._number(), self._day.date()
        upload = Upload(key=key, filename=f"{title}.pdf", title=title, document_type=document_type, on=on)
        signed_by = f"Dr. {DENTIST.name}"
        make = partial(papers.letter, title, self.patient.name, day, paragraphs, signed_by)
        self._store(RECEPTIONIST, upload, make)
        return key

    def appointment(self, title: str, *, days: int, hour: int) -> tuple[OwnerRef, OwnerRef]:
        """An appointment `days` after the current day, and the treatment to be done in it."""
        appointment = self.record("appointment", title, days=days, hour=hour)
        return appointment, self.record("appointment_treatment", title, days=days, hour=hour)

    def insured(self, owner: OwnerRef, insurer: str, number: str, colour: tuple[int, int, int]) -> None:
        """The photo of an insurance card."""
        card = partial(papers.insurance_card, insurer, self.patient.name, number, colour=colour)
        self.file(owner, "tarjeta.png", "card", card)

    def filed(self, owner: OwnerRef, title: str, category: str, *paragraphs: str) -> None:
        """A PDF put on a record by the files surface."""
        letter = partial(papers.letter, title, self.patient.name, self._day.date(), paragraphs, papers.CLINIC)
        self.file(owner, f"{title}.pdf", category, letter)

    def results(self, owner: OwnerRef) -> None:
        self.file(owner, "analitica.csv", "result", partial(papers.blood_test, self._day.date()))

    def file(self, owner: OwnerRef, filename: str, category: str, make: Callable[[], bytes]) -> None:
        """A file put on a record by the files surface."""
        self._act(RECEPTIONIST, lambda stage, content: stage.file(owner, filename, category, content), make)

    def note(
        self,
        note_type: NoteType,
        owner: OwnerRef | None,
        body: str,
        *,
        tooth: int | None = None,
        photos: tuple[str, ...] = (),
        by: Person = DENTIST,
    ) -> None:
        """`owner` None is the patient."""
        new = Note(note_type, owner or OwnerRef(PATIENT, OwnerId(self.patient.id)), body, tooth, photos)
        self._act(by, lambda stage, _: stage.note(new))

    def trash(self, key: str) -> None:
        self._act(DENTIST, lambda stage, _: stage.trash(key))

    def grant(self, person: Person, access: Access) -> None:
        self._act(ADMIN, lambda stage, _: stage.grant(self.patient, person, access))

    def _store(self, by: Person, upload: Upload, make: Callable[[], bytes]) -> None:
        self._act(by, lambda stage, content: stage.store(self.patient, upload, content), make)

    def _act(self, by: Person, play: Play, make: Callable[[], bytes] | None = None) -> None:
        self._day += timedelta(minutes=1)
        self.acts.append(Act(at=self._day, by=by, play=play, make=make))

    def _number(self) -> str:
        self._numbers += 1
        return f"{self.patient.number}-{self._numbers:02}"
