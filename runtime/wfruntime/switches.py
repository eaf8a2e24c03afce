"""Environment variables that say yes or no, in the words that the interpreter takes."""

from __future__ import annotations

import os

from .errors import ConfigurationError
from .wording import shown

NAMED_STAGES = "WORKFLOW_CORE_STAGE_DEFAULT_ID"
AUDIT = "WORKFLOW_LOG_AUDIT_ENABLE_WRITE"
DEBUG = "WORKFLOW_LOG_DEBUG_MODE"
ON = ("true", "t", "yes", "y", "1", "1.0", "o", "on")
OFF = ("false", "f", "no", "n", "0", "0.0", "x", "off", "")


def is_on(name: str, *, unset: bool) -> bool:
    """Whether the variable switches on; a variable that is empty switches off.

    Raises:
        ConfigurationError: It says something else.
    """
    text = os.environ.get(name)
    if text is None:
        return unset
    word = text.lower()
    if word not in ON and word not in OFF:
        raise ConfigurationError(f"{name} is {shown(text)}, expected true or false")
    return word in ON
