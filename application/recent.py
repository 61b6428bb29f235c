"""What was asked for a moment ago, and may be asked for again."""

from collections import OrderedDict
from datetime import datetime, timedelta


class Shelf:
    """The pictures asked for last, at most so many bytes of them: a gallery is looked at again and again, and reading
    a picture anew costs more than all else about it."""

    def __init__(self, capacity: int = 32 * 2**20) -> None:
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._capacity = capacity
        self._held = 0

    def take(self, name: str) -> bytes | None:
        picture = self._pictures.get(name)
        if picture is not None:
            self._pictures.move_to_end(name)
        return picture

    def put(self, name: str, picture: bytes) -> None:
        self._held += len(picture) - len(self._pictures.pop(name, b""))
        self._pictures[name] = picture
        while self._held > self._capacity:
            self._held -= len(self._pictures.popitem(last=False)[1])


class Seen:
    """Originals that were at their place less than a minute ago, the last so many of them.

    Once there, an original stays as long as its row does. Whoever turns the pages of a long PDF or seeks in a video
    asks for one range after another, and looking for it each time costs a turn of a thread, of a bucket a round trip.
    """

    def __init__(self, *, lasting: timedelta = timedelta(minutes=1), capacity: int = 4096) -> None:
        self._at: OrderedDict[str, datetime] = OrderedDict()
        self._lasting = lasting
        self._capacity = capacity

    def note(self, key: str, now: datetime) -> None:
        self._at[key] = now
        self._at.move_to_end(key)
        if len(self._at) > self._capacity:
            self._at.popitem(last=False)

    def lately(self, key: str, now: datetime) -> bool:
        at = self._at.get(key)
        # A clock that was set back must not make it last.
        return at is not None and timedelta() <= now - at < self._lasting
