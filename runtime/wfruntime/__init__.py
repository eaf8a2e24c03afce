"""What emitted modules and callers import; see docs/runtime-api.md.

Each name is loaded from its module when it is first used: a run that needs no filter, no
shell and no release does not pay for them.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import filters as filters
    from .blocks import bound as bound
    from .callers import CallerSecret as CallerSecret
    from .callers import custom_filter as custom_filter
    from .callers import tag as tag
    from .command import main as main
    from .context import Context as Context
    from .context import ItemContext as ItemContext
    from .context import MatrixContext as MatrixContext
    from .context import MatrixItemContext as MatrixItemContext
    from .convert import call_async as call_async
    from .convert import dump as dump
    from .convert import literal as literal
    from .convert import pick as pick
    from .convert import text as text
    from .convert import to as to
    from .errors import ConfigurationError as ConfigurationError
    from .errors import EnvError as EnvError
    from .errors import JobCancelError as JobCancelError
    from .errors import JobError as JobError
    from .errors import JobTimeoutError as JobTimeoutError
    from .errors import OutputError as OutputError
    from .errors import ParamError as ParamError
    from .errors import RunError as RunError
    from .errors import StageCancelError as StageCancelError
    from .errors import StageError as StageError
    from .errors import StageSkipError as StageSkipError
    from .errors import StageTimeoutError as StageTimeoutError
    from .errors import WorkflowCancelError as WorkflowCancelError
    from .errors import WorkflowError as WorkflowError
    from .errors import WorkflowTimeoutError as WorkflowTimeoutError
    from .graph import Case as Case
    from .graph import Concurrency as Concurrency
    from .graph import Cron as Cron
    from .graph import ForEach as ForEach
    from .graph import Job as Job
    from .graph import Missed as Missed
    from .graph import NoParams as NoParams
    from .graph import Parallel as Parallel
    from .graph import Retry as Retry
    from .graph import Stage as Stage
    from .graph import Until as Until
    from .graph import Workflow as Workflow
    from .hooks import Ping as Ping
    from .hooks import RunHook as RunHook
    from .hooks import UrlHook as UrlHook
    from .release import Release as Release
    from .result import Result as Result
    from .result import RunResult as RunResult
    from .runner import run as run
    from .stages import BashOutputs as BashOutputs
    from .stages import NoOutputs as NoOutputs
    from .stages import bash as bash
    from .stages import echo as echo
    from .stages import env as env
    from .stages import fail as fail
    from .stages import not_none as not_none
    from .stages import skip_unless as skip_unless
    from .triggered import TriggerOutputs as TriggerOutputs
    from .virtual import virtual_py as virtual_py

NAMES_BY_MODULE = {
    "blocks": "bound",
    "callers": "CallerSecret custom_filter tag",
    "command": "main",
    "context": "Context ItemContext MatrixContext MatrixItemContext",
    "convert": "call_async dump literal pick text to",
    "errors": (
        "ConfigurationError EnvError JobCancelError JobError JobTimeoutError OutputError "
        "ParamError RunError StageCancelError StageError StageSkipError StageTimeoutError "
        "WorkflowCancelError WorkflowError WorkflowTimeoutError"
    ),
    "filters": "filters",
    "graph": (
        "Case Concurrency Cron ForEach Job Missed NoParams Parallel Retry Stage Until "
        "Workflow"
    ),
    "hooks": "Ping RunHook UrlHook",
    "release": "Release",
    "result": "Result RunResult",
    "runner": "run",
    "stages": "BashOutputs NoOutputs bash echo env fail not_none skip_unless",
    "triggered": "TriggerOutputs",
    "virtual": "virtual_py",
}
MODULE_BY_NAME = {
    name: module for module, names in NAMES_BY_MODULE.items() for name in names.split()
}
__all__ = sorted(MODULE_BY_NAME)


if not TYPE_CHECKING:  # a type checker would take every name for one that is there

    def __getattr__(name: str) -> object:
        """Load a public name's module, and keep the name for the next time."""
        module = MODULE_BY_NAME.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        loaded = import_module(f".{module}", __name__)
        value: object = loaded if name == module else getattr(loaded, name)
        globals()[name] = value
        return value


def _import_failed(_: type, error: BaseException, trace: object) -> None:
    from .unimported import tell

    tell(error)


# a workflow that is being started; should its callers not load, it never gets to `main`
if (getattr(sys.modules.get("__main__"), "__doc__", None) or "").startswith(
    "Workflow "
):
    sys.excepthook = _import_failed


def __dir__() -> list[str]:
    return __all__
