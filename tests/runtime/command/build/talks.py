"""Workflow talks: stages that print in all the ways there are; TALK chooses one."""

import logging
import os
import subprocess
import sys
import threading

import wfruntime as rt

logging.basicConfig(format="%(levelname)s %(message)s")
print("at the import")


def lines(ctx: rt.Context[rt.NoParams]) -> None:
    print("one", rt.env("NIGHTLY_TOKEN"))
    print("two\nthree\n")
    print("to stderr", file=sys.stderr)
    print("half ", end="", flush=True)
    print("a line")
    print("10%\r20%\r", end="")


def octets(ctx: rt.Context[rt.NoParams]) -> None:
    sys.stdout.buffer.write("gr\u00f6\u00dfer\nal".encode()[:3])
    sys.stdout.buffer.write("gr\u00f6\u00dfer\nal".encode()[3:])
    sys.stdout.buffer.flush()
    sys.stdout.writelines(["s", "o"])


def logs(ctx: rt.Context[rt.NoParams]) -> None:
    logging.getLogger("caller").warning("with %s", rt.env("NIGHTLY_TOKEN"))


def outside(ctx: rt.Context[rt.NoParams]) -> None:
    """In a thread of the caller's own."""
    token = rt.env("NIGHTLY_TOKEN")
    thread = threading.Thread(target=lambda: print("from", token))
    thread.start()
    thread.join()
    thread = threading.Thread(target=lambda: print("no end", end=""))
    thread.start()
    thread.join()


def processes(ctx: rt.Context[rt.NoParams]) -> None:
    subprocess.run(["echo", "inherits"], check=True)
    subprocess.run(["echo", "is given"], check=True, stdout=sys.stdout)


def asks(ctx: rt.Context[rt.NoParams]) -> None:
    print(sys.stdout.isatty(), sys.stdout.writable(), sys.stdout.encoding)


def only__talk(ctx: rt.Context[rt.NoParams]) -> rt.NoOutputs:
    globals()[os.environ["TALK"]](ctx)
    return {}


WORKFLOW = rt.Workflow(
    "talks",
    format=1,
    source="conf/talks.yml",
    jobs=[rt.Job("only", stages={"talk": only__talk})],
    env={"NIGHTLY_TOKEN": 3},
    lines={"only/talk": 3},
)

if __name__ == "__main__":
    raise SystemExit(rt.main(WORKFLOW))
