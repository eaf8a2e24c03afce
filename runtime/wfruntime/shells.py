"""Shell text as a process: its arguments, its environment, what is made of its end.

Values reach the script in the environment, those of lists as its arguments. The script itself is an argument or, when
it is too long for one, a file without a name that the shell reads from a descriptor.
"""

from __future__ import annotations

import os
from errno import E2BIG

from .errors import StageError
from .processes import SCRIPT_DESCRIPTOR, above_standard_streams
from .run_process import run_process
from .secrets import register_named
from .wording import kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .context import Context
    from .stages import BashOutputs

OPTIONS = {"bash": ("-eo", "pipefail"), "sh": ("-e",)}
MAX_ARGUMENT = 100_000  # bytes; Linux takes 131,072
MAX_VARIABLE = 128 * 1024 - 2  # bytes, its name and value
ARGUMENTS = "@"
IN_FOLDER = ("sh", "-c", 'cd -- "$1" && shift && exec "$@"', "sh")


def run_script(
    script: str,
    variables: Mapping[str, object],
    words: Mapping[str, object],
    shell: str,
    cwd: object,
    context: Context[Any] | None,
) -> BashOutputs:
    """See `stages.bash`.

    Args:
        context: Whose stop ends the process and whose events its lines are.
    """
    if shell not in OPTIONS:
        raise StageError(f'the shell "{shell}" is not "bash" or "sh"')
    if "\0" in script:
        raise StageError("the script holds a NUL character, which no shell reads")
    environment = _environment(variables)
    lists = {name: _list(name, value) for name, value in words.items()}
    # an emitted script begins with a line break, which the shell would count as a line
    text = _arrays(lists, shell) + script.removeprefix("\n")
    command = [shell, *OPTIONS[shell]]
    descriptor = None
    is_long = len(text.encode(errors="surrogateescape")) > MAX_ARGUMENT
    # a shell becomes the last command of its argument, whose parent would be this process
    if is_long or "PPID" in text:
        descriptor = _nameless_file(text)
        command.append(f"/dev/fd/{SCRIPT_DESCRIPTOR}")
    else:
        span = None if context is None else context._span
        command += ["-c", text, shell if span is None else span.path]
    command += [os.fsdecode(value) for values in lists.values() for value in values]
    try:
        if cwd is not None:
            command = [*IN_FOLDER, _folder(str(cwd)), *command]
        return run_process(
            command, environment, context, noun="shell", script=descriptor
        )
    except ChildProcessError:  # of a process that has run
        raise
    except FileNotFoundError as error:
        raise StageError(f'the shell "{command[0]}" is not installed') from error
    except OSError as error:
        if error.errno == E2BIG:
            raise StageError(_too_long(environment, lists)) from error
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


def _list(name: str, value: object) -> list[bytes]:
    if not isinstance(value, list | tuple):
        raise StageError(f"{name} is {kind(value)}, expected a list")
    return [_encoded(name, each) for each in value]


def _arrays(lists: Mapping[str, list[bytes]], shell: str) -> str:
    """Shell text in front of the script, on its first line: it holds no value.

    The one list of a script for "sh" is its arguments; the name tells whether it is secret.
    """
    if list(lists) == [ARGUMENTS] or (shell == "sh" and len(lists) == 1):
        return ""
    for name in lists:
        if shell != "bash" or not (name.isidentifier() and name.isascii()):
            raise StageError(f'the shell "{shell}" has no array "{name}"')
    return "".join(
        f'{name}=("${{@:1:{len(values)}}}"); shift {len(values)}; '
        for name, values in lists.items()
    )


def _too_long(
    environment: Mapping[bytes, bytes], lists: Mapping[str, list[bytes]]
) -> str:
    """Which variable or word is, or that all of them together are."""
    sizes = [
        (len(text), len(name), f"the variable {os.fsdecode(name)}")
        for name, text in environment.items()
    ]
    sizes += [
        (len(value), 0, f"a word of {name}")
        for name, values in lists.items()
        for value in values
    ]
    size, size_of_name, longest = max(sizes)
    if size + size_of_name > MAX_VARIABLE:
        what = f"{longest} has {size} bytes"
        limit = "the system takes none of more than 128 KiB"
    else:
        total = sum(size + size_of_name for size, size_of_name, _ in sizes)
        alone = longest.removeprefix("the variable ")
        what = f"its variables have {total} bytes together, {alone} alone {size}"
        limit = "the system does not take so many"
    return f"{what}, and {limit}; hand on the path of a file instead"


def _encoded(name: str, value: Any) -> bytes:
    """The text of a value; of a secret the real one, since the script must have it."""
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    text = str(value)
    register_named(name, text)
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
