"""Saying no to a file."""


class Refusal(Exception):
    """The file is damaged or over a limit; `detail` is for the person who sent it and holds nothing from the file."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def damaged(what: str) -> Refusal:
    return Refusal(f"The {what} is damaged or incomplete.")
