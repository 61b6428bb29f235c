"""Doing something to an installation that may fail on the way, and finding out what became of it."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextvars import copy_context
from pathlib import Path
from typing import ClassVar, TypeAlias, TypeVar

from hypothesis.stateful import Bundle, RuleBasedStateMachine

from application.ports.audit_trail import AuditCriteria
from application.ports.paging import PageRequest
from application.uploads import Incoming
from domain.access import Principal
from domain.errors import DomainError, Unavailable
from domain.ids import DocumentId, PatientId, UserId
from tests.invariants import READ, Known, Told, broken_invariants, drain
from tests.proof.ports import Ports
from tests.proof.records import read_records
from tests.proof.samples import InProcessInspector
from tests.proof.taps import Dead, tapped
from tests.proof.use_cases import UseCases
from tests.proof.worlds import CountingIds, HearingBus, NewWorld
from tests.samples import ANOTHER_CLINIC, CLINIC, staff
from tests.stateful.faults import Faults
from tests.stateful.model import Foreseen
from tests.stateful.record_model import Model

T = TypeVar("T")

Stage: TypeAlias = tuple[Model, list[Sequence[Told]]]
"""What is stored after some transactions of an operation, and what they told."""

MARIO = UserId("mario")

WHOLE_EVERY = 10
"""After so many steps the whole is looked at again, when nothing struck before."""


class Attempts(RuleBasedStateMachine):
    """The model is of the first clinic; `others` are documents of the second one, which nobody changes."""

    documents: ClassVar[Bundle[DocumentId]] = Bundle("documents")
    world: ClassVar[NewWorld]

    def __init__(self) -> None:
        super().__init__()
        self.runner, self.context = asyncio.Runner(), copy_context()
        self.folder = Path(tempfile.mkdtemp(prefix="clinic-media-"))
        self.installed = type(self).world(self.folder)
        self.faults, self.bus, self.ids, self.inspector = Faults(), HearingBus(), CountingIds(), InProcessInspector()
        self.model, self.known = Model(), Known(heard=self.bus.heard)
        self.bytes: dict[DocumentId, bytes] = {}
        self.others: set[DocumentId] = set()
        self.purged: set[DocumentId] = set()
        self.unrecovered = self.may_be_staged = False
        self.holds = False  # from the set-up to the first break
        self.unseen = 0  # steps since the whole was looked at
        self.ports = self.run(self._opened())
        self.does = UseCases(tapped(self.ports, self.faults))

    def _opened(self) -> Awaitable[Ports]:
        return self.installed.open(self.inspector, self.bus, self.ids, self.faults)

    def reopen(self) -> None:
        """After a crash: nothing is left but what is durable."""
        self.faults.end()
        self.unseen = WHOLE_EVERY
        now = self.ports.clock.now
        self.ports = self.run(self._opened())
        self.ports.clock.now = max(now, self.ports.clock.now)
        self.does = UseCases(tapped(self.ports, self.faults))
        self.run(self.does.recover())

    def teardown(self) -> None:
        try:
            self.faults.end()
            if self.holds:
                self.run(drain(self.does))
                self.check_everything()
        finally:
            self.run(self.installed.close())
            self.run(self.installed.drop())
            self.runner.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, work: Awaitable[T]) -> T:
        async def running() -> T:
            return await work

        # Not the runner's own `run`, which looks after signals for as long as many a step takes
        loop = self.runner.get_loop()
        return loop.run_until_complete(loop.create_task(running(), context=self.context))

    async def received(self, actor: Principal, patient: PatientId, data: bytes, filename: str) -> Incoming:
        """An upload whose bytes have arrived."""
        id, blob = await self.does.begin_upload(actor, patient)
        await blob.write(data[:100])
        await blob.write(data[100:])
        return Incoming(id=id, blob=blob, filename=filename)

    def attempt(
        self, foreseen: Callable[[Model], Foreseen], act: Callable[[], Awaitable[T]], *, reads: int = 0
    ) -> T | None:
        """Do what must turn out as the model says; where a fault strikes, perhaps only the first of its transactions.
        None where it was refused or failed. `reads` is how often it hands out bytes."""
        stages, refusal = self._stages(foreseen)
        self.holds, done = False, None
        self.faults.begin()
        try:
            done = self.run(act())
        except (DomainError, Dead) as error:
            is_fault = bool(self.faults.struck) and isinstance(error, Unavailable | Dead)
            if not is_fault and type(error) is not refusal:
                raise
            self._settle(stages if self.faults.struck else stages[:1])
        else:
            assert refusal is None, f"it had to be refused: {refusal}"
            self.known.reads[CLINIC] += reads
            self._settle(stages[-1:])
        return done

    def refuse(self, act: Callable[[], Awaitable[object]]) -> None:
        """Do what must be refused, for whatever reason, and leave nothing behind."""
        self.holds = False
        self.faults.begin()
        try:
            self.run(act())
        except (DomainError, Dead) as error:
            if isinstance(error, Unavailable) and not self.faults.struck:
                raise
        else:
            raise AssertionError("it had to be refused")
        self._settle([(self.model, [])])

    def _stages(self, foreseen: Callable[[Model], Foreseen]) -> tuple[list[Stage], type[DomainError] | None]:
        after, happened = self.model.copied(), list[Sequence[Told]]()
        stages: list[Stage] = [(self.model, [])]
        try:
            for told in foreseen(after):
                happened = [*happened, told]
                stages.append((after.copied(), happened))
        except DomainError as refusal:
            return stages, type(refusal)
        return stages, None

    def _settle(self, stages: Sequence[Stage]) -> None:
        """Take over the one that has come true of those that may have."""
        struck = self.faults.struck
        self._after_the_fault()
        found = self.run(read_records(self.ports, CLINIC, [MARIO]))
        changes = self.run(self._logged(reads=False))
        if struck:
            self.known.reads[CLINIC] = self.run(self._logged(reads=True))
        before = sum(map(len, self.known.happened.setdefault(CLINIC, [])))
        for model, happened in stages:
            if model.says(found) and changes == before + sum(map(len, happened)):
                self.purged |= self.model.files.keys() - model.files.keys()
                self.model = model
                self.known.happened[CLINIC] += happened
                self.known.uploads = {id: data for id, data in self.bytes.items() if id in {*model.files, *self.others}}
                return
        raise AssertionError(f"after {struck or 'no fault'} there is {found}, which is none of {stages}")

    def _after_the_fault(self) -> None:
        is_dead = self.faults.is_dead
        if self.faults.struck:
            self.unseen = WHOLE_EVERY
        self.unrecovered = self.unrecovered or bool(self.faults.struck)
        self.may_be_staged = self.may_be_staged or bool(self.faults.struck)
        self.faults.end()
        if is_dead:
            self.reopen()

    async def _logged(self, *, reads: bool) -> int:
        """How many reads, or changes, the audit log holds."""
        await self.ports.audit.flush()
        criteria = [AuditCriteria(action=READ), AuditCriteria()]
        read, everything = [
            (await self.ports.audit.page(staff(), each, PageRequest(size=1))).total for each in criteria
        ]
        return read if reads else everything - read

    def check(self) -> None:
        """After each step `attempt` has compared the first clinic's records with the model. The whole (bytes, pictures,
        logs, deliveries, counts, the other clinic) follows after each fault and crash, and now and then."""
        self.unseen += 1
        if self.unseen >= WHOLE_EVERY:
            self.check_everything()
        self.holds = True

    def check_everything(self) -> None:
        self.holds, self.unseen = False, 0
        broken = self.run(broken_invariants(self.ports, self.known, [CLINIC, ANOTHER_CLINIC]))
        if self.unrecovered:
            broken = [line for line in broken if not line.endswith("staged but not promoted")]
        if self.may_be_staged:
            broken = [line for line in broken if not line.endswith("an abandoned upload")]
        assert not broken, broken
        assert self.may_be_staged or not self.run(self.staged()), "I10 a refused upload left its bytes"
        self.holds = True

    async def staged(self) -> list[DocumentId]:
        return [entry.id async for entry in self.ports.blobs.staged()]
