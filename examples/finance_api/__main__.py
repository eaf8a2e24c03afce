"""`python -m examples.finance_api [--port N] [--token TEXT]`: serves until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal

from examples.finance_api.server import FinanceServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="finance_api", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free one")
    parser.add_argument(
        "--token",
        default=os.environ.get("FINANCE_API_TOKEN", "demo-token"),
        help="the bearer token it accepts; default: $FINANCE_API_TOKEN or demo-token",
    )
    options = parser.parse_args()
    # SIGTERM ends it like Ctrl-C: the socket is closed and the exit code is 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with FinanceServer(options.port, options.token) as server:
        print(server.url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
