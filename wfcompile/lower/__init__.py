"""Checked workflows -> IR: names, types, rewritten texts; the last place that sees the models."""

from __future__ import annotations

from wfcompile.lower.project import Project
from wfcompile.lower.triggers import depends_on_others, triggers_of
from wfcompile.lower.workflow import lower_workflow

__all__ = ["Project", "depends_on_others", "lower_workflow", "triggers_of"]
