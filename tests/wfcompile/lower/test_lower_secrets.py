"""Secrets that a stage shows: which are told and where, and what is no reason to say anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from wfcompile.diagnostics import Diagnostic, Diagnostics
from wfcompile.pipeline import check_project
from wfcompile.settings import find_settings

HEAD = """\
report:
  type: Workflow
  params:
    password: {type: str, default: ""}
    api-token: {type: str, default: ""}
    text: {type: str, default: a}
    token-count: {type: int, default: 1}
  jobs:
    load:
      stages:
        - name: Log in
          id: login
          uses: tasks/login@v1
"""
TASKS = """\
from typing import TypedDict
from wfruntime import CallerSecret, tag
class Session(TypedDict):
    session: CallerSecret
    user: str
    access_token: str
    next_token: str
@tag("v1")
def login() -> Session: ...
"""


def found(folder: Path, *lines: str) -> list[Diagnostic]:
    """Of a stage with the lines below its name."""
    conf = folder / "conf"
    conf.mkdir(exist_ok=True)
    (conf / "tasks.py").write_text(TASKS)
    stage = "".join(f"          {line}\n" for line in lines)
    text = f"{HEAD}        - name: Load\n          id: load\n{stage}"
    (conf / "report.yml").write_text(text, encoding="utf-8")
    diagnostics = Diagnostics()
    check_project(find_settings(conf, None, {}), diagnostics)
    return list(diagnostics)


def told(folder: Path, *lines: str) -> list[str]:
    return [f"{each.code} {source_of(each)}" for each in found(folder, *lines)]


def source_of(found: Diagnostic) -> str:
    return found.span.file.text[found.span.start : found.span.end]


def shell(script: str) -> list[str]:
    return ["bash: |", *(f"  {line}" for line in script.split("\n"))]


def block(code: str) -> list[str]:
    return ["run: |", *(f"  {line}" for line in code.split("\n"))]


# --- messages ---


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("echo: token ${API_TOKEN}", ["WF570 ${API_TOKEN}"]),
        ("echo: ${DB_PASSWORD:}", ["WF570 ${DB_PASSWORD:}"]),
        ("echo: '${{ params.password }}'", ["WF570 ${{ params.password }}"]),
        (
            'echo: "\\x41 ${{ params.api-token | upper }}"',
            ["WF570 ${{ params.api-token | upper }}"],
        ),
        (
            "echo: a ${{ params.password if params.text else params.text }}",
            ["WF570 ${{ params.password if params.text else params.text }}"],
        ),
        (
            "echo: ${{ stages.login.outputs.session }}",
            ["WF570 ${{ stages.login.outputs.session }}"],
        ),
        (
            "echo: ${{ stages.login.outputs.access_token }}",
            ["WF570 ${{ stages.login.outputs.access_token }}"],
        ),
        ("raise: no ${API_TOKEN}", ["WF570 ${API_TOKEN}"]),
        ("echo: ${REGION} ${TOKEN_URL} ${PARTITION_KEY} ${{ params.text }}", []),
        ("echo: '${{ params.token-count }} ${{ params.password | length }}'", []),
        ("echo: ${{ 'set' if params.password else 'missing' }}", []),
        ("echo: ${{ params.password == params.text }}", []),
        ("echo: ${{ stages.login.outputs.user }}", []),
        ("echo: ${{ stages.login.outputs.next_token }}", []),
        ("echo: the variable API_TOKEN is read, not $${API_TOKEN}", []),
    ],
)
def test_messages(tmp_path: Path, line: str, expected: list[str]) -> None:
    assert told(tmp_path, line) == expected


def test_a_name_of_a_stage_takes_no_value_that_could_be_a_secret(
    tmp_path: Path,
) -> None:
    conf = tmp_path / "conf"
    assert told(tmp_path, "echo: a") == []
    text = (conf / "report.yml").read_text()
    (conf / "report.yml").write_text(text.replace("Load", "${{ params.password }}"))
    diagnostics = Diagnostics()
    check_project(find_settings(conf, None, {}), diagnostics)
    assert [each.code for each in diagnostics] == ["WF109"]


# --- shells ---


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo $API_TOKEN", ["WF571 $API_TOKEN"]),
        ('echo "a ${API_TOKEN} b"', ["WF571 ${API_TOKEN}"]),
        ("printf '%s' ${{ params.password }} >&2", ["WF571 ${{ params.password }}"]),
        ('echo "${API_TOKEN:-none} ${DB_PASSWORD^^}"', ["WF571 ${API_TOKEN:-none}", "WF571 ${DB_PASSWORD^^}"]),
        ('{ echo a; echo "$API_TOKEN"; }', ["WF571 $API_TOKEN"]),
        ('echo "$API_TOKEN" > /dev/stderr', ["WF571 $API_TOKEN"]),
        ('echo "$API_TOKEN" | base64', ["WF571 $API_TOKEN"]),
        ('echo "$API_TOKEN" | tee a', ["WF571 $API_TOKEN"]),
        ('x="a:$API_TOKEN"\necho "$x"', ["WF571 $x"]),
        ('x=$(printf %s "$API_TOKEN" | base64)\necho "$x"', ["WF571 $x"]),
        ('for x in "$API_TOKEN"; do echo "$x"; done', ["WF571 $x"]),
        ('API_TOKEN="${API_TOKEN:-}"\necho "$API_TOKEN"', ["WF571 $API_TOKEN"]),
        ("if [ -n \"$X\" ]; then\n  echo '${{ params.password }}'\nfi", ["WF571 ${{ params.password }}"]),
        ('set -x\nexport A="$API_TOKEN"', ["WF571 $API_TOKEN"]),
        ("set -euxo pipefail\ntest -n \"$API_TOKEN\"", ["WF571 $API_TOKEN"]),
        ('curl -H "Authorization: Bearer $API_TOKEN" a', ["WF572 $API_TOKEN"]),
        ("curl -u 'me:${{ params.password }}' a", ["WF572 ${{ params.password }}"]),
        ('mysql -p"$DB_PASSWORD" -e "select 1"', ["WF572 $DB_PASSWORD"]),
        ('sudo curl -d "$API_TOKEN" a', ["WF572 $API_TOKEN"]),
        ('exec curl -d "$API_TOKEN" a', ["WF572 $API_TOKEN"]),
        ('env A="$API_TOKEN" ./load.sh', ["WF572 $API_TOKEN"]),
        ('ssh host "login $API_TOKEN"', ["WF572 $API_TOKEN"]),
        ('x=$(curl -d "$API_TOKEN" a)', ["WF572 $API_TOKEN"]),
        ('a="Bearer $API_TOKEN"\ncurl -H "$a" b', ["WF572 $a"]),
        ('curl "a?t=$(cat "$API_TOKEN")"', ["WF572 $API_TOKEN"]),
        ("./load.sh `echo \"$API_TOKEN\"`", ["WF572 $API_TOKEN"]),
        ('"$PROGRAM" "$API_TOKEN"', ["WF572 $API_TOKEN"]),
        (
            "curl -u ${{ stages.login.outputs.session }} a",
            ["WF572 ${{ stages.login.outputs.session }}"],
        ),
    ],
)  # fmt: skip
def test_scripts_that_show_one(
    tmp_path: Path, script: str, expected: list[str]
) -> None:
    assert told(tmp_path, *shell(script)) == expected


@pytest.mark.parametrize(
    "script",
    [
        'echo "$API_TOKEN" | docker login --password-stdin',
        'echo "$API_TOKEN" > token.txt',
        'echo "$API_TOKEN" >> "$FOLDER/token.txt"\nchmod 600 a',
        '{ echo a; echo "$API_TOKEN"; } > token.txt',
        'if true; then echo "$API_TOKEN"; fi | docker login --password-stdin',
        'for a in 1 2; do echo "$API_TOKEN"; done > token.txt',
        'x=$(echo "$API_TOKEN" | sha256sum)\necho "$x"',
        'curl -H @<(echo "Authorization: $API_TOKEN") a',
        'curl -H @- a <<< "Authorization: Bearer $API_TOKEN"',
        'printf \'user = "me:%s"\\n\' "$API_TOKEN" | curl --config - a',
        "psql <<EOF\n\\set token $API_TOKEN\nEOF",
        "cat > a.ini <<EOF\ntoken = $API_TOKEN\nEOF",
        'API_TOKEN="$OTHER_TOKEN" ./load.sh',
        'export PGPASSWORD="$DB_PASSWORD"\npsql -c "select 1"',
        'test -n "$API_TOKEN" || exit 1\n[ -z "$API_TOKEN" ] && exit 2\n: "${API_TOKEN:?}"',
        'if [[ -n "$API_TOKEN" && $API_TOKEN == a* ]]; then echo set; fi',
        'case "$API_TOKEN" in ghp_*) echo new;; *) echo old;; esac',
        'echo "${#API_TOKEN} signs, ${API_TOKEN:+set}, ${API_TOKEN%%.*}"',
        'login() { curl --config "$1"; }\nlogin "$API_TOKEN"',
        'token() {\n  echo "$API_TOKEN"\n}\ntoken | docker login --password-stdin',
        'echo "API_TOKEN is missing"\necho \'$API_TOKEN\'\necho \\$API_TOKEN',
        "docker run -e API_TOKEN image",
        'for token in $(cat words); do echo "$token"; done',
        'while read -r token; do echo "$token"; done < words',
        'token=$(date +%s)\necho "$token"',
        'printf -v body "%s" "$API_TOKEN"',
        "set -x\necho a\nset +x\nexport A=\"$API_TOKEN\"",
        "# echo $API_TOKEN ${{ params.password }}\ntrue",
        'echo "$TOKEN_URL $KEY $PWD $CACHE_KEY $MAX_TOKENS $USER $AUTHOR"',
        "echo ${{ params.text }} ${{ params.token-count }}",
        "echo ${{ params.password | length }}",
    ],
)  # fmt: skip
def test_scripts_that_show_none(tmp_path: Path, script: str) -> None:
    assert told(tmp_path, *shell(script)) == []


def test_the_env_of_a_stage_says_what_its_variables_hold(tmp_path: Path) -> None:
    env = "env: {A: 'x${API_TOKEN}', B: '${{ params.password }}', C: '${REGION}'}"
    script = 'echo "$A"\ncurl -d "$B" "$C"'
    assert told(tmp_path, env, *shell(script)) == ["WF571 $A", "WF572 $B"]


def test_a_script_in_sh(tmp_path: Path) -> None:
    assert told(tmp_path, "shell: sh", *shell("echo $API_TOKEN")) == [
        "WF571 $API_TOKEN"
    ]


# --- blocks ---


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('import os\nprint(os.environ["API_TOKEN"])', ['WF571 os.environ["API_TOKEN"]']),
        ('import os\nprint("a", os.getenv("API_TOKEN"))', ['WF571 os.getenv("API_TOKEN")']),
        ('print("${{ params.password }}")', ['WF571 "${{ params.password }}"']),
        (
            'import os\n_t = os.environ.get("API_TOKEN", "")\nprint(f"ä {_t}")\ndel _t',
            ['WF571 f"ä {_t}"'],
        ),
        (
            'import logging, os\nlogging.info("a %s", os.environ["API_TOKEN"].strip())',
            ['WF571 os.environ["API_TOKEN"].strip()'],
        ),
        (
            'import os, subprocess\nsubprocess.run(["curl", "-u", os.environ["API_TOKEN"]])',
            ['WF572 ["curl", "-u", os.environ["API_TOKEN"]]'],
        ),
        (
            'import os\nheaders = {"Authorization": "Bearer " + os.environ["API_TOKEN"]}',
            ['WF573 {"Authorization": "Bearer " + os.environ["API_TOKEN"]}'],
        ),
        ('secret = "${{ params.password }}"', ['WF573 "${{ params.password }}"']),
        (
            'import os\nif True:\n    token: str = os.environ["API_TOKEN"]',
            ['WF573 os.environ["API_TOKEN"]'],
        ),
    ],
)  # fmt: skip
def test_blocks_that_show_one(tmp_path: Path, code: str, expected: list[str]) -> None:
    assert told(tmp_path, *block(code)) == expected


@pytest.mark.parametrize(
    "code",
    [
        'import os\ntoken = os.environ["API_TOKEN"]\nrows = len(token)\ndel token',
        'import os\nis_set = bool(os.environ.get("API_TOKEN"))\nprint(is_set)',
        'import os\nprint("API_TOKEN" in os.environ, os.environ["REGION"])',
        'import os\nprint(os.environ["API_TOKEN"].startswith("ghp_"))',
        'import hashlib, os\nprint(hashlib.sha256(os.environ["API_TOKEN"].encode()))',
        'import os\ndef read() -> str:\n    token = os.environ["API_TOKEN"]\n    return token',
        'import os\nx = os.environ["API_TOKEN"]\nx = "a"',
        'import os, subprocess\nsubprocess.run(["a"], input=os.environ["API_TOKEN"])',
        'import os, subprocess\nsubprocess.run(["a"], env={"T": os.environ["API_TOKEN"]})',
        'token = "a"\nprint(token)',
        'count = ${{ params.token-count }}\nprint(count)',
        'print("${{ params.text }}")',
        'import os\nprint("\\d", "API_TOKEN" in os.environ)',
        f"import os\nx = {'(' * 80}1{')' * 80} + {' + '.join(['1'] * 300)}",
    ],
)  # fmt: skip
def test_blocks_that_show_none(tmp_path: Path, code: str) -> None:
    assert told(tmp_path, *block(code)) == []


def test_vars_say_what_the_names_of_a_block_hold(tmp_path: Path) -> None:
    lines = ["vars: {a: '${API_TOKEN}', b: '${REGION}'}", *block("print(a, b)")]
    assert told(tmp_path, *lines) == ["WF571 a"]


def test_an_output_is_one_only_where_there_is_a_record(tmp_path: Path) -> None:
    conf = tmp_path / "conf"
    lines = block('import os\ntoken = os.environ["API_TOKEN"]')
    assert told(tmp_path, *lines) == ['WF573 os.environ["API_TOKEN"]']
    text = (conf / "report.yml").read_text().replace("          id: load\n", "")
    (conf / "report.yml").write_text(text)
    diagnostics = Diagnostics()
    check_project(find_settings(conf, None, {}), diagnostics)
    assert list(diagnostics) == []


@pytest.mark.parametrize(
    ("script", "program"),
    [
        ('curl -d "$API_TOKEN"', '"curl"'),
        ('exec /usr/bin/curl -d "$API_TOKEN"', '"curl"'),
        ('sudo -n wget "$API_TOKEN"', '"wget"'),
        ('"$PROGRAM" "$API_TOKEN"', "a program"),
    ],
)
def test_the_program_is_named(tmp_path: Path, script: str, program: str) -> None:
    (only,) = found(tmp_path, *shell(script))
    assert only.message == (
        f'the secret "API_TOKEN" is an argument of {program}, '
        "which all users of the machine can see"
    )


# --- the help can be followed ---


@pytest.mark.parametrize(
    ("before", "help", "after"),
    [
        (
            ["echo: token ${API_TOKEN}"],
            "take it out of the message, or write its name in its place",
            ["echo: token API_TOKEN"],
        ),
        (
            shell('psql "password=$DB_PASSWORD"'),
            "set PGPASSWORD in the env of the stage",
            ["env: {PGPASSWORD: '${DB_PASSWORD}'}", *shell("psql")],
        ),
        (
            shell('sshpass -p "$SSH_PASSWORD" ssh host'),
            "write sshpass -e, and set SSHPASS in the env of the stage",
            ["env: {SSHPASS: '${SSH_PASSWORD}'}", *shell("sshpass -e ssh host")],
        ),
        (
            shell('docker run -e API_TOKEN="$API_TOKEN" image'),
            'write "-e NAME" without a value, or "--password-stdin"',
            shell("docker run -e API_TOKEN image"),
        ),
        (
            shell('curl -H "Authorization: Bearer $API_TOKEN" a'),
            "write the option into a config that it reads: "
            "printf ... | curl --config -",
            shell(
                "printf 'header = \"Authorization: Bearer %s\"\\n' \"$API_TOKEN\" |\n"
                "  curl --config - a"
            ),
        ),
        (
            shell('./load.sh "$API_TOKEN"'),
            "give it in the environment, in a file, or on standard input",
            shell("./load.sh"),
        ),
        (
            shell('set -x\nexport A="$API_TOKEN"'),
            "write set +x in front of this command",
            shell('set -x\nset +x\nexport A="$API_TOKEN"'),
        ),
        (
            block('import os\ntoken = os.environ["API_TOKEN"]\nrows = len(token)'),
            "write del token at the end of the block, or do not give it a name",
            block('import os\ntoken = os.environ["API_TOKEN"]\nrows = len(token)\ndel token'),
        ),
    ],
)  # fmt: skip
def test_the_help_can_be_followed(
    tmp_path: Path, before: list[str], help: str, after: list[str]
) -> None:
    (only,) = found(tmp_path, *before)
    assert (only.help, told(tmp_path, *after)) == (help, [])
