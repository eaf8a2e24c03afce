"""Workflow tells: its hooks are commands and an address of the environment.

With SLOW the command of a failure waits.
"""

from dataclasses import dataclass

import wfruntime as rt

ON_FAILURE = r"""
echo "$WFC_STATUS|$WFC_SLOT|$WFC_ERROR|$WFC_ERROR_PLACE" >> "$HOME/told.txt"
[ -z "$SLOW" ] || { echo "hook $$" >&2; echo $$ > "$HOME/pid.txt"; sleep 60; }
"""

WAIT__SHELL = r"""
[ -z "$WAIT" ] || { echo "waits"; sleep 60; }
exit "$CODE"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    limit: int = 1


def on_failure_url() -> str:
    return rt.env("HOOK_URL")


def wait__shell(ctx: rt.Context[Params]) -> rt.BashOutputs:
    return rt.bash(WAIT__SHELL)


WORKFLOW = rt.Workflow(
    "tells",
    format=1,
    source="conf/tells.yml",
    params=Params,
    on=[rt.Cron("* * * * *")],
    on_failure=[rt.RunHook(ON_FAILURE), rt.UrlHook(on_failure_url, timeout=0.5)],
    on_success=[rt.RunHook('echo "$WFC_STATUS|$WFC_SLOT" >> "$HOME/told.txt"; exit 7')],
    jobs=[rt.Job("wait", stages={"shell": wait__shell})],
    lines={"wait/shell": 12},
    hook_env={"HOOK_URL": 5},
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
