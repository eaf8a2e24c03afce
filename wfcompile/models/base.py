"""`NodeModel`: a pydantic model that is validated straight from the node tree.

A mapping becomes `{key: child node}`, so that every error still has its node and its place.
Validation never fails: what is wrong is noted, and the model is made of the rest. A field that
could not be read has its default, or something that stands for a value, and its key is in
`unread`: later passes draw no conclusions from it, and nothing that is missing hides anything
else. Who wants a model without mistakes looks whether any were noted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, Any, ClassVar, Final, TypeAlias, TypeVar, cast, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo

from wfcompile.diagnostics import (
    Note,
    Suggestion,
    close_match,
    did_you_mean,
    uses_in,
)
from wfcompile.models.shape_error import (
    ShapeError,
    Unread,
    found,
    noted_in,
    place,
    region,
    unexpected,
)
from wfcompile.models.values import From, is_empty
from wfcompile.nodes import (
    Entry,
    MappingNode,
    Node,
    Scalar,
    SequenceNode,
    plain_value,
    unread_scalar,
)
from wfcompile.source import Span

# no YAML text holds a NUL, so no key of a user is one of these
NODE: Final = "\0node"
KEY: Final = "\0key"
_UNREAD: Final = "\0unread"
_HELP = {
    "type": "add one, such as type: str",
    "name": "every stage has a name: say in a few words what it does",
}

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


_M = TypeVar("_M", bound="NodeModel")


class Given(dict[str, Any]):
    """What pydantic gets for one model: alias -> node.

    Attributes:
        subject: the model in words, for errors about its keys.
        span: where a key that is missing should be.
        unread: keys of which nobody knows what they are: they have errors, or may be meant by a
            key that is not known.
    """

    def __init__(self, subject: str, span: Span, mistakes: list[ShapeError]) -> None:
        super().__init__()
        self.subject = subject
        self.span = span
        self.unread: set[str] = set()
        self._mistakes = mistakes

    def add_problem(self, problem: ShapeError) -> None:
        self._mistakes.append(problem)


class NodeModel(BaseModel):
    """Class attributes:
    noun: what it is called in messages.
    synonyms: a second spelling of a key -> the key.
    elsewhere: key of something else -> the help that says where it belongs.
    stand_ins: required key -> what it is where it could not be read; it needs none where a
        scalar or a list is expected.

    Attributes:
        unread: keys whose values, or some of them, are not as they are written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    noun: ClassVar[str]
    synonyms: ClassVar[Mapping[str, str]] = {}
    elsewhere: ClassVar[Mapping[str, str]] = {}
    stand_ins: ClassVar[Mapping[str, object]] = {}

    unread: Annotated[frozenset[str], From(lambda keys: keys)] = Field(
        frozenset(), alias=_UNREAD
    )

    @model_validator(mode="wrap")
    @classmethod
    def _from_node(
        cls: type[_M],
        value: object,
        handler: ModelWrapValidatorHandler[_M],
        info: ValidationInfo,
    ) -> _M:
        """A model, or `Unread` where a required value is missing and nothing can stand for it: the
        model that holds it goes on without. pydantic takes anything, its types do not.
        """
        if isinstance(value, Unread):
            return cast(_M, value)
        # in a model that holds itself, pydantic wraps the validator twice
        if isinstance(value, Given):
            return handler(value)
        entry = value if isinstance(value, Entry) else None
        node = entry.value if entry else value
        assert isinstance(node, (Scalar, SequenceNode, MappingNode)), node
        noun = cls.noun
        given = Given(
            f'{noun} "{entry.key.text}"' if entry else _with_article(noun),
            entry.key.span if entry else first_place(node),
            noted_in(info),
        )
        given[NODE] = node
        if entry:
            given[KEY] = entry.key
        found_before = len(noted_in(info))
        made = cls._made(node, given, handler)
        written = region(entry.key if entry else None, node)
        for error in noted_in(info)[found_before:]:
            error.notes += tuple(uses_in(error.span, written, error.notes))
        return made

    @classmethod
    def _made(
        cls: type[_M], node: Node, given: Given, handler: ModelWrapValidatorHandler[_M]
    ) -> _M:
        try:
            cls._fill(node, given)
        except ShapeError as error:
            if error.subject is None:
                # it is about the key that holds the model
                return cast(_M, Unread(error))
            given.add_problem(error)
            given.unread.update(known_keys(cls))
            given.update((key, Unread()) for key in _required(cls) if key not in given)
        for key in _required(cls):
            if key not in given:
                given[key] = Unread(_missing(given, key))
        return cls._without_unread(handler(given), given)

    @classmethod
    def _fill(cls, node: Node, given: Given) -> None:
        short = cls.short_form(node, given.subject)
        if short is not None:
            given.update(short)
        elif isinstance(node, MappingNode):
            cls._take(node, given)
        else:
            help = f"its keys are {', '.join(known_keys(cls))}"
            raise unexpected(node, "a mapping", subject=given.subject, help=help)

    @classmethod
    def _without_unread(cls: type[_M], model: _M, given: Given) -> _M:
        changes: dict[str, object] = {}
        for name, value in model.__dict__.items():
            # most values are whole
            if not isinstance(value, _MAY_BE_UNREAD):
                continue
            field = cls.model_fields[name]
            broken = tuple(_unread_in(value, str(field.alias)))
            if not broken:
                continue
            for error in filter(None, broken):
                given.add_problem(error)
            given.unread.add(str(field.alias))
            changes[name] = cls._readable(value, field, given)
            if isinstance(changes[name], Unread):
                return cast(_M, Unread())
        if not given.unread:
            return model
        return model.model_copy(update={**changes, "unread": frozenset(given.unread)})

    @classmethod
    def _readable(cls, value: object, field: FieldInfo, given: Given) -> object:
        """What the field is without what could not be read."""
        if isinstance(value, tuple):
            return tuple(each for each in value if not isinstance(each, Unread))
        if field.alias == KEY:
            return given[KEY]
        if not field.is_required():
            return field.default
        if str(field.alias) in cls.stand_ins:
            return cls.stand_ins[str(field.alias)]
        if Scalar in (field.annotation, *get_args(field.annotation)):
            return unread_scalar(given.span)
        return value

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
        is_clear = True
        for entry in node:
            key = cls.synonyms.get(entry.key.text, entry.key.value)
            if key not in keys:
                unknown.append(entry)
            elif key in given:
                given.add_problem(cls._written_twice(entry, str(key), given))
            else:
                given[key] = entry.value
        for entry in unknown:
            is_clear &= cls._refuse_key(entry, given)
        if not is_clear:
            given.unread.update(key for key in keys if key not in given)
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
    def _refuse_key(cls, entry: Entry, given: Given) -> bool:
        """Adds WF104; the value counts for the key that was probably meant, if there is one.

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
        return meant is not None


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


@cache
def _required(model: type[NodeModel]) -> tuple[str, ...]:
    fields = model.model_fields.values()
    return tuple(str(each.alias) for each in fields if each.is_required())


def _missing(given: Given, key: str) -> ShapeError:
    help = _HELP.get(key, f'add "{key}"')
    clause = f'needs "{key}"'
    return ShapeError("WF105", clause, given.span, subject=given.subject, help=help)


_MAY_BE_UNREAD = (Unread, tuple)


def _unread_in(value: object, key: str) -> Iterator[ShapeError | None]:
    """What is wrong with the value of a field, or with items of it."""
    if isinstance(value, Unread):
        yield _about(value.error, f'"{key}"')
    for index, item in enumerate(value if isinstance(value, tuple) else (), 1):
        if isinstance(item, Unread):
            subject = f'"{key}"' if item.is_list else f'item {index} of "{key}"'
            yield _about(item.error, subject)


def _about(error: ShapeError | None, subject: str) -> ShapeError | None:
    if error is not None:
        error.subject = error.subject or subject
    return error


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
