"""Periods in the words of cron."""


def cron_of(seconds: float) -> str:
    """At least every `seconds`, and as evenly as a clock's face allows: seconds come last, as croniter has them."""
    if seconds < 60:
        return f"* * * * * */{_even(seconds, 60)}"
    if seconds < 3600:
        return f"*/{_even(seconds / 60, 60)} * * * *"
    if seconds < 86400:
        return f"0 */{_even(seconds / 3600, 24)} * * *"
    return "0 0 * * *"


def _even(every: float, of: int) -> int:
    """The largest that `of` can be divided by."""
    return max(step for step in range(1, of) if of % step == 0 and (step <= every or step == 1))
