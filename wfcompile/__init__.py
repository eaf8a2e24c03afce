"""The compiler: YAML workflows in, readable typed Python modules out."""
