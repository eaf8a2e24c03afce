"""IR -> the text of emitted modules: Python source, laid out by templates, formatted by black."""

from __future__ import annotations

from wfcompile.emit.format import EmitError
from wfcompile.emit.module import emit_module, emit_modules

__all__ = ["EmitError", "emit_module", "emit_modules"]
