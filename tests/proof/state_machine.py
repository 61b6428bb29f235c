"""G7: whatever people, hosts, accounts, other clinics, failures and crashes do in whatever order, the invariants hold.

    python -m tests.proof.state_machine --steps 100000 --adapters memory --seed 1
    python -m tests.proof.state_machine --steps 10000 --adapters postgresql --storage s3 --seed 1

Where rows are in memory, bytes are there too. After each step the records of the clinic that things are done to, and
how much its audit log holds, are compared with a model. Bytes, pictures, logs, deliveries, counts and the other clinic
are looked at after each fault and crash, after every tenth step, and at the end of a run. Runs are of a hundred steps;
those after the first draw from seeds that follow `--seed`.
"""

import sys
from collections import Counter
from contextlib import nullcontext
from typing import ClassVar, Literal

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.proof.elsewhere import worlds_over
from tests.proof.figure import Figure, command, progress
from tests.proof.worlds import MemoryWorld, NewWorld
from tests.stateful.clinic import Clinic

_STEPS_EACH = 100
_RUNS_AT_ONCE = 20


class CountedClinic(Clinic):
    taken: ClassVar[Counter[str]] = Counter()

    @invariant()
    def one_more(self) -> None:
        self.taken["steps"] += 1


def measure(world: NewWorld, steps: int, first_seed: int) -> tuple[int, list[str]]:
    """How many steps were taken, and the first break with what led to it, at its smallest."""
    machine = type("Clinic", (CountedClinic,), {"world": staticmethod(world)})
    sizes = settings(
        max_examples=min(_RUNS_AT_ONCE, max(1, steps // _STEPS_EACH)),
        stateful_step_count=_STEPS_EACH,
        deadline=None,
        database=None,
        print_blob=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    turn, taken = 0, CountedClinic.taken
    taken.clear()
    while taken["steps"] < steps:
        seed(first_seed + turn)(machine)
        try:
            run_state_machine_as_test(machine, settings=sizes)
        except Exception as broken:
            return taken["steps"], [f"seed {first_seed + turn}: {broken!r}", *getattr(broken, "__notes__", ())]
        turn += 1
        progress(taken["steps"], steps, "steps", every=1)
    return taken["steps"], []


def figure(
    *,
    steps: int = 100_000,
    seed: int = 1,
    adapters: Literal["memory", "sqlite", "postgresql"] = "memory",
    storage: Literal["local", "s3", "memory"] = "local",
) -> Figure:
    with nullcontext(MemoryWorld) if adapters == "memory" else worlds_over(adapters, storage) as world:
        taken, broken = measure(world, steps, seed)
    over = adapters if adapters == "memory" else f"{adapters} and {storage}"
    return Figure({"steps": f"{taken} over {over}", "breaks": int(bool(broken))}, broken)


if __name__ == "__main__":
    sys.exit(command(figure))
