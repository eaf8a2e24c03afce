"""Hooks of a workflow -> IR: the address is a value, the command a script as those of stages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from wfcompile import ir
from wfcompile.bind.other_braces import report_other_braces
from wfcompile.bind.scope import Scope
from wfcompile.bind.uses import Uses
from wfcompile.bind.values import ValueBinder
from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import rewrite_shell
from wfcompile.lower.naming import WorkflowNames
from wfcompile.lower.secrets import report_in_shell
from wfcompile.models import Hook, Ping, Workflow
from wfcompile.names import constant_name, identifier
from wfcompile.nodes import Scalar
from wfcompile.resolve.filters import FilterRegistry
from wfcompile.shellcheck.texts import ShellText
from wfcompile.types import UNKNOWN

_SHELL = "bash"
_VARIABLES = frozenset(
    f"WFC_{name}"
    for name in (
        *("WORKFLOW", "RUN_ID", "STATUS", "SLOT", "ERROR", "ERROR_PLACE"),
        *("JOURNAL", "DURATION", "SOURCE"),
    )
)
"""What the runtime gives to a command."""
_UNENCRYPTED = re.compile(r"http://(?P<host>\[[^\]]*\]|[^\s/:?#]*)", re.IGNORECASE)
_OWN_MACHINE = re.compile(r"localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0", re.IGNORECASE)


def lower_hooks(
    workflow: Workflow,
    names: WorkflowNames,
    filters: FilterRegistry,
    uses: Uses,
    diagnostics: Diagnostics,
) -> ir.Hooks:
    """Adds what is said of values and of shell text, and WF577 (an address without TLS)."""
    # a run is not stopped for want of them
    own = replace(uses, env_lines={})
    lowering = _Lowering(names, ValueBinder(Scope(), filters, own, diagnostics))
    ping = workflow.ping
    return ir.Hooks(
        tuple(lowering.hooks("on-failure", workflow.on_failure)),
        tuple(lowering.hooks("on-success", workflow.on_success)),
        None if ping is None else lowering.address("ping", ping.url, ping),
        tuple(own.env_lines.items()),
    )


class _Lowering:
    """The hooks of one workflow on their way to the IR."""

    def __init__(self, names: WorkflowNames, binder: ValueBinder) -> None:
        self._names = names
        self._binder = binder

    def hooks(
        self, key: str, hooks: Iterable[Hook]
    ) -> Iterator[ir.RunHook | ir.UrlHook]:
        for hook in hooks:
            if hook.run is not None:
                yield self._command(key, hook.run, hook.timeout_s)
            elif hook.url is not None:
                yield self.address(key, hook.url, hook)

    def address(self, key: str, url: Scalar, hook: Hook | Ping) -> ir.UrlHook:
        self._report_unencrypted(url)
        value = self._binder.rendering_only().text(url).expr
        function = ""
        if not isinstance(value, ir.Const):
            function = self._names.workflow_name(f"{identifier(key)}_url")
        return ir.UrlHook(key, function, value, hook.retry, hook.timeout_s)

    def _command(self, key: str, run: Scalar, timeout_s: float | None) -> ir.RunHook:
        binder = self._binder
        text = parse_text(run, binder.diagnostics, env=False)
        report_other_braces(run, binder.scope, binder.diagnostics, "shell")
        script = rewrite_shell(
            run, text, binder.diagnostics, type_of=lambda hole: UNKNOWN, shell=_SHELL
        )
        constant = self._names.workflow_name(constant_name(identifier(key)))
        if script is None:
            return ir.RunHook(constant, run.text, timeout_s)
        report_in_shell(run, None, text, _SHELL, binder)
        binder.uses.shell_texts.append(ShellText(run, script, _SHELL, _VARIABLES))
        return ir.RunHook(constant, script.script, timeout_s)

    def _report_unencrypted(self, url: Scalar) -> None:
        """Adds WF577."""
        found = _UNENCRYPTED.match(url.text.strip())
        if found is None or _OWN_MACHINE.fullmatch(found["host"]):
            return
        start = url.text.index(found.group())
        self._binder.diagnostics.warning(
            "WF577",
            "the address has no TLS: all on the way can read it, and what is sent there",
            url.span_of(start, start + len("http")),
            help="write https",
        )
