"""What emitted modules and callers import; see docs/runtime-api.md."""
