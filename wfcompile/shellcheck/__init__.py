"""What shellcheck says of the shell text of stages, at its place in the YAML.

`texts.py` is a script as the shell of its stage has it, `process.py` runs the program over all of
them at once, `findings.py` makes diagnostics of its answers.
"""

CODE = "WF580"
SETTINGS = ".shellcheckrc"
"""In the project's folder."""
