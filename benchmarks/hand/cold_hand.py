"""A careful hand-written script: argparse, a thread pool, a log of JSON lines; one job, one stage."""

import argparse
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from benchreg import tasks

parser = argparse.ArgumentParser()
parser.add_argument("--log", default="/dev/null")
parser.add_argument("--param", action="append", default=[])
arguments = parser.parse_args()
with open(arguments.log, "w") as log, ThreadPoolExecutor(2) as pool:
    log.write(json.dumps({"ts": time.time(), "event": "start"}) + "\n")
    outputs = pool.submit(tasks.one).result()
    log.write(
        json.dumps({"ts": time.time(), "event": "end", "outputs": outputs}) + "\n"
    )
print(json.dumps({"status": "SUCCESS", "jobs": {"j0": outputs}}))
