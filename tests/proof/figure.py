"""What a proof has measured, and the one way its command tells it.

A proof is a function whose parameters are its options, by default at full size:

    if __name__ == "__main__":
        sys.exit(command(figure))

The command prints a line for each name and value and ends with 0 where the target is met, 1 where it is missed, and 3
where it cannot be measured here. Examples of what is wrong, and progress, go to standard error.
"""

import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Literal, get_args, get_origin

MET, MISSED, NOT_MEASURED = 0, 1, 3
_EXAMPLES = 40


@dataclass(frozen=True, slots=True)
class Figure:
    told: Mapping[str, object]
    wrong: Sequence[str] = ()
    """Examples of what is not as it should be. Where there is none, the target is met."""


class NotHere(Exception):
    """What the proof needs, this machine does not have; the message says what."""


def command(measured: Callable[..., Figure], arguments: Sequence[str] | None = None) -> int:
    """Its exit status. Options are the parameters of `measured`: numbers, switches, and `Literal` choices."""
    given = vars(_options(measured).parse_args(arguments))
    began = time.perf_counter()
    try:
        figure = measured(**given)
    except NotHere as reason:
        print(reason, file=sys.stderr)
        return NOT_MEASURED
    for line in figure.wrong[:_EXAMPLES]:
        print(line[:600], file=sys.stderr)
    told = {**figure.told, "seconds": f"{time.perf_counter() - began:.0f}"}
    if "seed" in given:
        told["seed"] = given["seed"]
    width = max(map(len, told)) + 2
    for name, value in told.items():
        print(f"{name:<{width}}{_said(value)}")
    return MISSED if figure.wrong else MET


def _said(value: object) -> object:
    """Counts as "name × times"."""
    return ", ".join(f"{name} × {times}" for name, times in value.items()) if isinstance(value, Mapping) else value


def progress(done: int, of: int, told: str = "", *, every: int = 10) -> None:
    if done % every == 0 or done == of:
        print(f"  {done} of {of} {told}".rstrip(), file=sys.stderr, flush=True)


def _options(measured: Callable[..., Figure]) -> ArgumentParser:
    parser = ArgumentParser(description=_told_of(measured), formatter_class=RawDescriptionHelpFormatter)
    for name, parameter in signature(measured, eval_str=True).parameters.items():
        option, default = f"--{name.replace('_', '-')}", parameter.default
        if isinstance(default, bool):
            parser.add_argument(option, action="store_true")
        elif get_origin(parameter.annotation) is Literal:
            parser.add_argument(option, choices=get_args(parameter.annotation), default=default)
        else:
            parser.add_argument(option, type=type(default), default=default, help=f"{default:,} unless told")
    return parser


def _told_of(measured: Callable[..., Figure]) -> str | None:
    return sys.modules[measured.__module__].__doc__
