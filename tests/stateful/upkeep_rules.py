"""What goes on by itself, and what goes wrong."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.stateful.attempts import Attempts
from tests.stateful.model import Foreseen
from tests.stateful.record_model import Model

kinds = st.sampled_from(["EIO", "ENOSPC", "EACCES", "crash", "crash"])
PLACES = (
    "StagedBlob.keep:after",
    "UnitOfWork.commit:before",
    "UnitOfWork.commit:after",
    "Blobs.promote:before",
    "Blobs.promote:after",
    "Blobs.put:before",
    "Blobs.delete:before",
    "Blobs.quarantine:before",
    "Upkeep.finish_purge:before",
    "EventBus.publish:before",
    "EventBus.publish:after",
    "Outbox.claim.leave:before",
)


class UpkeepRules(Attempts):
    @rule(steps=st.integers(0, 40), kind=kinds)
    def something_will_fail(self, steps: int, kind: str) -> None:
        self.faults.arm(kind, steps=steps)

    @rule(place=st.sampled_from(PLACES), kind=kinds)
    def something_will_fail_there(self, place: str, kind: str) -> None:
        self.faults.arm(kind, place=place)

    @rule(limit=st.integers(1, 20))
    def relays(self, limit: int) -> None:
        self.ports.clock.advance(timedelta(minutes=10))
        self.attempt(_nothing, lambda: self.does.relay(limit))

    @rule()
    def catches_up_with_pictures(self) -> None:
        self.attempt(_nothing, self.does.catch_up)

    @rule()
    def recovers(self) -> None:
        self.attempt(_nothing, self._recovered)

    async def _recovered(self) -> None:
        self.unrecovered = False
        await self.does.recover()
        await self.does.finish_purges()
        assert not await self.installed.kept(self.purged), "I11 bytes outlived their purge"

    @rule()
    def a_day_passes(self) -> None:
        self.ports.clock.advance(timedelta(hours=25))
        self.may_be_staged = self.unrecovered = False
        self.attempt(_nothing, self._swept)

    async def _swept(self) -> None:
        await self.does.recover()
        await self.does.quarantine_orphans()

    @rule()
    def purges_the_trash(self) -> None:
        self.ports.clock.advance(timedelta(days=31))
        self.attempt(lambda model: model.purge(), self._purged)

    async def _purged(self) -> None:
        async for _ in self.does.purge_trash():
            pass

    @rule()
    def is_killed_and_started_again(self) -> None:
        self.reopen()


def _nothing(_: Model) -> Foreseen:
    return iter(())
