"""The trigger rules: may a job run, given how those that it needs have ended.

As documented, not as the interpreter does it: `one_...` mean at least one, `all_done`
always runs, and a rule that is not met skips the job (differences D1 to D3).
"""

from __future__ import annotations

from .result import CANCEL, FAILED, SKIP, SUCCESS
from .wording import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence, Set


def verdict(
    rule: str, statuses: Sequence[str], needs: Sequence[str]
) -> tuple[str, str] | None:
    """None: the job runs; else the status that it has instead, and the reason.

    Args:
        statuses: How the jobs that it needs have ended; `needs` are their ids.

    >>> verdict("all_success", ["SUCCESS", "FAILED"], ["a", "b"])
    ('SKIP', 'trigger rule "all_success" is not met: "b" is FAILED')
    """
    found = set(statuses)
    if rule == "all_done" or (rule == "all_success" and found == {SUCCESS}):
        return None
    ended = list(zip(needs, statuses, strict=True))
    if CANCEL in found:
        ids = [job for job, status in ended if status == CANCEL]
        return CANCEL, f"it needs {quoted(ids)}, which was cancelled"
    if found == {SKIP}:
        return SKIP, f"all that it needs was skipped: {quoted(needs)}"
    if _is_met(rule, found):
        return None
    told = ", ".join(
        f'"{job}" is {status}' for job, status in ended if not _is_met(rule, {status})
    )
    return SKIP, f'trigger rule "{rule}" is not met: {told}'


def _is_met(rule: str, found: Set[str]) -> bool:
    if rule == "all_success":
        return found == {SUCCESS}
    if rule == "all_failed":
        return found == {FAILED}
    if rule == "one_success":
        return SUCCESS in found
    if rule == "one_failed":
        return FAILED in found
    if rule == "none_failed":
        return FAILED not in found
    return SKIP not in found  # none_skipped
