"""Settings: flags before the file, the file before the environment, then the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from wfcompile.settings import (
    Settings,
    SettingsError,
    caller_roots,
    find_settings,
    refuse_build_outside,
)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of each test."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files(project: Path, **texts: str) -> None:
    """`a__b__x_py="..."` writes a/b/x.py; a name without a suffix is a folder."""
    for key, text in texts.items():
        *folders, name = key.split("__")
        stem, _, suffix = name.rpartition("_")
        path = project.joinpath(*folders, f"{stem}.{suffix}" if stem else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if stem:
            path.write_text(text, encoding="utf-8")
        else:
            path.mkdir()


def found(
    conf: str | None = None,
    build: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    return find_settings(
        None if conf is None else Path(conf),
        None if build is None else Path(build),
        environment or {},
    )


def message(
    conf: str | None = None, environment: Mapping[str, str] | None = None
) -> tuple[str, str | None]:
    with pytest.raises(SettingsError) as caught:
        found(conf, environment=environment)
    assert str(caught.value) == caught.value.message
    return caught.value.message, caught.value.help


def test_the_defaults(project: Path) -> None:
    files(project, conf="")
    assert found() == Settings(
        root=project,
        conf=project / "conf",
        build=project / "build",
        callers=(".",),
        filters=(),
        conf_folder=project / "conf",
    )


def test_a_flag_names_the_conf_folder_and_build_is_beside_it(project: Path) -> None:
    files(project, work__flows="")
    settings = found("work/flows/../flows/")
    assert (settings.root, settings.conf, settings.build) == (
        project / "work",
        project / "work" / "flows",
        project / "work" / "build",
    )


def test_the_working_directory_is_not_in_the_result(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(project, conf="", pyproject_toml='[tool.wfc]\nbuild = "out"\n')
    here = found("conf")
    monkeypatch.chdir(project / "conf")
    assert found(".") == here
    monkeypatch.chdir("/")
    assert found(str(project / "conf")) == here


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("pyproject_toml", "[tool.wfc]\n"),
        ("wfc_toml", ""),
        ("wfc_toml", "[tool.wfc]\n"),
    ],
)
def test_the_file_is_found_above_the_conf_folder(
    project: Path, name: str, head: str
) -> None:
    text = 'conf = "flows"\nbuild = "../out"\ncallers = ["lib", "."]\nfilters = ["lib.f"]\n'
    files(project, flows__deep="", lib="", **{name: head + text})
    file = name.replace("_", ".")
    places = (("lib.f", f"{file}:{4 + bool(head)}"),)
    expected = Settings(
        root=project,
        conf=project / "flows",
        build=project.parent / "out",
        callers=("lib", "."),
        filters=("lib.f",),
        conf_folder=project / "flows",
        file=project / file,
        filter_places=places,
    )
    assert found() == expected
    part = found("flows/deep")
    assert part == Settings(
        root=project,
        conf=project / "flows" / "deep",
        build=expected.build,
        callers=expected.callers,
        filters=expected.filters,
        conf_folder=project / "flows",
        file=project / file,
        filter_places=places,
    )


def test_the_nearest_file_with_settings_counts(project: Path) -> None:
    files(
        project,
        wfc_toml='build = "outer"\n',
        inner__conf="",
        inner__pyproject_toml="[tool.black]\n",
    )
    assert found("inner/conf").build == project / "outer"
    files(project, inner__pyproject_toml="[tool.wfc]\n")
    assert found("inner/conf").build == project / "inner" / "build"
    files(project, inner__wfc_toml='build = "own"\n')
    assert found("inner/conf").build == project / "inner" / "own"


def test_flags_win_over_the_file_and_the_file_over_the_environment(
    project: Path,
) -> None:
    files(project, a="", b="", lib="", env="", wfc_toml='conf = "a"\ncallers = ["lib"]')
    environment = {
        "WORKFLOW_CORE_CONF_PATH": "./b",
        "WORKFLOW_CORE_REGISTRY_CALLER": "env",
        "WORKFLOW_CORE_REGISTRY_FILTER": "env.filters, more ,",
    }
    assert found("b", "out", environment) == Settings(
        root=project,
        conf=project / "b",
        build=project / "out",
        callers=("lib",),
        filters=("env.filters", "more"),
        conf_folder=project / "b",
        file=project / "wfc.toml",
    )
    assert found(environment=environment).conf == project / "a"


def test_the_environment_counts_when_nothing_else_is_set(project: Path) -> None:
    files(project, flows="")
    environment = {
        "WORKFLOW_CORE_CONF_PATH": "./flows",
        "WORKFLOW_CORE_REGISTRY_CALLER": "gone, .",
        "WORKFLOW_CORE_REGISTRY_FILTER": "",
    }
    assert found(environment=environment) == Settings(
        root=project,
        conf=project / "flows",
        build=project / "build",
        callers=("gone", "."),
        filters=(),
        conf_folder=project / "flows",
    )


def test_the_file_is_found_above_the_conf_folder_of_the_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(project, conf="", wfc_toml='build = "out"\n')
    monkeypatch.chdir(project.parent)
    environment = {"WORKFLOW_CORE_CONF_PATH": "project/conf"}
    assert found(environment=environment).build == project / "out"


@pytest.mark.parametrize("conf", ["conf/a.yml", "conf/deep/b.yml"])
def test_one_file_has_the_settings_of_its_conf_folder(project: Path, conf: str) -> None:
    files(project, conf__a_yml="", conf__deep__b_yml="")
    assert found(conf) == Settings(
        root=project,
        conf=project / conf,
        build=project / "build",
        callers=(".",),
        filters=(),
        conf_folder=project / "conf",
    )


def test_one_file_elsewhere_has_its_own_folder(project: Path) -> None:
    files(project, flows__a_yml="")
    settings = found("flows/a.yml")
    assert (settings.root, settings.conf_folder) == (project, project / "flows")


# --- mistakes ---


@pytest.mark.parametrize(
    ("conf", "help"),
    [
        (".", 'name the folder of the workflows, "conf"'),
        ("", 'name the folder of the workflows, "conf"'),
        ("..", 'name the folder of the modules with "-o build"'),
        ("a.yml", 'name the folder of the workflows, "conf"'),
    ],
)
def test_modules_do_not_go_beside_the_project(
    project: Path, conf: str, help: str
) -> None:
    files(project, conf="", a_yml="")
    with pytest.raises(SettingsError) as caught:
        refuse_build_outside(found(conf))
    build = "../../build" if conf == ".." else "../build"
    shown = conf or "."
    assert caught.value.message == f'the modules of "{shown}" would go to "{build}"'
    assert caught.value.help == help


def test_modules_may_go_where_the_settings_are(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(project, flows="", conf="", other="", wfc_toml='conf = "flows"')
    refuse_build_outside(found())
    refuse_build_outside(found("other"))
    (project / "wfc.toml").unlink()
    refuse_build_outside(found("other"))
    monkeypatch.chdir(project / "conf")
    refuse_build_outside(found("."))


def test_a_folder_that_is_not_there(project: Path) -> None:
    assert message("flow") == (
        'there is no folder or file "flow"',
        "name the folder of the workflows",
    )
    assert message() == (
        'there is no folder or file "conf"',
        'name the folder of the workflows, or make a project with "wfc init"',
    )
    assert message(environment={"WORKFLOW_CORE_CONF_PATH": "x/y"}) == (
        'there is no folder or file "x/y"',
        "change WORKFLOW_CORE_CONF_PATH",
    )
    files(project, wfc_toml='conf = "z"')
    assert message() == (
        'there is no folder or file "z"',
        'change "conf" in wfc.toml',
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "caller = 1\n",
            (
                'wfc.toml has a setting "caller" that is not known',
                'did you mean "callers"?',
            ),
        ),
        (
            "x = 1\n",
            (
                'wfc.toml has a setting "x" that is not known',
                "the settings are conf, build, callers, filters, shellcheck, style",
            ),
        ),
        (
            "build = 1\n",
            (
                'setting "build" in wfc.toml is no path',
                'write build = "a/folder"',
            ),
        ),
        (
            'shellcheck = "yes"\n',
            (
                'setting "shellcheck" in wfc.toml is neither true nor false',
                "write shellcheck = true",
            ),
        ),
        (
            'conf = ""\n',
            (
                'setting "conf" in wfc.toml is no path',
                'write conf = "a/folder"',
            ),
        ),
        (
            'callers = "lib"\n',
            (
                'setting "callers" in wfc.toml is no list of names',
                'write callers = ["a.package"]',
            ),
        ),
        (
            "filters = [1]\n",
            (
                'setting "filters" in wfc.toml is no list of names',
                'write filters = ["a.package"]',
            ),
        ),
        (
            'style = "WF560"\n',
            (
                'setting "style" in wfc.toml is no list of codes, and not true',
                "write style = true, or some of WF560, WF561, WF562, WF563",
            ),
        ),
        (
            'build = "b"\nstyle = [\n  "WF560",\n  "WF540",\n]\n',
            (
                '"WF540" in wfc.toml:4 is no rule of style',
                "the rules of style are WF560, WF561, WF562, WF563",
            ),
        ),
        (
            "[tool]\nwfc = 1\n",
            ('"tool.wfc" in wfc.toml is no table', "write [tool.wfc]"),
        ),
        (
            'callers = ["lib.gone"]\n',
            (
                'the callers "lib.gone" in wfc.toml:1 are no folder and no package',
                "name a folder, or a package below the project, its conf folder, or its src",
            ),
        ),
    ],
)
def test_a_file_with_a_mistake(
    project: Path, text: str, expected: tuple[str, str]
) -> None:
    files(project, conf="", lib="", wfc_toml=text)
    assert message() == expected


def test_a_file_that_is_not_toml(project: Path) -> None:
    files(project, conf="", wfc_toml="build\n")
    assert message() == (
        "\"wfc.toml\" is not TOML: expected '=' after a key in a key/value pair "
        "(at line 1, column 6)",
        "mend it at the place that is named",
    )


def test_a_file_that_is_not_utf_8(project: Path) -> None:
    files(project, conf="")
    (project / "wfc.toml").write_bytes(b'build = "\xe9"')
    assert message() == ('"wfc.toml" is not UTF-8', "save it so")


# --- callers ---


def roots(project: Path, *callers: str) -> list[tuple[str, str]]:
    settings = found(environment={"WORKFLOW_CORE_REGISTRY_CALLER": ",".join(callers)})
    found_roots = caller_roots(settings)
    return [
        (path.relative_to(project).as_posix(), package) for path, package in found_roots
    ]


def test_a_dot_is_the_conf_folder_and_then_the_root(project: Path) -> None:
    files(project, conf="")
    assert roots(project, ".") == [("conf", ""), (".", "")]


def test_each_root_comes_once(project: Path) -> None:
    files(project, conf="")
    assert roots(project, "conf/", ".", "./conf") == [("conf", ""), (".", "")]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("lib", [("lib", "")]),
        ("./lib", [("lib", "")]),
        ("pack", [(".", "pack")]),
        ("./pack", [("pack", "")]),
        ("pack.sub", [(".", "pack.sub")]),
        ("inner", [("conf", "inner")]),
        ("source.part", [("src", "source.part")]),
        ("my-lib", [("my-lib", "")]),
        ("gone", []),
        ("gone/deep", []),
        ("pack.gone", []),
        ("module", []),
    ],
)
def test_an_entry_is_a_folder_or_a_package(
    project: Path, entry: str, expected: list[tuple[str, str]]
) -> None:
    files(
        project,
        conf__inner="",
        lib__a_py="",
        pack__sub="",
        src__source__part="",
        module_py="",
    )
    (project / "pack" / "__init__.py").touch()
    (project / "my-lib").mkdir()
    assert roots(project, entry) == expected


def test_one_file_has_the_callers_of_the_conf_folder(project: Path) -> None:
    files(project, conf__deep__b_yml="")
    settings = found("conf/deep/b.yml")
    assert caller_roots(settings) == [(project / "conf", ""), (project, "")]
