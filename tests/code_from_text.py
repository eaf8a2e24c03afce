"""What makes code of text at run time, looked for in the syntax tree of a module.

It is found under every name that an import can give it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

FORBIDDEN = frozenset(
    (
        *("eval", "exec", "compile", "__import__"),
        *("builtins.eval", "builtins.exec", "builtins.compile", "builtins.__import__"),
        *("os.system", "os.popen", "pty.spawn"),
        *("subprocess.getoutput", "subprocess.getstatusoutput"),
        *("asyncio.create_subprocess_shell", "asyncio.subprocess_shell"),
        *("importlib.import_module", "importlib.__import__"),
        *("importlib.util.spec_from_file_location", "importlib.util.module_from_spec"),
        *("yaml.load", "yaml.load_all", "yaml.full_load", "yaml.full_load_all"),
        *("yaml.unsafe_load", "yaml.unsafe_load_all"),
        *("yaml.Loader", "yaml.CLoader", "yaml.FullLoader", "yaml.CFullLoader"),
        *("yaml.UnsafeLoader", "yaml.CUnsafeLoader"),
    )
)
CONSTRUCTORS = frozenset(("types.FunctionType", "types.CodeType"))
"""Only what is called: as types they are harmless."""
MODULES = frozenset(
    ("pickle", "_pickle", "cPickle", "cloudpickle", "dill", "marshal", "shelve")
    + ("runpy", "code", "codeop", "imp", "commands")
)
"""Modules that are there to make code, or objects of any class, of bytes and text."""


def found_in(text: str) -> list[str]:
    """`line: what` of each place, a name as the import that it comes from."""
    tree = ast.parse(text)
    names = dict(imported_names(tree))
    return [
        f"{node.lineno}: {said}"
        for node in ast.walk(tree)
        if isinstance(node, ast.expr | ast.stmt)
        for said in of_node(node, names)
    ]


def imported_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                head = alias.name.partition(".")[0]
                yield alias.asname or head, alias.name if alias.asname else head
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def of_node(node: ast.AST, names: Mapping[str, str]) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from (a.name for a in aliases if a.name.partition(".")[0] in MODULES)
        case ast.ImportFrom(module=str(module), level=0):
            yield from [module] * (module.partition(".")[0] in MODULES)
        case ast.Call(keywords=keywords):
            yield from (
                "shell="
                for each in keywords
                if each.arg == "shell" and is_on(each.value)
            )
            yield from looked_up(node, names)
            path = path_of(node.func, names)
            yield from [path] * (path in CONSTRUCTORS)
        case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
            path = path_of(node, names)
            yield from [path] * (path in FORBIDDEN)


def is_on(value: ast.expr) -> bool:
    """Whether `shell=` may be true; `rt.bash(shell="sh")` names the program."""
    if isinstance(value, ast.Constant):
        return bool(value.value) and not isinstance(value.value, str)
    return not (isinstance(value, ast.Name) and value.id == "shell")


def looked_up(node: ast.Call, names: Mapping[str, str]) -> Iterator[str]:
    """`getattr(os, "system")`."""
    match node:
        case ast.Call(ast.Name("getattr"), [owner, ast.Constant(str(name)), *_]):
            path = f"{path_of(owner, names)}.{name}"
            yield from [path] * (path in FORBIDDEN)


def path_of(node: ast.expr, names: Mapping[str, str]) -> str:
    match node:
        case ast.Name(id):
            return names.get(id, id)
        case ast.Attribute(value, attribute):
            return f"{path_of(value, names)}.{attribute}"
    return ""


def pasted_in(text: str) -> list[str]:
    """Scripts that are anything but the text of a constant of the module."""
    tree = ast.parse(text)
    constants = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and is_text(node.value)
    }
    return [
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("rt.bash", "rt.virtual_py")
        and not is_text(node.args[0])
        and ast.unparse(node.args[0]) not in constants
    ]


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
