"""`NodeModel`: a pydantic model that is validated straight from the node tree.

A mapping becomes `{key: child node}`, so that every error still has its node and its place.
What a model finds in its own mapping (an unknown key, two keys that exclude each other) is put
among the keys as a `ShapeError`: no model has a key of that name, so pydantic reports it together
with the errors of all fields, and none hides another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, model_validator

from wfcompile.diagnostics import Note, Suggestion, close_match, did_you_mean
from wfcompile.models.shape_error import ShapeError, found, place, unexpected
from wfcompile.models.values import From, is_empty
from wfcompile.nodes import Entry, MappingNode, Node, Scalar, SequenceNode, plain_value
from wfcompile.source import Span

# no YAML text holds a NUL, so no key of a user is one of these
NODE: Final = "\0node"
KEY: Final = "\0key"

Here: TypeAlias = Annotated[MappingNode, From(lambda node: node)]
"""The mapping that a model was made of; its alias is `NODE`."""

Anything: TypeAlias = Annotated[
    Scalar | SequenceNode | MappingNode, From(lambda node: node)
]
"""A node as it is: its value is checked where types are known."""

_ALSO_CALLED = {
    "args": "with",
    "condition": "if",
    "depends-on": "needs",
    "description": "desc",
    "matrices": "matrix",
    "script": "bash",
    "steps": "stages",
}


class Given(dict[str, Any]):
    """What pydantic gets for one model: alias -> node.

    Attributes:
        subject: the model in words, for errors about its keys.
        span: where a key that is missing should be.
    """

    def __init__(self, subject: str, span: Span) -> None:
        super().__init__()
        self.subject = subject
        self.span = span

    def add_problem(self, problem: ShapeError) -> None:
        self[f"\0{len(self)}"] = problem


class NodeModel(BaseModel):
    """Class attributes:
    noun: what it is called in messages.
    synonyms: a second spelling of a key -> the key.
    elsewhere: key of something else -> the help that says where it belongs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    noun: ClassVar[str]
    synonyms: ClassVar[Mapping[str, str]] = {}
    elsewhere: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="before")
    @classmethod
    def _from_node(cls, value: object) -> Given:
        entry = value if isinstance(value, Entry) else None
        node = entry.value if entry else value
        assert isinstance(node, (Scalar, SequenceNode, MappingNode)), node
        noun = cls.noun
        given = Given(
            f'{noun} "{entry.key.text}"' if entry else _with_article(noun),
            entry.key.span if entry else first_place(node),
        )
        given[NODE] = node
        if entry:
            given[KEY] = entry.key
        short = cls.short_form(node, given.subject)
        if short is not None:
            given.update(short)
        elif isinstance(node, MappingNode):
            cls._take(node, given)
        else:
            help = f"its keys are {', '.join(known_keys(cls))}"
            raise unexpected(node, "a mapping", subject=given.subject, help=help)
        return given

    @classmethod
    def short_form(cls, node: Node, subject: str) -> Mapping[str, object] | None:
        """alias -> node of a spelling without keys of its own, or None."""
        return None

    @classmethod
    def problems(cls, node: MappingNode, given: Given) -> Iterable[ShapeError]:
        """What is wrong between keys; `given` also has those that were misspelt."""
        return ()

    @classmethod
    def _take(cls, node: MappingNode, given: Given) -> None:
        keys = known_keys(cls)
        unknown = []
        for entry in node:
            key = cls.synonyms.get(entry.key.text, entry.key.value)
            if key not in keys:
                unknown.append(entry)
            elif key in given:
                given.add_problem(cls._written_twice(entry, str(key), given))
            else:
                given[key] = entry.value
        for entry in unknown:
            cls._refuse_key(entry, given)
        for problem in tuple(cls.problems(node, given)):
            given.add_problem(problem)

    @classmethod
    def _written_twice(cls, entry: Entry, key: str, given: Given) -> ShapeError:
        """WF114: a key and its synonym."""
        spellings = [each for each, real in cls.synonyms.items() if real == key]
        both = " and ".join(f'"{each}"' for each in (*spellings, key))
        return ShapeError(
            "WF114",
            f"has both {both}",
            entry.key.span,
            subject=given.subject,
            help="keep one of them",
        )

    @classmethod
    def _refuse_key(cls, entry: Entry, given: Given) -> None:
        """Adds WF104; the value counts for the key that was probably meant.

        So a misspelt key is told once, and what stands below it is checked too.
        """
        key, keys = entry.key.text, known_keys(cls)
        help = cls.elsewhere.get(key)
        meant = None if help else meant_key(key, keys)
        if meant:
            given.setdefault(meant, entry.value)
            help = _suggestion(key, meant, keys)
        given.add_problem(
            ShapeError(
                "WF104",
                f'has no key "{key}"',
                entry.key.span,
                subject=given.subject,
                help=help or f"its keys are {', '.join(keys)}",
            )
        )


def _suggestion(key: str, meant: str, keys: Collection[str]) -> Suggestion:
    near = did_you_mean(key, keys)
    is_spelling = meant in (key.replace("_", "-"), key.replace("-", "_"), key.lower())
    is_only = near is not None and near.meant == meant and near.is_sure
    return Suggestion.of(key, meant, is_sure=is_spelling or is_only)


@cache
def known_keys(model: type[NodeModel]) -> tuple[str, ...]:
    """The keys that the YAML may hold, in the order of the fields."""
    aliases = (each.alias for each in model.model_fields.values())
    return tuple(alias for alias in aliases if alias and not alias.startswith("\0"))


def meant_key(key: str, keys: Collection[str]) -> str | None:
    """The key that an unknown one probably stands for: other signs, another word, a slip.

    Source: language.md section 1.8 (the interpreter drops the underscore spellings).
    """
    dashed = key.replace("_", "-")
    other_word = _ALSO_CALLED.get(dashed.lower(), key)
    for spelling in (dashed, key.replace("-", "_"), key.lower(), other_word):
        if spelling in keys:
            return spelling
    return close_match(key, keys)


def other_name(key: str, given: Given) -> Iterable[ShapeError]:
    """Adds WF120: a name in the body that is not the one above it (differences D10)."""
    written, name = given.get(key), given[KEY]
    if written is None or is_empty(written) or plain_value(written) == name.value:
        return
    yield ShapeError(
        "WF120",
        f'has another "{key}": {found(written)}',
        place(written),
        subject=given.subject,
        notes=[Note("its name is here", name.span)],
        help=f'remove "{key}": the key is the name',
    )


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def first_place(node: Node) -> Span:
    """Where a reader looks for a mapping: its first key."""
    if isinstance(node, MappingNode) and node.entries:
        return node.entries[0].key.span
    return place(node)
