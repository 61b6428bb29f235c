"""Events tell what happened by ids and words of the vocabulary; each kind has a name of its own."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_type_hints

from application.recording import entry_of, message_of
from domain import events
from domain.events import DocumentEvent, DocumentRevised, Event, OwnerRegistered
from tests.samples import ANA, NOON, document, staff


def kinds(of: type[Event] = Event) -> Iterator[type[Event]]:
    for kind in of.__subclasses__():
        yield from kinds(kind)
        # A class with slots is made twice, and the first one stays in the list.
        if "type" in kind.__dict__ and getattr(events, kind.__name__) is kind:
            yield kind


def test_every_event_has_a_name_of_its_own() -> None:
    names = [kind.type for kind in kinds()]
    assert len(names) == len(set(names)) > 20
    assert all(name == name.lower() and "." in name for name in names)


def test_no_event_has_room_for_what_a_person_wrote() -> None:
    personal = {"title", "name", "display_name", "description", "body", "filename", "original_filename", "tags"}
    for kind in kinds():
        assert not {field.name for field in fields(kind)} & personal, kind


def test_an_event_of_a_document_is_about_the_document_and_others_say_what_they_are_about() -> None:
    for kind in kinds():
        hints = get_type_hints(kind)
        filled: dict[str, Any] = {field.name: field.name for field in fields(kind)}
        filled |= {name: (name,) for name in filled if hints[name] == tuple[str, ...]}
        event = kind(**filled)
        if isinstance(event, DocumentEvent):
            assert event.subject == "document_id"
        elif isinstance(event, events.NoteEvent):
            assert event.subject == "note_id"
        elif isinstance(event, events.OwnerEvent):
            assert event.subject == "owner_type/owner_id"
        else:
            assert event.subject == "patient_id"


def test_the_audit_log_names_what_an_event_is_about_and_keeps_the_rest_as_detail() -> None:
    one = document()
    entry = entry_of(DocumentRevised(patient_id=ANA, document_id=one.id, changed=("title", "tags")), staff(), NOON)
    assert (entry.action, entry.outcome, entry.document_id, entry.patient_id) == ("document.revised", "ok", one.id, ANA)
    assert entry.detail == '{"changed":["title","tags"]}'
    entry = entry_of(OwnerRegistered(patient_id=ANA, owner_type="visit", owner_id="v1"), staff(), NOON)
    assert (entry.document_id, entry.subject, entry.detail) == (
        None,
        "visit/v1",
        '{"owner_id":"v1","owner_type":"visit"}',
    )
    entry = entry_of(events.DocumentTrashed(patient_id=ANA, document_id=one.id), staff(), NOON)
    assert entry.detail is None


def test_a_message_has_the_patient_for_a_key_and_data_ready_for_json() -> None:
    one = document()
    message = message_of(DocumentRevised(patient_id=ANA, document_id=one.id, changed=("title",)), staff(), NOON, "m-1")
    assert (message.id, message.key, message.subject, message.occurred_at) == ("m-1", ANA, one.id, NOON)
    assert message.data == {"patient_id": ANA, "document_id": one.id, "changed": ["title"]}
