"""A new project: the shipped files, all of them or none."""

import ast
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from wfcompile.scaffold import STARTER, ScaffoldError, create_project

FILES = [".gitignore", "README.md", "conf/greetings.py", "conf/hello.yml", "wfc.toml"]


def names(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


def test_a_new_folder_holds_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "project"
    assert sorted(create_project(folder)) == FILES
    assert names(folder) == FILES
    shipped = files("wfcompile") / "starter"
    for name, source in STARTER.items():
        assert (folder / name).read_bytes() == (shipped / source).read_bytes()


def test_other_files_may_be_there(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "mine.yml").write_text("a: 1\n")
    create_project(tmp_path)
    assert names(tmp_path) == sorted([*FILES, "conf/mine.yml"])


def test_a_file_that_is_there_stops_it_all(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine\n")
    with pytest.raises(ScaffoldError) as caught:
        create_project(tmp_path)
    assert str(caught.value) == f'"{tmp_path}/README.md" is there already'
    assert caught.value.help == "name another folder"
    assert names(tmp_path) == ["README.md"]


def test_all_files_that_are_there_are_named(tmp_path: Path) -> None:
    create_project(tmp_path)
    (tmp_path / "wfc.toml").unlink()
    (tmp_path / ".gitignore").unlink()
    with pytest.raises(ScaffoldError) as caught:
        create_project(tmp_path)
    assert str(caught.value) == (
        f'"{tmp_path}/README.md", "{tmp_path}/conf/hello.yml", '
        f'"{tmp_path}/conf/greetings.py" are there already'
    )
    assert names(tmp_path) == ["README.md", "conf/greetings.py", "conf/hello.yml"]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "project").write_text("")
    with pytest.raises(ScaffoldError) as caught:
        create_project(tmp_path / "project")
    assert str(caught.value) == f'"{tmp_path}/project" is a file'


def test_a_file_in_the_place_of_a_folder_inside(tmp_path: Path) -> None:
    (tmp_path / "conf").write_text("")
    with pytest.raises(ScaffoldError) as caught:
        create_project(tmp_path)
    assert str(caught.value) == f'"{tmp_path}/conf" is there already'
    assert names(tmp_path) == ["conf"]


def test_the_files_fit_each_other(tmp_path: Path) -> None:
    create_project(tmp_path)
    (workflow,) = yaml.safe_load((tmp_path / "conf" / "hello.yml").read_text()).items()
    assert workflow[0] == "hello"
    stages = workflow[1]["jobs"]["greet"]["stages"]
    module = ast.parse((tmp_path / "conf" / "greetings.py").read_text())
    functions = [node.name for node in module.body if isinstance(node, ast.FunctionDef)]
    assert stages[0]["uses"] == f"greetings/{functions[0]}@v1"
    readme = (tmp_path / "README.md").read_text()
    for command in ("wfc check", "wfc build", "python build/hello.py"):
        assert f"\n{command} " in readme
