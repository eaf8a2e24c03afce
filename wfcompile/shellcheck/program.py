"""Where the program `shellcheck` is."""

from __future__ import annotations

import shutil
import sysconfig

_NAME = "shellcheck"


def find_program() -> str | None:
    """The one beside this Python, else the one of the machine; None when there is none."""
    own = sysconfig.get_path("scripts")
    return shutil.which(_NAME, path=own) or shutil.which(_NAME)
