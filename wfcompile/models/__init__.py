"""The shape of the input language: fields, defaults and spellings, no behaviour.

Models are made of node trees by `parse.py` alone; pydantic stays inside these two.
"""

from wfcompile.models.hooks import Hook, Ping
from wfcompile.models.job import Job
from wfcompile.models.param import Param
from wfcompile.models.retry import Retry
from wfcompile.models.stage import (
    BashStage,
    Branch,
    BrokenStage,
    CallStage,
    CaseArm,
    CaseStage,
    EmptyStage,
    ForEachStage,
    ParallelStage,
    PyStage,
    RaiseStage,
    Stage,
    TriggerStage,
    UntilStage,
    VirtualPyStage,
)
from wfcompile.models.strategy import MatrixKey, MatrixRow, Strategy
from wfcompile.models.trigger import Schedule
from wfcompile.models.workflow import Workflow

__all__ = [
    "BashStage",
    "Branch",
    "BrokenStage",
    "CallStage",
    "CaseArm",
    "CaseStage",
    "EmptyStage",
    "ForEachStage",
    "Hook",
    "Job",
    "MatrixKey",
    "MatrixRow",
    "ParallelStage",
    "Param",
    "Ping",
    "PyStage",
    "RaiseStage",
    "Retry",
    "Schedule",
    "Stage",
    "Strategy",
    "TriggerStage",
    "UntilStage",
    "VirtualPyStage",
    "Workflow",
]
