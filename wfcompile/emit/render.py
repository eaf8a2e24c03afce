"""The only door to Jinja2: a view of a module -> its text, before formatting.

A view holds nothing but Python source; the templates put it in its place. They are beside the
package in a checkout and inside it in a wheel.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import wfcompile
from wfcompile.emit.view import ModuleView


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def templates_folder() -> Path:
    package = Path(wfcompile.__file__).resolve().parent
    shipped = package / "_templates"
    return shipped if shipped.is_dir() else package.parent / "templates"


def render(view: ModuleView) -> str:
    return _environment().get_template("module.py.j2").render(module=view)
