"""When a try that has failed is followed by another one, and after which wait."""

from __future__ import annotations

from .outcome import raised
from .result import CANCEL, FAILED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .cancel import Stop
    from .graph import Retry
    from .outcome import Outcome

BACKOFF = 1.2


def run_tries(
    retry: Retry,
    stop: Stop,
    run: Callable[[int], Outcome],
    *,
    tell: Callable[[int, str], None],
    cancelled: type[Exception],
) -> tuple[Outcome, int]:
    """Try until it does not fail, or may not be tried again.

    Args:
        run: Runs try n, the first one is 0.
        tell: Told before try n why there is one.
        cancelled: The class of the error when a wait was ended by the stop.

    Returns:
        The last outcome, and how many tries there were after the first.
    """
    number = 0
    outcome = run(number)
    while outcome.status == FAILED and is_tried_again(retry, number, outcome.error):
        number += 1
        wait = wait_before(retry, number)
        tell(number, f"{outcome.cause}; try {number} of {retry.max} in {wait:.3g} s")
        if stop.wait(wait):
            why = f"stopped before try {number}: {stop.why()}; before: {outcome.cause}"
            return raised(CANCEL, cancelled(why), outcome.outputs), number - 1
        outcome = run(number)
    return outcome, number


def is_tried_again(retry: Retry, number: int, error: BaseException | None) -> bool:
    """Whether a further try follows try `number`, which has raised the error."""
    if number >= retry.max:
        return False
    if not retry.on:
        return True
    names = {each.__name__ for each in type(error).__mro__}
    return not names.isdisjoint(retry.on)


def wait_before(retry: Retry, number: int) -> float:
    """Seconds before try `number`, which counts from 1; never after the last.

    >>> from wfruntime.graph import Retry
    >>> round(wait_before(Retry(9), 2), 2), wait_before(Retry(9, delay=5, max_delay=9), 2)
    (1.44, 5.0)
    """
    if retry.delay is None:
        wait = (retry.backoff or BACKOFF) ** number
    else:
        wait = retry.delay * (retry.backoff or 1.0) ** (number - 1)
    if retry.jitter:
        from random import uniform

        wait += uniform(0.0, retry.jitter)
    return wait if retry.max_delay is None else min(wait, retry.max_delay)
