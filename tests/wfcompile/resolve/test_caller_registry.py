"""`CallerRegistry.find`: which function a `uses` names, read without importing it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.wfcompile.resolve.caller_projects import (
    found,
    not_found,
    registry,
    told,
    uses,
    write,
)
from wfcompile.diagnostics import Diagnostics
from wfcompile.resolve.callers import CallerRegistry, CallerRoot
from wfcompile.resolve.declarations import Parameter
from wfcompile.types import INT, STR, ListType, LiteralType, MapType

TASKS = """\
from typing import Literal
from wfruntime import Result, tag


@tag("v1", alias="add")
def add(a: int, b: int = 10) -> dict[str, int]:
    return {"sum": a + b}


@tag("v2", "add")
def add_twice(a: int) -> dict[str, int]:
    return {"sum": 2 * a}


@tag()
async def under_score(*texts: str, kind: Literal["x", "y"], **more: list[int]) -> dict[str, str]:
    return {}


def unmarked() -> None: ...
"""


def test_a_caller_has_the_signature_of_its_source(tmp_path: Path) -> None:
    caller = found(registry(tmp_path, {"tasks.py": TASKS}), "tasks/add@v1")
    assert (caller.module, caller.function, caller.key, caller.root) == (
        "tasks",
        "add",
        "add@v1",
        tmp_path,
    )
    assert caller.parameters == (
        Parameter("a", INT, True),
        Parameter("b", INT, False),
    )
    assert (caller.returns, caller.keywords, caller.is_async) == (
        MapType(STR, INT),
        None,
        False,
    )
    assert caller.place.line == 5


def test_name_and_tag_have_the_defaults_of_the_mark(tmp_path: Path) -> None:
    caller = found(registry(tmp_path, {"tasks.py": TASKS}), "tasks/under-score@latest")
    assert caller.parameters == (
        Parameter("kind", LiteralType(("x", "y")), True, "named"),
    )
    assert (caller.keywords, caller.is_async) == (ListType(INT), True)


def test_the_tag_chooses_the_function(tmp_path: Path) -> None:
    callers = registry(tmp_path, {"tasks.py": TASKS})
    assert found(callers, "tasks/add@v2").function == "add_twice"
    assert found(callers, " tasks/add@v1").function == "add"


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ("import wfruntime as wf", '@wf.tag("v1")'),
        ("import wfruntime", '@wfruntime.tag("v1")'),
        ("from wfruntime import tag as t", '@t(name="v1")'),
        ("from wfruntime.callers import tag", '@tag("v1")'),
        ('from wfruntime import tag\nVERSION = "v1"', "@tag(VERSION)"),
        ("from marks import tag", '@tag("v1")'),
        ("from marks import *", '@tag("v1")'),
        ("import marks", '@marks.tag("v1")'),
        (
            "try:\n    from wfruntime import tag\n"
            "except ImportError:\n    def tag(*names): ...",
            '@tag("v1")',
        ),
        (
            "import os\n\nif os.environ.get('PLAIN'):\n    tag = None\nelse:\n    try:\n"
            "        from ddeutil.workflow import tag\n    except ImportError:\n"
            "        tag = None\nif tag is None:\n    def tag(*names): ...",
            '@tag("v1")',
        ),
        (
            "try:\n    from wfruntime import tag\nexcept ImportError:\n    tag = None\n"
            "if not tag:\n    tag = print",
            '@tag("v1")',
        ),
        ("import functools\nfrom wfruntime import tag", '@functools.cache\n@tag("v1")'),
    ],
)
def test_the_mark_is_known_however_it_is_imported(
    tmp_path: Path, head: str, mark: str
) -> None:
    marks = "from wfruntime import tag\n"
    callers = registry(
        tmp_path,
        {
            "tasks.py": f"{head}\n\n{mark}\ndef copy() -> dict[str, int]: ...\n",
            "marks.py": marks,
        },
    )
    assert found(callers, "tasks/copy@v1").function == "copy"


def test_a_decorator_of_another_package_is_no_mark(tmp_path: Path) -> None:
    source = "from celery import tag\n\n@tag('v1')\ndef copy(): ...\n"
    assert not_found(registry(tmp_path, {"tasks.py": source}), "tasks/copy@v1") == [
        'x.yml:1:13 WF401 caller module "tasks" has no caller "copy"',
        "  tasks.py:1: it has no callers",
        '  help: put @tag("v1") above the function "copy"',
    ]


@pytest.mark.parametrize(
    "line",
    [
        "from .impl import copy",
        "from pkg.impl import copy as other",
        "from .impl import *",
        "from .between import copy",
    ],
)
def test_an_imported_caller_is_called_where_it_is_defined(
    tmp_path: Path, line: str
) -> None:
    impl = (
        "from wfruntime import tag\n\n@tag('v1')\ndef copy() -> dict[str, int]: ...\n"
    )
    callers = registry(
        tmp_path,
        {
            "pkg/__init__.py": "",
            "pkg/tasks.py": f"{line}\n",
            "pkg/between.py": "from .impl import copy\n",
            "pkg/impl.py": impl,
        },
    )
    caller = found(callers, "pkg.tasks/copy@v1")
    assert (caller.module, caller.function) == ("pkg.impl", "copy")


def test_modules_that_import_each_other_are_read_once_each(tmp_path: Path) -> None:
    mark = "from wfruntime import tag\n\n@tag('v1')\ndef {}() -> dict[str, int]: ...\n"
    callers = registry(
        tmp_path,
        {
            "a.py": "from b import *\n" + mark.format("one"),
            "b.py": "from a import *\nfrom a import nothing\n" + mark.format("two"),
        },
    )
    assert found(callers, "a/two@v1").module == "b"
    assert found(callers, "b/one@v1").module == "a"
    assert callers.sources.module("a") is callers.sources.module("a")


def test_roots_are_searched_in_order_and_below_their_package(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "conf/tasks.py": TASKS,
            "tasks.py": "from wfruntime import tag\n",
            "jobs/py/tasks.py": TASKS.replace('"v1"', '"v3"'),
        },
    )
    roots = [
        CallerRoot(tmp_path / "conf", ""),
        CallerRoot(tmp_path, ""),
        CallerRoot(tmp_path, "jobs.py"),
    ]
    callers = CallerRegistry(roots)
    assert found(callers, "tasks/add@v1").root == tmp_path / "conf"
    assert found(callers, "tasks/add@v3").module == "jobs.py.tasks"


def test_nothing_is_imported_or_run(tmp_path: Path) -> None:
    source = f"""\
import no_such_package_anywhere
from wfruntime import tag

open({str(tmp_path / "ran")!r}, "w")
raise SystemExit


@tag("v1")
def copy() -> dict[str, int]: ...
"""
    callers = registry(tmp_path, {"side_effects.py": source})
    assert found(callers, "side_effects/copy@v1").function == "copy"
    assert not (tmp_path / "ran").exists()
    assert "side_effects" not in sys.modules


# --- what is not there ---


def test_unknown_module(tmp_path: Path) -> None:
    callers = registry(
        tmp_path, {"tasks.py": TASKS, "notes.py": "x = 1\n", "etl/__init__.py": TASKS}
    )
    assert not_found(callers, '"taks/add@v1"') == [
        'x.yml:1:8 WF401 no caller module is called "taks"',
        '  help: did you mean "tasks"?',
    ]
    assert not_found(callers, "zzz/add@v1") == [
        'x.yml:1:7 WF401 no caller module is called "zzz"',
        "  help: the caller modules are tasks, etl",
    ]


def test_unknown_module_where_there_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    callers = CallerRegistry([CallerRoot(tmp_path / "conf", "jobs")])
    assert not_found(callers, "tasks.http/add@v1") == [
        'x.yml:1:7 WF401 no caller module is called "tasks.http"',
        "  help: write http.py in conf/jobs/tasks/",
    ]


@pytest.mark.parametrize("path", ["..", "a-b", "class", "tasks.", "os.path"])
def test_what_cannot_be_imported_is_not_looked_for(tmp_path: Path, path: str) -> None:
    write(tmp_path, {"class.py": TASKS, "a-b.py": TASKS})
    callers = registry(tmp_path / "conf", {})
    assert not_found(callers, f"{path}/add@v1")[0] == (
        f'x.yml:1:7 WF401 no caller module is called "{path}"'
    )


def test_unknown_function_and_tag(tmp_path: Path) -> None:
    callers = registry(tmp_path, {"tasks.py": TASKS})
    assert not_found(callers, "tasks/under-scor@latest") == [
        'x.yml:1:13 WF401 caller module "tasks" has no caller "under-scor"',
        "  tasks.py:1: callers are add@v1, add@v2, under-score@latest",
        '  help: did you mean "under-score"?',
    ]
    assert not_found(callers, "tasks/unmarked@v1") == [
        'x.yml:1:13 WF401 caller module "tasks" has no caller "unmarked"',
        "  tasks.py:1: callers are add@v1, add@v2, under-score@latest",
        '  help: put @tag("v1") above the function "unmarked"',
    ]
    assert not_found(callers, "tasks/add@release") == [
        'x.yml:1:17 WF401 caller "add" has no tag "release"',
        "  tasks.py:5: tags are v1, v2",
        '  help: write "add@v1"',
    ]


def test_a_mark_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    source = "from wfruntime import tag\n\n@tag(name())\ndef copy(): ...\n"
    assert not_found(registry(tmp_path, {"tasks.py": source}), "tasks/copy@v1") == [
        'x.yml:1:13 WF401 caller module "tasks" has no caller "copy"',
        "  tasks.py:1: it has no callers",
        "  tasks.py:3: the mark here cannot be read without running it",
        '  help: put @tag("v1") above the function "copy"',
    ]


@pytest.mark.parametrize("text", ["tasks-add", "tasks/add", "add@v1", "/a@b"])
def test_another_form(tmp_path: Path, text: str) -> None:
    assert not_found(registry(tmp_path, {}), text) == [
        f'x.yml:1:7 WF410 the caller is "{text}", expected "module/function@tag"',
        '  help: write it such as "tasks/copy-rows@v1"',
    ]


def test_folders_are_parted_by_dots(tmp_path: Path) -> None:
    callers = registry(tmp_path, {"etl/tasks.py": TASKS})
    assert not_found(callers, "etl/tasks/add@v1") == [
        'x.yml:1:7 WF401 no caller module is called "etl"',
        '  help: write "etl.tasks/add@v1"',
    ]


# --- templates ---

PULLS = """
from wfruntime import tag


@tag("v1")
def pull_full() -> dict[str, int]: ...


@tag("v2")
def pull_delta() -> dict[str, int]: ...
"""


@pytest.mark.parametrize(
    ("parts", "names"),
    [
        (
            ["orders/pull-", None, "@v1"],
            ["orders/pull-full@v1", "orders/pull-delta@v2"],
        ),
        (["ord", None, "/pull@v1"], ["orders/pull-full@v1", "orders/pull-delta@v2"]),
        (
            ["etl.", None, "/x@", None],
            ["etl.items/pull-full@v1", "etl.items/pull-delta@v2"],
        ),
        (
            ["e", None, ".items/x@v1"],
            ["etl.items/pull-full@v1", "etl.items/pull-delta@v2"],
        ),
        (["sales", None, "/x@v1"], []),
    ],
)
def test_the_callers_that_a_template_may_mean(
    tmp_path: Path, parts: list[str | None], names: list[str]
) -> None:
    """Modules without a mark, and those of other folders, are not looked into."""
    files = {"orders.py": PULLS, "plain.py": "x = 1\n", "etl/items.py": PULLS}
    diagnostics = Diagnostics()
    callers = registry(tmp_path, files)
    assert callers.matching(parts, uses("x"), diagnostics) == names
    assert told(diagnostics) == []


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (["sales/", None, "@v1"], 'x.yml:1:7 WF401 no caller module is called "sales"'),
        (
            [None],
            'x.yml:1:7 WF410 the caller is "template", expected "module/function@tag"',
        ),
        (
            ["broken/", None, "@v1"],
            'broken.py:1:5 WF411 caller module "broken" cannot be read: it is not Python',
        ),
    ],
)
def test_a_template_in_a_name_that_leads_nowhere(
    tmp_path: Path, parts: list[str | None], message: str
) -> None:
    callers = registry(tmp_path, {"orders.py": PULLS, "broken.py": "def ("})
    diagnostics = Diagnostics()
    assert callers.matching(parts, uses("template"), diagnostics) == []
    assert told(diagnostics)[0] == message


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("orders/pull-full@v1", True),
        ("orders/pull-full@v2", False),
        ("sales/pull-full@v1", False),
        ("broken/any@v1", True),
        ("orders", False),
    ],
)
def test_whether_there_is_a_caller(tmp_path: Path, text: str, is_there: bool) -> None:
    """What a module that cannot be read may hold is told when it is looked up."""
    callers = registry(tmp_path, {"orders.py": PULLS, "broken.py": "def ("})
    assert callers.has(text) is is_there


# --- what cannot be used ---


def test_two_callers_of_one_name(tmp_path: Path) -> None:
    source = TASKS + '\n\n@tag("v1", alias="add")\ndef third() -> dict[str, int]: ...\n'
    callers = registry(tmp_path, {"tasks.py": source})
    message = [
        'tasks.py:23:1 WF408 two functions are marked as caller "add@v1"',
        "  tasks.py:5: the other one is here",
        "  help: give one of them another tag",
    ]
    assert not_found(callers, "tasks/add@v1") == message
    diagnostics = Diagnostics()
    assert callers.find(uses("tasks/add@v2"), diagnostics) is not None
    assert told(diagnostics) == message


def test_a_module_that_is_no_python(tmp_path: Path) -> None:
    callers = registry(tmp_path, {"tasks.py": "x = 1\n\ndef broken(:\n"})
    assert not_found(callers, "tasks/add@v1") == [
        'tasks.py:3:12 WF411 caller module "tasks" cannot be read: it is not Python',
        "  x.yml:1: it is used here",
        "  help: mend the file",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"x = '\xff'\n", "its text is not in the encoding it should be in"),
        (b"# coding: klingon\n", "its text is not in the encoding it should be in"),
        (b"x = 1\0\n", "source code string cannot contain null bytes"),
        (b"x = " + b"(" * 400 + b"\n", "too many nested parentheses"),
    ],
)
def test_a_module_that_cannot_be_decoded_or_parsed(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "tasks.py").write_bytes(content)
    place, _, message = not_found(registry(tmp_path, {}), "tasks/add@v1")[0].partition(
        " "
    )
    assert place.startswith("tasks.py:1:")
    assert message == f'WF411 caller module "tasks" cannot be read: {reason}'


def test_other_encodings_and_line_ends_are_python_too(tmp_path: Path) -> None:
    text = "# coding: latin-1\r\n# größe\r\n" + TASKS.replace("\n", "\r\n")
    (tmp_path / "tasks.py").write_bytes(text.encode("latin-1"))
    (tmp_path / "marked.py").write_bytes(b"\xef\xbb\xbf" + TASKS.encode())
    callers = registry(tmp_path, {})
    assert found(callers, "tasks/add@v1").place.line == 7
    assert found(callers, "marked/add@v1").place.line == 5


@pytest.mark.parametrize(
    ("module", "owner"),
    [
        ("json", "Python has"),
        ("rt", "emitted modules use"),
        ("field", "emitted modules use"),
    ],
)
def test_a_module_whose_name_is_taken(tmp_path: Path, module: str, owner: str) -> None:
    callers = registry(tmp_path, {f"{module}.py": TASKS})
    assert not_found(callers, f"{module}/add@v1") == [
        f'{module}.py:1:1 WF412 caller module "{module}" is called like something that '
        f"{owner} already",
        "  x.yml:1: it is used here",
        "  help: rename the file",
    ]


def test_a_mark_without_parentheses(tmp_path: Path) -> None:
    source = "from wfruntime import tag\n\n@tag\ndef copy() -> dict[str, int]: ...\n"
    assert not_found(registry(tmp_path, {"tasks.py": source}), "tasks/copy@latest") == [
        'tasks.py:3:1 WF414 caller "copy@latest" is marked with "@tag" without parentheses',
        "  x.yml:1: it is used here",
        "  help: write @tag()",
    ]


# --- imports from the interpreter's package ---


@pytest.mark.parametrize(
    ("line", "told_at", "name"),
    [
        ("from ddeutil.workflow import tag", "1:30", "tag"),
        ("from ddeutil.workflow.reusables import tag as t", "1:40", "tag"),
        ("import ddeutil.workflow as wf", "1:8", "ddeutil.workflow"),
    ],
)
def test_an_import_from_the_interpreter_is_a_warning(
    tmp_path: Path, line: str, told_at: str, name: str
) -> None:
    mark = {"tag": "@tag", "as t": "@t", "as wf": "@wf.tag"}
    used = next(value for end, value in mark.items() if line.endswith(end))
    source = f"{line}\n\n{used}('v1')\ndef copy() -> dict[str, int]: ...\n"
    diagnostics = Diagnostics()
    callers = registry(tmp_path, {"tasks.py": source})
    assert callers.find(uses("tasks/copy@v1"), diagnostics) is not None
    assert not diagnostics.has_errors
    assert told(diagnostics) == [
        f'tasks.py:{told_at} WF502 "{name}" is imported from the package of the '
        "interpreter, which a production host need not have",
        "  help: import wfruntime in its place",
    ]


def test_what_only_the_interpreter_has_is_told_too(tmp_path: Path) -> None:
    source = "from wfruntime import tag\nfrom ddeutil.workflow import (\n    Result,\n    Workflow,\n)\n"
    source += "\n@tag('v1')\ndef copy() -> dict[str, int]: ...\n"
    diagnostics = Diagnostics()
    registry(tmp_path, {"tasks.py": source}).find(uses("tasks/copy@v1"), diagnostics)
    assert told(diagnostics) == [
        'tasks.py:3:5 WF502 "Result" is imported from the package of the interpreter, '
        "which a production host need not have",
        "  help: import wfruntime in its place",
        'tasks.py:4:5 WF502 "Workflow" is imported from the package of the interpreter, '
        "which a production host need not have",
        '  help: import from wfruntime what it has in place of "Workflow"',
    ]


@pytest.mark.parametrize(
    "head",
    [
        "try:\n    from wfruntime import tag\n"
        "except ImportError:\n    from ddeutil.workflow import tag\n",
        "try:\n    from ddeutil.workflow import tag\n"
        "except ImportError:\n    from wfruntime import tag\n",
        "from typing import TYPE_CHECKING\nfrom wfruntime import tag\n"
        "if TYPE_CHECKING:\n    from ddeutil.workflow import Result\n",
        "from wfruntime import tag\nfrom ddeutil.core import freeze\n",
    ],
)
def test_a_guarded_import_is_none_that_the_host_needs(
    tmp_path: Path, head: str
) -> None:
    source = f"{head}\n@tag('v1')\ndef copy() -> dict[str, int]: ...\n"
    diagnostics = Diagnostics()
    callers = registry(tmp_path, {"tasks.py": source})
    assert callers.find(uses("tasks/copy@v1"), diagnostics) is not None
    assert told(diagnostics) == []
