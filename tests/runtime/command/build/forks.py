"""Workflow forks: a stage forks; the child prints a secret and gets an interrupt."""

import os
import signal

import wfruntime as rt


def only__fork(ctx: rt.Context[rt.NoParams]) -> dict[str, object]:
    token = rt.env("NIGHTLY_TOKEN")
    child = os.fork()
    if child == 0:
        try:
            print(token, flush=True)
            os.kill(os.getpid(), signal.SIGINT)
            signal.pause()
        except KeyboardInterrupt:
            os._exit(7)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != 7:
        rt.fail(f"the child ended with {status}")
    return {}


WORKFLOW = rt.Workflow(
    "forks",
    format=1,
    source="conf/forks.yml",
    jobs=[rt.Job("only", stages={"fork": only__fork})],
    env={"NIGHTLY_TOKEN": 3},
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
