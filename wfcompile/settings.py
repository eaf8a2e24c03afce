"""Where a project's workflows, modules and callers are: flags, `[tool.wfc]`, environment, defaults.

Paths come out absolute and as they were written: symbolic links are not resolved. Nothing of the
working directory ends up in the result except through a relative path that somebody gave.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from wfcompile.diagnostics import did_you_mean
from wfcompile.rules import style_codes

# by name: a type checker on one Python does not find the other one's module
_loads: Callable[[str], dict[str, Any]] = import_module(
    "tomllib" if sys.version_info >= (3, 11) else "tomli"
).loads

SETTINGS_FILES = ("wfc.toml", "pyproject.toml")
_CONF_VARIABLE = "WORKFLOW_CORE_CONF_PATH"
_CALLER_VARIABLE = "WORKFLOW_CORE_REGISTRY_CALLER"
_FILTER_VARIABLE = "WORKFLOW_CORE_REGISTRY_FILTER"


class SettingsError(Exception):
    """Settings that lead nowhere; the message is one clause, `help` an order to follow."""

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.help = help


@dataclass(frozen=True, slots=True)
class Settings:
    """Attributes:
    root: the project's folder; paths in emitted modules are relative to it.
    conf: the folder, or the one file, to compile.
    build: the folder of the emitted modules.
    callers: registry entries as they are written.
    filters: names of modules with filters.
    conf_folder: the folder of all workflows when `conf` is only a part of it.
    file: where the settings are written, if they are.
    filter_places: module of filters -> `wfc.toml:3`, of those that a file names.
    style: the codes of the rules of style that are asked for.
    shellcheck: whether `wfc check` asks shellcheck about shell text.
    """

    root: Path
    conf: Path
    build: Path
    callers: tuple[str, ...]
    filters: tuple[str, ...]
    conf_folder: Path | None = None
    file: Path | None = None
    filter_places: tuple[tuple[str, str], ...] = ()
    style: frozenset[str] = frozenset()
    shellcheck: bool = False


@dataclass(frozen=True, slots=True)
class _Written:
    """What the settings file says; None for what it does not, and where there is none."""

    path: Path | None = None
    conf: str | None = None
    build: str | None = None
    callers: tuple[str, ...] | None = None
    filters: tuple[str, ...] | None = None
    style: frozenset[str] = frozenset()
    shellcheck: bool = False


def find_settings(
    conf: Path | None, build: Path | None, environment: Mapping[str, str]
) -> Settings:
    """Settings from the flags `conf` and `build`, the settings file, the environment, defaults.

    The file is the first `wfc.toml` (its keys at the top or below `[tool.wfc]`) or `pyproject.toml`
    with `[tool.wfc]` from `conf` upwards, without the flag from the working directory's `conf`. Its
    folder is the root; without a file the root is the folder that holds the conf folder.

    Args:
        environment: the interpreter's `WORKFLOW_CORE_*` variables count for what is not set else.

    Raises:
        SettingsError: a file that cannot be used, or a folder that is not there. Entries of the
            caller variable that lead nowhere are no error, as for the interpreter.
    """
    flag = None if conf is None else _absolute(conf)
    variable = environment.get(_CONF_VARIABLE)
    written = _find_written(flag or Path.cwd() / "conf")
    if written.path is None and flag is None and variable:
        written = _find_written(_absolute(Path(variable)))
    configured = _configured(flag, written, variable)
    chosen = flag or configured
    if not chosen.exists():
        raise SettingsError(
            f'there is no folder or file "{_shown(chosen)}"',
            _conf_help(flag, written, variable),
        )
    is_part = configured == chosen or configured in chosen.parents
    folder = configured if is_part else _folder_of(chosen)
    root = written.path.parent if written.path is not None else folder.parent
    settings = Settings(
        root=root,
        conf=chosen,
        build=_build(build, written, root),
        callers=_listed(written.callers, environment, _CALLER_VARIABLE) or (".",),
        filters=_listed(written.filters, environment, _FILTER_VARIABLE),
        conf_folder=folder,
        file=written.path,
        filter_places=tuple(_places(written.path, "filters", written.filters)),
        style=written.style,
        shellcheck=written.shellcheck,
    )
    if written.path is not None and written.callers is not None:
        _check_callers(settings, written.path)
    return settings


def caller_roots(settings: Settings) -> list[tuple[Path, str]]:
    """Where the modules of `uses` are searched, in order: import folder, and package or "".

    `.` is the conf folder and then the root. A dotted name is a package below the root, the conf
    folder, or the root's `src`; a path, and a folder of the root that is no package, is an import
    folder itself. Entries that lead nowhere are left out.
    """
    roots = [root for entry in settings.callers for root in _roots_of(entry, settings)]
    return list(dict.fromkeys(roots))


def _roots_of(entry: str, settings: Settings) -> list[tuple[Path, str]]:
    folder = settings.conf_folder or _folder_of(settings.conf)
    if entry == ".":
        return [(folder, ""), (settings.root, "")]
    path = Path(os.path.normpath(settings.root / entry))
    names = entry.split(".")
    is_name = all(name.isidentifier() for name in names)
    if path.is_dir() and not (is_name and (path / "__init__.py").is_file()):
        return [(path, "")]
    if not is_name:
        return []
    bases = (settings.root, folder, settings.root / "src")
    found = (base for base in bases if base.joinpath(*names).is_dir())
    return [(base, entry) for base in found][:1]


def refuse_build_outside(settings: Settings) -> None:
    """For a build folder that nobody has named: where it is above the working directory.

    Beside the folder of the workflows is right for `conf`. Of a project's own folder that would be
    among other projects.

    Raises:
        SettingsError: there it is.
    """
    here, folder = Path.cwd(), settings.conf_folder or _folder_of(settings.conf)
    is_usual = settings.file is not None or folder.name == "conf"
    if is_usual or folder not in (here, *here.parents):
        return
    raise SettingsError(
        f'the modules of "{_shown(settings.conf)}" would go to "{_shown(settings.build)}"',
        (
            f'name the folder of the workflows, "{_shown(folder / "conf")}"'
            if (folder / "conf").is_dir()
            else 'name the folder of the modules with "-o build"'
        ),
    )


# --- parts ---


def _configured(flag: Path | None, written: _Written, variable: str | None) -> Path:
    """The conf folder that the project has, whatever part of it the flag names."""
    if written.path is not None and (written.conf is not None or not variable):
        return _below(written.path.parent, written.conf or "conf")
    if variable:
        return _absolute(Path(variable))
    if flag is None:
        return Path.cwd() / "conf"
    if flag.is_dir():
        return flag
    # one file of a project with the usual layout has the callers of the whole project
    above = (folder for folder in flag.parents if folder.name == "conf")
    return next(above, flag.parent)


def _build(flag: Path | None, written: _Written, root: Path) -> Path:
    if flag is not None:
        return _absolute(flag)
    return _below(root, written.build or "build")


def _listed(
    written: tuple[str, ...] | None, environment: Mapping[str, str], variable: str
) -> tuple[str, ...]:
    if written is not None:
        return written
    entries = environment.get(variable, "").split(",")
    return tuple(entry.strip() for entry in entries if entry.strip())


def _conf_help(flag: Path | None, written: _Written, variable: str | None) -> str:
    if flag is not None:
        return "name the folder of the workflows"
    if written.path is not None and written.conf is not None:
        return f'change "conf" in {_shown(written.path)}'
    if variable:
        return f"change {_CONF_VARIABLE}"
    return 'name the folder of the workflows, or make a project with "wfc init"'


def _check_callers(settings: Settings, path: Path) -> None:
    for entry in settings.callers:
        roots = _roots_of(entry, settings)
        if not any(folder.is_dir() for folder, _ in roots):
            raise SettingsError(
                f'the callers "{entry}" in {_place(path, "callers", entry)} '
                "are no folder and no package",
                "name a folder, or a package below the project, its conf folder, or its src",
            )


def _places(
    path: Path | None, key: str, entries: Iterable[str] | None
) -> Iterator[tuple[str, str]]:
    if path is not None:
        for entry in entries or ():
            yield entry, _place(path, key, entry)


def _place(path: Path, key: str, entry: str) -> str:
    """With the line, when the entry is found behind its key as it is."""
    is_behind = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        is_behind |= line.lstrip().startswith(key)
        if is_behind and (f'"{entry}"' in line or f"'{entry}'" in line):
            return f"{_shown(path)}:{number}"
    return _shown(path)


def _folder_of(conf: Path) -> Path:
    return conf if conf.is_dir() else conf.parent


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _below(folder: Path, path: str) -> Path:
    return Path(os.path.normpath(folder / path))


def _shown(path: Path) -> str:
    return os.path.relpath(path).replace(os.sep, "/")


# --- the settings file ---


def _find_written(start: Path) -> _Written:
    for folder in (start, *start.parents):
        for name in SETTINGS_FILES:
            path = folder / name
            written = _read_written(path) if _is_there(path) else None
            if written is not None:
                return written
    return _Written()


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        raise _unreadable(path.parent, error) from error


def _unreadable(path: Path, error: OSError) -> SettingsError:
    reason = (error.strerror or str(error)).lower()
    return SettingsError(
        f'"{_shown(path)}" cannot be read: {reason}',
        "let this user read it, or move it away",
    )


def _read_written(path: Path) -> _Written | None:
    """None when the file has no settings of ours."""
    try:
        content = _loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f'"{_shown(path)}" is not UTF-8', "save it so") from error
    except ValueError as error:
        problem = str(error)
        raise SettingsError(
            f'"{_shown(path)}" is not TOML: {problem[:1].lower()}{problem[1:]}',
            "mend it at the place that is named",
        ) from error
    tool = content.get("tool")
    table = tool.get("wfc") if isinstance(tool, dict) else None
    if table is None and path.name == "wfc.toml":
        table = content
    if table is None:
        return None
    if not isinstance(table, dict):
        raise SettingsError(
            f'"tool.wfc" in {_shown(path)} is no table', "write [tool.wfc]"
        )
    return _checked(path, table)


def _checked(path: Path, table: Mapping[str, Any]) -> _Written:
    known = ("conf", "build", "callers", "filters", "shellcheck", "style")
    for key in table:
        if key not in known:
            raise SettingsError(
                f'{_shown(path)} has a setting "{key}" that is not known',
                did_you_mean(key, known) or f"the settings are {', '.join(known)}",
            )
    return _Written(
        path,
        conf=_text(path, table, "conf"),
        build=_text(path, table, "build"),
        callers=_texts(path, table, "callers"),
        filters=_texts(path, table, "filters"),
        style=_style(path, table),
        shellcheck=_truth(path, table, "shellcheck"),
    )


def _style(path: Path, table: Mapping[str, Any]) -> frozenset[str]:
    """`true` for all rules of style, or a list of their codes."""
    value = table.get("style", False)
    if isinstance(value, bool):
        return style_codes() if value else frozenset()
    codes = _texts(path, table, "style") if isinstance(value, list) else None
    if codes is None:
        raise SettingsError(
            f'setting "style" in {_shown(path)} is no list of codes, and not true',
            f"write style = true, or some of {', '.join(sorted(style_codes()))}",
        )
    for code in codes:
        if code not in style_codes():
            raise SettingsError(
                f'"{code}" in {_place(path, "style", code)} is no rule of style',
                f"the rules of style are {', '.join(sorted(style_codes()))}",
            )
    return frozenset(codes)


def _text(path: Path, table: Mapping[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is None or isinstance(value, str) and value:
        return value
    raise SettingsError(
        f'setting "{key}" in {_shown(path)} is no path', f'write {key} = "a/folder"'
    )


def _truth(path: Path, table: Mapping[str, Any], key: str) -> bool:
    value = table.get(key, False)
    if isinstance(value, bool):
        return value
    raise SettingsError(
        f'setting "{key}" in {_shown(path)} is neither true nor false',
        f"write {key} = true",
    )


def _texts(path: Path, table: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, list) and all(
        isinstance(each, str) and each for each in value
    ):
        return tuple(value)
    raise SettingsError(
        f'setting "{key}" in {_shown(path)} is no list of names',
        f'write {key} = ["a.package"]',
    )
