"""Names: what a need, a caller, a filter, and a `${{ }}` path mean."""
