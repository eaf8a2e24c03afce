"""The `${{ }}` language, and texts that hold it: plain, shell, and Python."""
