"""Variables of the environment whose values some program runs, and which those programs are.

Goes in: the name of a variable that a script assigns or that a stage's `env` sets; comes out: what
is wrong with a value in it. `IFS` is no such variable: it parts words, and runs nothing. A variable
that names folders with code has a warning, because templates have a use there (`PATH`).
"""

from __future__ import annotations

from collections.abc import Mapping

from wfcompile.expressions.shell_problems import Problem, in_search_path, in_variable

_READERS: Mapping[str, str] = {
    "bash": "BASH_ENV PS4 PROMPT_COMMAND SHELLOPTS BASHOPTS",
    "sh": "ENV",
    "ld.so": "LD_PRELOAD LD_AUDIT DYLD_INSERT_LIBRARIES GCONV_PATH",
    "git": "GIT_SSH GIT_SSH_COMMAND GIT_PROXY_COMMAND GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PAGER"
    " GIT_ASKPASS GIT_EXTERNAL_DIFF GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_CONFIG_PARAMETERS"
    " GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM PAGER EDITOR VISUAL BROWSER SHELL",
    "ssh": "SSH_ASKPASS",
    "sudo": "SUDO_ASKPASS",
    "perl": "PERL5OPT PERL5DB",
    "python": "PYTHONSTARTUP PYTHONHOME PYTHONBREAKPOINT",
    "node": "NODE_OPTIONS",
    "ruby": "RUBYOPT",
    "lua": "LUA_INIT",
    "R": "R_PROFILE R_PROFILE_USER R_ENVIRON R_ENVIRON_USER",
    "php": "PHPRC PHP_INI_SCAN_DIR",
    "java": "JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS",
    "make": "MAKEFLAGS GNUMAKEFLAGS MAKEFILES",
    "less": "LESSOPEN LESSCLOSE",
    "tar": "TAR_OPTIONS",
    "rsync": "RSYNC_RSH RSYNC_CONNECT_PROG",
    "psql": "PSQL_PAGER PSQL_EDITOR PSQLRC",
    "openssl": "OPENSSL_CONF",
    "zsh": "ZDOTDIR",
    "man": "MANPAGER",
}
_READER_OF = {
    name: reader for reader, names in _READERS.items() for name in names.split()
}
_SEARCH_PATHS = frozenset(
    ("PATH", "PYTHONPATH", "PERL5LIB", "PERLLIB", "RUBYLIB", "NODE_PATH", "CLASSPATH")
    + ("LUA_PATH", "LUA_CPATH", "AWKPATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
)


def variable_problem(name: str) -> Problem | None:
    """What is wrong with a value in the variable; None when it is only text."""
    if name in _SEARCH_PATHS:
        return in_search_path(name)
    reader = "bash" if name.startswith("BASH_FUNC_") else _READER_OF.get(name)
    return in_variable(name, reader) if reader else None
