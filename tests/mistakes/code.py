"""Mistakes in templates, conditions, Python blocks and shell text."""

from __future__ import annotations

from tests.mistakes.kinds import planted, replaced

# --- templates ---

replaced("template that is not closed", r"(\$\{\{ [\w.-]+) \}\}", r"\1 }")
replaced("template that ends at the line", r"(\$\{\{ [\w.-]+) \}\}$", r"\1")
replaced("template without a dollar", r"\$(?=\{\{ [\w.-]+ \}\})", "")
replaced("template with one brace", r"\$\{\{ (params\.[\w-]+) \}\}", r"${ \1 }")
replaced("empty template", r"\$\{\{ [\w.-]+ \}\}", "${{ }}")
replaced("two dots in a path", r"(?<=\$\{\{ params)\.", "..")
replaced("path that ends with a dot", r"(\$\{\{ params\.[\w-]+) \}\}", r"\1. }}")
replaced("param without its root", r"(?<=\$\{\{ )params\.", "")
replaced("unknown filter", r"(\$\{\{ params\.[\w-]+) \}\}", r"\1 | frobnicate }}")
replaced("filter without a name", r"(\$\{\{ params\.[\w-]+) \}\}", r"\1 | }}")
replaced("upper of a number", r"(\$\{\{ params\.count) \}\}", r"\1 | upper }}")
replaced("format of a text", r"(\$\{\{ params\.(?:text|source)) \}\}", r"\1 | fmt }}")
replaced("item of a number", r"(\$\{\{ params\.(?:count|limit)) \}\}", r"\1[0] }}")
replaced("part of a number", r"(\$\{\{ params\.(?:count|limit)) \}\}", r"\1.first }}")
replaced("unknown argument of a filter", r"\| fmt\(fmt=", "| fmt(format=")
replaced("filter with too much", r"(?<=\| upper)(?= \}\})", "(1)")
replaced("filter with too little", r"(?<=getindex)\(0\)", "()")
replaced("number and text", r"(\$\{\{ params\.(?:count|limit)) \}\}", r'\1 + "a" }}')

# --- conditions ---

_IF = r"(?<=  if: )(\$\{\{ [\w.-]+ \}\}) (==|>|<|!=) (\S+)$"
replaced("one equals sign", _IF, r"\1 = \3")
replaced("condition without its right side", _IF, r"\1 \2")
replaced("parenthesis that is not closed", _IF, r"(\1 \2 \3")
replaced("and of another language", _IF, r"\1 \2 \3 && \1 \2 \3")
replaced("not of another language", _IF, r"!\1")
replaced("truth value of another language", _IF, r"\1 \2 true")
replaced("unknown name in a condition", _IF, r"\1 \2 nothing_of_that_name")
replaced("condition that is a number", _IF, "1 + 1")
replaced("condition that is a list", _IF, "[1]")

# --- Python blocks ---

_ASSIGNED = r"^( {12})(\w+) = (\S.*)$"
planted("undefined name", "run: |", "  x = 1", "  y = x + z_undefined", at=3)
planted("bracket that is not closed", "run: |", "  x = (1", "  y = 2", at=2)
planted("missing colon", "run: |", "  if 1 > 0", "      y = 2", at=2)
planted("missing indent", "run: |", "  if 1 > 0:", "  y = 2", at=3)
planted("unexpected indent", "run: |", "  x = 1", "    y = 2", at=3)
planted("quote that is not closed", "run: |", "  x = 1", "  y = 'abc", at=3)
planted("misspelt keyword", "run: |", "  x = 1", "  fro i in [1]: pass", at=3)
planted("return from a block", "run: |", "  x = 1", "  return x", at=3)
planted("await in a block", "run: |", "  x = 1", "  y = await x", at=3)
planted("name before it is bound", "run: |", "  y = late_name", "  late_name = 1", at=2)
planted("module that is not imported", "run: |", "  x = 1", "  y = json.dumps(x)", at=3)
planted("assignment to a call", "run: |", "  x = 1", "  len(x) = 2", at=3)
planted("print of Python 2", "run: |", "  x = 1", "  print x", at=3)
planted("break outside of a loop", "run: |", "  x = 1", "  break", at=3)

# --- secrets ---

planted(
    "password in a script", "bash: |", "  export PGPASSWORD=v7Rp2mQx", "  psql", at=2
)
planted(
    "password in a variable", "env: {DB_PASSWORD: v7Rp2mQx}", "bash: ./load.sh", at=1
)
planted(
    "key of a cloud", "env: {AWS_ID: AKIA4T7QZMXKLJ2WVN3R}", "bash: aws s3 ls", at=1
)
planted(
    "default of a secret",
    "env: {A: '${API_TOKEN:4c8e01b7d2f9}'}",
    "bash: ./load.sh",
    at=1,
)
planted(
    "password in a block", "run: |", "  user = 'me'", "  password = 'v7Rp2mQx'", at=3
)

planted("secret in a message", "echo: using ${API_TOKEN}", at=1)
planted("secret in a failure", "raise: no ${DB_PASSWORD}", at=1)
planted("secret that is printed", "bash: |", "  set -e", '  echo "$API_TOKEN"', at=3)
planted("secret in a trace", "bash: |", "  set -x", '  A="$API_TOKEN" ./a', at=3)
planted("secret as an argument", "bash: |", "  true", '  curl -d "$API_TOKEN" a', at=3)
planted("secret through a variable", "bash: |", '  a="$API_TOKEN"', "  wget $a", at=3)
planted(
    "secret of a block",
    "id: own",
    "run: |",
    "  import os",
    '  t = os.environ["A_TOKEN"]',
    at=4,
)
planted(
    "secret that a block prints",
    "run: |",
    "  import os",
    '  print(os.getenv("A_TOKEN"))',
    at=3,
)

# --- shell text ---

planted("shell quote that is not closed", "bash: |", "  echo a", "  echo 'b", at=3)
planted("double quote that is not closed", "bash: |", "  echo a", '  echo "b', at=3)
planted("if without fi", "bash: |", "  if true; then", "    echo a", at=2)
planted("loop without done", "bash: |", "  for i in 1 2; do", "    echo $i", at=2)
planted("if without then", "bash: |", "  if true", "    echo a", "  fi", at=2)
planted("done without a loop", "bash: |", "  echo a", "  done", at=3)
planted("substitution that is not closed", "bash: |", "  echo a", "  x=$(date", at=3)
planted("case without esac", "bash: |", "  case a in", "    a) echo;;", at=2)
planted("brace that is not closed", "bash: |", "  f() {", "    echo a", at=2)

_VALUE = "${{ params.text }}"
replaced("value as a command", r"(?<=bash: )echo '(?=\$\{\{)", "'")
replaced(
    "value in an evaluation", r"(?<=bash: )echo '(\$\{\{ item \}\})'", r'eval "\1"'
)
replaced("value as a program", r"(?<=bash: )echo '(\$\{\{ item \}\})'", r'bash -c "\1"')
