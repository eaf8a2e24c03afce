"""The grammar of the `${{ }}` language: tokens -> tree.

Binding, from loose to tight:

    a if test else b
    or
    and
    not a
    == != < <= > >= in, not in, is, is not        (chains: 1 < a <= 5)
    + -
    * / // %
    -a +a
    **
    a | filter(args)
    a.b   a[key]   a.method(args)   function(args)

A filter binds tighter than every operator, so `params.a | length > 1` is
`(params.a | length) > 1`, `1 + params.a | abs` is `1 + (params.a | abs)`, and a chain
`a.b | f | g(x)` means what it means in the interpreter: `g(f(a.b), x)`. A path ends at the first
`|`; `(a | f).c` and `(a | f)[0]` need their parentheses. Tuples read as lists.

The tree has the size of the text: nesting and chains are limited, so that later passes may
recurse. Raises `ExpressionError` at the first token that does not fit.
"""

from __future__ import annotations

from dataclasses import replace

from wfcompile.diagnostics import Replacement
from wfcompile.expressions import nodes
from wfcompile.expressions.errors import ExpressionError
from wfcompile.expressions.lexer import Token

_CONSTANTS: dict[str, bool | None] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "null": None,
    "None": None,
}
_YAML_WORDS = {"true": "True", "false": "False", "null": "None"}
_KEYWORDS = frozenset(("and", "or", "not", "in", "is", "if", "else"))
_PYTHON_ONLY = frozenset(("for", "lambda", "async", "await", "yield"))
_COMPARISONS = frozenset(("==", "!=", "<", "<=", ">", ">=", "in", "not in", "is"))
_COMPARISONS |= {"is not"}
_LEVEL = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(_COMPARISONS, 4),
    **dict.fromkeys(("+", "-"), 5),
    **dict.fromkeys(("*", "/", "//", "%"), 6),
    "**": 8,
}
_NOT, _SIGN = 3, 7
_MAX_DEPTH = 40
_MAX_LINKS = 150


class Grammar:
    """Parses one list of tokens.

    `is_condition`: the text is Python-like, where `true`, `false` and `null` are no words
    (language.md, H-25).
    """

    def __init__(self, tokens: list[Token], *, is_condition: bool = False) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0
        self._links = 0
        self._is_condition = is_condition

    def parse(self) -> nodes.Expression:
        tree = self._expression()
        if self._next.kind != "end":
            raise self._unexpected("an operator, a filter or the end")
        return tree

    # --- operators ---

    def _expression(self) -> nodes.Expression:
        self._enter()
        then = self._operators(1)
        if self._takes_word("if"):
            test = self._operators(1)
            if not self._takes_word("else"):
                raise self._unexpected('"else"')
            otherwise = self._expression()
            then = nodes.Conditional(test, then, otherwise, then.start, otherwise.end)
        self._depth -= 1
        return then

    def _operators(self, level: int) -> nodes.Expression:
        self._enter()
        left = self._prefix(level)
        while _LEVEL.get(op := self._operator(), 0) >= level:
            left = self._infix(left, op)
        self._depth -= 1
        return left

    def _prefix(self, level: int) -> nodes.Expression:
        token = self._next
        if self._is_word("not"):
            if level > _NOT:
                raise self._unexpected("a value", 'put parentheses around "not ..."')
            self._at += 1
            operand = self._operators(_NOT)
            return nodes.Unary("not", operand, token.start, operand.end)
        if token.kind == "operator" and token.text in "+-":
            self._at += 1
            operand = self._operators(_SIGN)
            return nodes.Unary(token.text, operand, token.start, operand.end)
        return self._filtered()

    def _infix(self, left: nodes.Expression, op: str) -> nodes.Expression:
        level = _LEVEL[op]
        if op in ("and", "or"):
            operands = [left]
            while self._operator() == op:
                self._at += 1
                operands.append(self._operators(level + 1))
            return nodes.Logic(op, tuple(operands), left.start, operands[-1].end)
        if op in _COMPARISONS:
            return self._comparison(left)
        self._link()
        self._at += 1
        right = self._operators(_SIGN if op == "**" else level + 1)
        return nodes.Binary(op, left, right, left.start, right.end)

    def _comparison(self, left: nodes.Expression) -> nodes.Expression:
        rest: list[tuple[str, nodes.Expression]] = []
        while (op := self._operator()) in _COMPARISONS:
            self._at += 1 + (" " in op)
            rest.append((op, self._operators(_LEVEL["=="] + 1)))
        return nodes.Comparison(left, tuple(rest), left.start, rest[-1][1].end)

    def _operator(self) -> str:
        """The infix operator that comes next, "" for none; two words count as one."""
        token = self._next
        if token.kind == "operator":
            return token.text
        if token.kind != "name":
            return ""
        following = self._tokens[self._at + 1].text
        if token.text == "not" and following == "in":
            return "not in"
        if token.text == "is" and following == "not":
            return "is not"
        return token.text if token.text != "not" else ""

    # --- filters, and what stands behind a value ---

    def _filtered(self) -> nodes.Expression:
        value = self._postfix(self._atom())
        while self._takes("|"):
            self._link()
            value = self._filter(value)
            if self._next.text in (".", "[") and self._next.kind == "operator":
                raise self._unexpected(
                    "an operator or another filter",
                    "put parentheses around the value and its filters",
                )
        return value

    def _filter(self, value: nodes.Expression) -> nodes.Expression:
        name = self._next
        if name.kind != "name" or name.text in _KEYWORDS:
            is_or = name.text == "|"
            raise self._unexpected(
                "the name of a filter", 'write "or"' if is_or else None
            )
        self._at += 1
        args: tuple[nodes.Expression, ...] = ()
        keywords: tuple[nodes.Keyword, ...] = ()
        end = name.end
        if self._takes("("):
            args, keywords, end = self._arguments()
        return nodes.FilterCall(
            value,
            name.text,
            args,
            keywords,
            value.start,
            end,
            name_start=name.start,
            name_end=name.end,
        )

    def _postfix(self, value: nodes.Expression) -> nodes.Expression:
        while True:
            if self._takes("["):
                self._link()
                key = self._expression()
                if self._next.text == ":":
                    raise self._not_available("a slice", self._next)
                end = self._expect("]").end
                value = nodes.Index(value, key, value.start, end)
            elif self._takes("."):
                value = self._member(value)
            elif self._next.text == "?" and self._next.kind == "operator":
                raise self._unexpected(
                    "an operator", '"?" stands only behind a name of a path'
                )
            else:
                return value

    def _member(self, value: nodes.Expression) -> nodes.Expression:
        self._link()
        name = self._name_behind_dot()
        if self._next_touches("(", name):
            self._at += 1
            args, keywords, end = self._arguments()
            return _call(name, value, args, keywords, value.start, end)
        return nodes.Attribute(value, name.text, value.start, name.end)

    def _arguments(
        self,
    ) -> tuple[tuple[nodes.Expression, ...], tuple[nodes.Keyword, ...], int]:
        """The arguments behind "(", and the offset behind the ")"."""
        args: list[nodes.Expression] = []
        keywords: list[nodes.Keyword] = []
        while not self._is_sign(")"):
            name, sign = (
                self._next,
                self._tokens[min(self._at + 1, len(self._tokens) - 1)],
            )
            if name.kind == "name" and sign.kind == "operator" and sign.text == "=":
                self._at += 2
                value = self._expression()
                keywords.append(nodes.Keyword(name.text, value, name.start, value.end))
            elif keywords:
                raise self._unexpected("name=value", "put the plain arguments first")
            else:
                args.append(self._expression())
            if not self._takes(","):
                break
        return tuple(args), tuple(keywords), self._expect(")").end

    # --- atoms ---

    def _atom(self) -> nodes.Expression:
        token = self._next
        match token.kind, token.text:
            case ("number" | "text" | "operand"), _ if token.value is not None:
                self._at += 1
                return token.value
            case "name", _ if self._is_path_start(token):
                return self._path()
            case "name", text if text in _CONSTANTS:
                return self._constant(token)
            case "name", text if text not in _KEYWORDS:
                return self._path()
            case "operator", "(":
                return self._parentheses()
            case "operator", "[":
                self._at += 1
                return self._list(token)
            case "operator", "{":
                self._at += 1
                return self._map(token)
        raise self._unexpected("a value")

    def _is_path_start(self, token: Token) -> bool:
        """`is.x`, `null?`: a word directly followed by a dot or mark is a name."""
        following = self._tokens[self._at + 1]
        return following.start == token.end and following.text in (".", "?")

    def _constant(self, token: Token) -> nodes.Expression:
        if self._is_condition and token.text in _YAML_WORDS:
            python = _YAML_WORDS[token.text]
            raise ExpressionError(
                "WF210",
                f'"{token.text}" is no word of a condition, expected "{python}"',
                token.start,
                token.end,
                Replacement.of(
                    f'write "{python}", or the plain YAML value without quotes', python
                ),
            )
        self._at += 1
        return nodes.Literal(_CONSTANTS[token.text], token.start, token.end)

    def _path(self) -> nodes.Expression:
        """A path, the call of a function, or the call of a method of a path."""
        first = last = self._take()
        if first.text in _PYTHON_ONLY:
            raise self._not_available(f'"{first.text}"', first)
        if self._next_touches("(", first):
            self._at += 1
            args, keywords, end = self._arguments()
            return _call(first, None, args, keywords, first.start, end)
        segments = [self._segment(first)]
        while self._is_sign("."):
            dot = self._next
            if dot.start != segments[-1].end:
                raise self._space_in_path(segments[-1].end, dot.start)
            self._at += 1
            last = self._name_behind_dot()
            if self._next_touches("(", last):
                self._link()
                self._at += 1
                args, keywords, end = self._arguments()
                receiver = nodes.Path(tuple(segments), first.start, segments[-1].end)
                return _call(last, receiver, args, keywords, first.start, end)
            segments.append(self._segment(last))
        return nodes.Path(tuple(segments), first.start, segments[-1].end)

    def _segment(self, name: Token) -> nodes.Segment:
        end = name.end
        is_optional = self._next_touches("?", name)
        if is_optional:
            end = self._take().end
        return nodes.Segment(name.text, is_optional, name.start, end)

    def _name_behind_dot(self) -> Token:
        dot, name = self._tokens[self._at - 1], self._next
        if name.kind != "name":
            raise self._unexpected('a name behind "."')
        if name.start != dot.end:
            raise self._space_in_path(dot.end, name.start)
        return self._take()

    def _parentheses(self) -> nodes.Expression:
        start = self._take().start
        if self._is_sign(")"):
            return nodes.ListDisplay((), start, self._take().end)
        first = self._expression()
        if not self._is_sign(","):
            end = self._expect(")").end
            return replace(first, start=start, end=end)
        items = [first]
        while self._takes(",") and not self._is_sign(")"):
            items.append(self._expression())
        return nodes.ListDisplay(tuple(items), start, self._expect(")").end)

    def _list(self, opening: Token) -> nodes.Expression:
        items: list[nodes.Expression] = []
        while not self._is_sign("]"):
            items.append(self._expression())
            if not self._takes(","):
                break
        end = self._expect("]").end
        return nodes.ListDisplay(tuple(items), opening.start, end)

    def _map(self, opening: Token) -> nodes.Expression:
        items: list[tuple[nodes.Expression, nodes.Expression]] = []
        while not self._is_sign("}"):
            key = self._expression()
            if self._next.text in (",", "}"):
                raise self._not_available("a set", opening)
            self._expect(":")
            items.append((key, self._expression()))
            if not self._takes(","):
                break
        end = self._expect("}").end
        return nodes.MapDisplay(tuple(items), opening.start, end)

    # --- tokens ---

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _is_sign(self, sign: str) -> bool:
        return self._next.kind == "operator" and self._next.text == sign

    def _is_word(self, word: str) -> bool:
        token = self._next
        return (
            token.kind == "name"
            and token.text == word
            and not self._is_path_start(token)
        )

    def _takes(self, sign: str) -> bool:
        found = self._is_sign(sign)
        self._at += found
        return found

    def _takes_word(self, word: str) -> bool:
        found = self._is_word(word)
        self._at += found
        return found

    def _next_touches(self, sign: str, before: Token) -> bool:
        return self._is_sign(sign) and self._next.start == before.end

    def _expect(self, sign: str) -> Token:
        if not self._is_sign(sign):
            raise self._unexpected(f'"{sign}"')
        return self._take()

    # --- limits and mistakes ---

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > 2 * _MAX_DEPTH:
            raise self._too_deep()

    def _link(self) -> None:
        self._links += 1
        if self._links > _MAX_LINKS:
            raise self._too_deep()

    def _too_deep(self) -> ExpressionError:
        token = self._next
        return ExpressionError(
            "WF207",
            "expression is nested too deeply",
            token.start,
            token.end,
            "compute it in a stage of its own",
        )

    def _unexpected(self, expected: str, help: str | None = None) -> ExpressionError:
        token = self._next
        if token.kind == "end":
            found = "the end"
        else:
            found = token.text if token.kind == "text" else f'"{token.text}"'
        if token.text == "=" and help is None:
            help = Replacement.of('compare with "=="', "==")
        if token.text in _PYTHON_ONLY:
            return self._not_available(f'"{token.text}"', token)
        return ExpressionError(
            "WF203",
            f"found {found}, expected {expected}",
            token.start,
            token.end,
            help,
        )

    def _space_in_path(self, start: int, end: int) -> ExpressionError:
        return ExpressionError(
            "WF206",
            "path holds a space, expected none around its dots",
            start,
            end,
            "take the space away",
        )

    def _not_available(self, what: str, token: Token) -> ExpressionError:
        return ExpressionError(
            "WF212",
            f"{what} is not part of the template language",
            token.start,
            token.end,
            'compute the value in a "run:" stage and refer to its output',
        )


def _call(
    name: Token,
    receiver: nodes.Expression | None,
    args: tuple[nodes.Expression, ...],
    keywords: tuple[nodes.Keyword, ...],
    start: int,
    end: int,
) -> nodes.Call:
    return nodes.Call(
        name.text,
        receiver,
        args,
        keywords,
        start,
        end,
        name_start=name.start,
        name_end=name.end,
    )
