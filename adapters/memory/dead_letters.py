"""Messages that were put aside."""

from collections.abc import Sequence

from adapters.memory.store import MemoryStore, Waiting
from application.ports.dead_letters import DeadLetter, DeadLetters


class MemoryDeadLetters(DeadLetters):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def page(self, limit: int, after: str = "") -> Sequence[DeadLetter]:
        letters = self._store.dead_letters
        return [letters[id] for id in sorted(letters) if id > after][:limit]

    async def replay(self, ids: Sequence[str]) -> int:
        again = self._taken(ids)
        self._store.waiting.update((letter.message.id, Waiting(letter.message)) for letter in again)
        return len(again)

    async def drop(self, ids: Sequence[str]) -> int:
        return len(self._taken(ids))

    def _taken(self, ids: Sequence[str]) -> list[DeadLetter]:
        letters = self._store.dead_letters
        return [letters.pop(id) for id in sorted(set(ids)) if id in letters]
