"""What changes when a project leaves the interpreter: `examine` finds it, `summary` counts it.

The project is read, never run. Everything that `wfc check` says is looked at from the side of the
interpreter (`codes.py`), and the rules look for what compiles and behaves otherwise.
"""

from wfcompile.doctor.examine import Examination, examine
from wfcompile.doctor.finding import Finding
from wfcompile.doctor.summary import json_text, summary

__all__ = ["Examination", "Finding", "examine", "json_text", "summary"]
