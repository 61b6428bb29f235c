"""One parser under atheris, in a process of its own: python -m tests.proof.fuzzed_parser TARGET FOLDER [OPTIONS]"""

import sys

import atheris

_OURS = ("entrypoints.http", "domain", "adapters.imaging", "tests.proof.parsers")


def main() -> None:
    with atheris.instrument_imports(include=list(_OURS)):
        from tests.proof.parsers import PARSERS, SEEDS  # noqa: PLC0415 - what is imported here is watched

    _, target, folder, *options = sys.argv
    for number, seed in enumerate(SEEDS[target]):
        with open(f"{folder}/{number}", "wb") as file:  # noqa: PTH123
            file.write(seed)
    atheris.Setup([sys.argv[0], *options, folder], PARSERS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
