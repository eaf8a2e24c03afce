"""Shell text as a process: its arguments, its environment, what is made of its end.

Values reach the script in the environment alone. The script itself is an argument or, when
it is too long for one, a file without a name that the shell reads from a descriptor.
"""

from __future__ import annotations

import os
from errno import E2BIG

from .context import log
from .errors import StageCancelError, StageError
from .processes import SCRIPT_DESCRIPTOR, Output, Process, above_standard_streams

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .context import Context
    from .stages import BashOutputs

OPTIONS = {"bash": ("-eo", "pipefail"), "sh": ("-e",)}
MAX_ARGUMENT = 100_000  # bytes; Linux takes 131,072
MAX_VARIABLE = 128 * 1024 - 2  # bytes, its name and value
ERROR_LINES = 20
IN_FOLDER = ("sh", "-c", 'cd -- "$1" && shift && exec "$@"', "sh")


def run_script(
    script: str,
    variables: Mapping[str, object],
    shell: str,
    cwd: object,
    context: Context[Any] | None,
) -> BashOutputs:
    """See `stages.bash`.

    Args:
        context: Whose stop ends the process and whose events its lines are.
    """
    stop = None if context is None else context._stop
    if stop is not None and stop.is_set():
        raise StageCancelError(f"stopped before its shell began: {stop.why()}")
    out, err = (Output(_sink(context, stream)) for stream in ("stdout", "stderr"))
    process = _start(script, variables, shell, cwd, (out, err), context)
    code = process.run(stop)
    outputs: BashOutputs = {
        "return_code": code,
        "stdout": out.text().strip("\n") or None,
        "stderr": err.text().strip("\n") or None,
    }
    if stop is not None and process.was_stopped:
        raise StageCancelError(f"its shell was stopped: {stop.why()}", outputs=outputs)
    if code:
        raise StageError(_ended_with(code, outputs["stderr"]), outputs=outputs)
    return outputs


def _start(
    script: str,
    variables: Mapping[str, object],
    shell: str,
    cwd: object,
    outputs: tuple[Output, Output],
    context: Context[Any] | None,
) -> Process:
    if shell not in OPTIONS:
        raise StageError(f'the shell "{shell}" is not "bash" or "sh"')
    if "\0" in script:
        raise StageError("the script holds a NUL character, which no shell reads")
    environment = _environment(variables)
    # an emitted script begins with a line break, which the shell would count as a line
    text = script.removeprefix("\n")
    command = [shell, *OPTIONS[shell]]
    descriptor = None
    if len(text.encode(errors="surrogateescape")) > MAX_ARGUMENT:
        descriptor = _nameless_file(text)
        command.append(f"/dev/fd/{SCRIPT_DESCRIPTOR}")
    else:
        span = None if context is None else context._span
        command += ["-c", text, shell if span is None else span.path]
    try:
        if cwd is not None:
            command = [*IN_FOLDER, _folder(str(cwd)), *command]
        return Process(command, environment, outputs, script=descriptor)
    except FileNotFoundError as error:
        raise StageError(f'the shell "{command[0]}" is not installed') from error
    except OSError as error:
        if error.errno == E2BIG:
            raise StageError(_too_long(environment)) from error
        raise StageError(f"its shell could not start: {error.strerror}") from error
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _folder(path: str) -> str:
    if not os.path.isdir(path):
        raise StageError(f'the working folder "{path}" is not there')
    return os.path.abspath(path)


def _environment(variables: Mapping[str, object]) -> dict[bytes, bytes]:
    environment = dict(os.environb)
    for name, value in variables.items():
        environment[name.encode()] = _encoded(name, value)
    return environment


def _too_long(environment: Mapping[bytes, bytes]) -> str:
    """Which variable is, or that all of them together are."""
    name = max(environment, key=lambda name: len(environment[name]))
    shown, size = os.fsdecode(name), len(environment[name])
    if len(name) + size > MAX_VARIABLE:
        what = f"the variable {shown} has {size} bytes"
        limit = "the system takes none of more than 128 KiB"
    else:
        total = sum(len(each) + len(environment[each]) for each in environment)
        what = f"its variables have {total} bytes together, {shown} alone {size}"
        limit = "the system does not take so many"
    return f"{what}, and {limit}; hand on the path of a file instead"


def _encoded(name: str, value: Any) -> bytes:
    """The text of a value; of a secret the real one, since the script must have it."""
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    text = str(value)
    if "\0" in text:
        raise StageError(f"{name} holds a NUL character, which no environment can")
    try:
        return text.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        raise StageError(f"{name} holds text that is not Unicode") from None


def _nameless_file(text: str) -> int:
    """A descriptor of a file that holds the text and has no name, at its begin."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("script")
    else:
        from tempfile import TemporaryFile

        with TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    descriptor = above_standard_streams(descriptor)
    data = memoryview(text.encode(errors="surrogateescape"))
    while data:
        data = data[os.write(descriptor, data) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _sink(context: Context[Any] | None, stream: str) -> Callable[[str], None]:
    def tell(lines: str) -> None:
        if context is not None:
            log(context, "INFO", lines, stream=stream)

    return tell


def _ended_with(code: int, stderr: str | None) -> str:
    if code < 0:
        from signal import Signals

        try:
            end = f"killed by {Signals(-code).name}"
        except ValueError:  # a real-time signal
            end = f"killed by signal {-code}"
    else:
        end = f"exit code {code}"
    lines = (stderr or "").splitlines()
    if not lines:
        return end
    left_out = "...\n" if len(lines) > ERROR_LINES else ""
    return f"{end}: {left_out}" + "\n".join(lines[-ERROR_LINES:])
