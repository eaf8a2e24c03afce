"""`virtual_py`: Python in an environment of its own, which uv makes of the script's header.

The script and its values are files in a private folder, so no value is on a command line or in
an environment. uv reads a launcher from its standard input: it keeps an environment by the
header then, and would keep one for each folder if the launcher were run as a file.
"""

from __future__ import annotations

import json
import os
import sys

from .context import current
from .errors import StageError
from .run_process import run_process
from .secrets import register_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .context import Context
    from .stages import BashOutputs

HEADER_START, HEADER_END = "# /// script\n", "# ///\n"
LAUNCHER, SCRIPT, VALUES = "launcher", "block.py", "values.json"
FROM_FILE = ("sh", "-c", 'exec 0<"$1" && shift && exec "$@"', "sh")
UV_RUN = ("run", "--quiet", "--no-project", "-")
NO_UV = (
    'uv, which stages with "deps" need, is not installed; '
    "install it with: pip install uv"
)

LAUNCH = """
import sys

# no file of the working folder hides a module
sys.path[:] = [folder for folder in sys.path if folder]

import datetime
import decimal
import json
import os
import runpy
import traceback

KINDS = {
    "date": datetime.date.fromisoformat,
    "datetime": datetime.datetime.fromisoformat,
    "Decimal": decimal.Decimal,
    "dict": dict,
}


def value_of(tagged):
    ((kind, value),) = tagged.items()
    return KINDS[kind](value)


def show(kind, error, trace):
    # without the frames of what runs the script
    while trace is not None and trace.tb_frame.f_code.co_filename != SCRIPT:
        trace = trace.tb_next
    told = traceback.TracebackException(kind, error, trace)
    place(told)
    sys.stderr.write("".join(told.format()))


def place(told):
    # its lines as lines of the YAML, in what it was raised from, too
    for frame in told.stack:
        starts = [start for start in LINES if start <= frame.lineno]
        if frame.filename == SCRIPT and starts:
            frame.line  # is read from the file by its name
            below = LINES[starts[-1]] - starts[-1]
            frame.filename = SOURCE
            frame.lineno += below
            if getattr(frame, "end_lineno", None):
                frame.end_lineno += below
    for cause in (told.__cause__, told.__context__):
        if cause is not None:
            place(cause)


SCRIPT, VALUES = sys.argv.pop(1), sys.argv.pop(1)
with open(VALUES, encoding="utf-8") as file:
    given, SOURCE, LINES = json.load(file, object_hook=value_of)
os.unlink(VALUES)
sys.excepthook = show
sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
runpy.run_path(SCRIPT, given, "__main__")
"""


def virtual_py(script: str, *, vars: Mapping[str, object] | None = None) -> BashOutputs:
    """Run Python to its end, in an environment that has what the script's header asks for.

    Args:
        script: Begins with a PEP 723 header.
        vars: Global names of the script and their values: None, bool, int, float, str, date,
            datetime, Decimal, and lists and maps of them.

    Raises:
        StageError: uv is not installed, a value is of another type, or the script has ended
            with another code than 0. The error has the outputs then.
        StageCancelError: The stage must stop.
    """
    from shutil import rmtree
    from tempfile import mkdtemp

    header, block = _parts(script)
    values = _values(vars or {})
    uv = _uv()
    try:
        folder = mkdtemp(prefix="wfc-")
    except OSError as error:
        raise StageError(f"no folder for its script: {error.strerror}") from error
    try:
        return _run(uv, folder, header, block, values)
    finally:
        rmtree(folder, ignore_errors=True)


def _run(
    uv: list[str], folder: str, header: str, block: str, values: str
) -> BashOutputs:
    told = json.dumps([*_places(current())])
    texts = {
        LAUNCHER: header + LAUNCH,
        SCRIPT: block,
        VALUES: f"[{values}, {told[1:]}",
    }
    paths = {name: os.path.join(folder, name) for name in texts}
    try:
        for name, text in texts.items():
            _write(paths[name], text)
        command = [*FROM_FILE, paths[LAUNCHER], *uv, *UV_RUN]
        command += [paths[SCRIPT], paths[VALUES]]
        return run_process(command, os.environb, current(), noun="script")
    except ChildProcessError:  # of a process that has run
        raise
    except OSError as error:
        raise StageError(f"its script could not start: {error.strerror}") from error


def _places(context: Context[Any] | None) -> tuple[str, object]:
    """The YAML file, and line of the script -> line of the YAML; see `Workflow.scripts`."""
    if context is None or context._span is None:
        return "", {"dict": []}
    run, path = context._scope.run, context._span.path
    lines = run.scripts.get(path, {})
    rows = [[at, run.lines[path] + below] for at, below in lines.items()]
    return run.source, {"dict": rows}


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(text.encode("utf-8", "surrogatepass"))


def _parts(script: str) -> tuple[str, str]:
    """The header, and what follows it: its first line is the first one of the block."""
    if "\0" in script:
        raise StageError("the script holds a NUL character, which no Python reads")
    # an emitted script begins with a line break
    header, end, block = script.removeprefix("\n").partition(HEADER_END)
    if not end or not header.startswith(HEADER_START):
        raise StageError(f'the script does not begin with "{HEADER_START.strip()}"')
    return header + end, block


def _uv() -> list[str]:
    from importlib.util import find_spec
    from shutil import which

    found = which("uv")
    if found:
        return [found]
    if find_spec("uv") is not None:
        return [sys.executable, "-m", "uv"]
    raise StageError(NO_UV)


# --- values ---


def _values(values: Mapping[str, object]) -> str:
    """JSON in which every object has one key, the kind of the value below it."""
    rows = []
    for name, value in values.items():
        try:
            rows.append(f"[{json.dumps(name)}, {json.dumps(_tagged(value))}]")
        except TypeError as error:
            what = f"is or holds a value of the type {error}"
        except RecursionError:
            what = "is nested too deeply"
        except ValueError:
            what = "is or holds a number of too many digits"
        else:
            register_named(name, value)
            continue
        raise StageError(f'variable "{name}" {what}; no script can be given that')
    return f'{{"dict": [{", ".join(rows)}]}}'


def _tagged(value: Any) -> object:
    """
    Raises:
        TypeError: Its text is the name of a type that has no form.
    """
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    if isinstance(value, str):
        return str.__str__(value)  # also of an enum's member
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    if isinstance(value, dict):
        return {"dict": [[_tagged(k), _tagged(v)] for k, v in value.items()]}
    return _tagged_text(value)


def _tagged_text(value: object) -> object:
    from datetime import date, datetime
    from decimal import Decimal

    if isinstance(value, Decimal):
        return {"Decimal": str(value)}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(type(value).__name__)
