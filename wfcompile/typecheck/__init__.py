"""What mypy says of the emitted modules, as diagnostics at the places of the YAML.

Goes in: clean workflows with the texts of their modules; comes out: an error for each one of mypy
that lies inside of a block or of the arguments of a call. All others are about text that wfc has
written, and are not told.
"""

from __future__ import annotations

from wfcompile.typecheck.mypy import MypyError, ask_mypy, has_mypy
from wfcompile.typecheck.places import report_errors

__all__ = ["MypyError", "ask_mypy", "has_mypy", "report_errors"]
