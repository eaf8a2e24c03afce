"""Programs that take a value for code: which of them `rewrite_shell` tells, and which it does not.

In each script VALUE stands for a template whose value may be any text.
"""

from __future__ import annotations

import pytest
from expression_texts import scalar_of
from shell_codes import VALUE, codes
from test_shell_text import rewrite

from wfcompile.diagnostics import Diagnostics
from wfcompile.expressions.parser import parse_text
from wfcompile.expressions.shell_text import rewrite_shell
from wfcompile.types import STR


@pytest.mark.parametrize(
    "script",
    [
        "perl -pie 'a VALUE' f",
        "printf '%s\\\n' VALUE | xargs -n1 bash",
        "x=VALUE; $x a",
        'cmd="bin/VALUE a"; $cmd',
        'a=(VALUE b); "${a[@]}"',
        "python VALUE",
        "python3 scripts/VALUE.py",
        "python -m VALUE",
    ],
)
def test_no_value_is_run_by_other_ways(script: str) -> None:
    assert codes(script) == ["WF261"]


@pytest.mark.parametrize(
    "script",
    [
        "perl -ne 'a VALUE' f",
        "perl -lne 'a VALUE' f",
        "perl -0777ne 'a VALUE' f",
        "perl -de 'VALUE'",
        "ruby -ne 'VALUE'",
        "ruby -lane 'VALUE'",
        "node -pe 'VALUE'",
        "node -p VALUE",
        "node --eval VALUE",
        "node --eval=VALUE",
        "lua -e 'VALUE'",
        "lua5.4 -e 'VALUE'",
        "Rscript -e 'VALUE'",
        "php -r 'VALUE'",
        "python -c VALUE",
        "uv run python -c 'VALUE'",
        "uv run --with pandas python3 -c 'VALUE'",
        "env A=1 python -c 'VALUE'",
        "docker run img python -c 'VALUE'",
        "docker run --rm -it img python3.11 -c 'VALUE'",
        "kubectl exec pod -- perl -e 'VALUE'",
        "ssh host ls VALUE",
        "su -c 'VALUE'",
        'su postgres -c "psql VALUE"',
        "parallel 'echo VALUE' ::: a",
        "parallel ::: VALUE",
        "echo VALUE | parallel",
        "echo VALUE | at now",
        'echo "* * * * * VALUE" | crontab -',
        "cat <<E | at now\nVALUE\nE",
        "echo VALUE | tee x | sh",
        "echo VALUE | ssh host",
        "echo VALUE | ssh host 'bash -s'",
        "echo VALUE | ssh -p 22 host python3 -",
        "find . -exec sh -c 'a VALUE' \\;",
        "find . -execdir sed -n 's/VALUE/a/p' {} +",
        "find . -ok awk '{print VALUE}' {} \\;",
        "find . -exec python -c 'VALUE' {} \\;",
        "find . -exec sudo bash -c 'VALUE' \\;",
        "echo VALUE | xargs -I{} sh -c 'a {}'",
        'echo VALUE | xargs -I {} bash -c "a {}"',
        "echo VALUE | xargs sh -c",
        "cat <<E | xargs -I@ sh -c 'do @'\nVALUE\nE",
        "xargs -I{} sh -c 'a {}' <<< VALUE",
        "xargs sh -c <<E\nVALUE\nE",
        "bash < <(echo VALUE)",
        'while read -r a; do eval "$a"; done < <(echo VALUE)',
        "mapfile -t a < <(printf '%s\n' VALUE); eval \"${a[0]}\"",
        "source /dev/stdin <<< VALUE",
        "echo VALUE | . /dev/stdin",
        "make VAR=VALUE",
        "make VALUE",
        'make -j4 "DAY=VALUE" all',
        '"$SHELL" -c VALUE',
        '"${PYTHON:-python3}" -c VALUE',
        "conda run -n env python -c VALUE",
        '"$VENV/bin/python" -c VALUE',
        "$PYTHON -c 'VALUE'",
        "\"$TOOL\" -c 'VALUE'",
        "PY=python3; $PY -c 'VALUE'",
        "$(which python) -c 'VALUE'",
        'x=VALUE; eval "$x"',
        'x=VALUE; y="a $x"; bash -c "$y"',
        'export x=VALUE; sh -c "a $x"',
        "x=$(echo VALUE); eval $x",
        "read x <<< VALUE; eval $x",
        'echo VALUE | while read l; do eval "$l"; done',
        'while read l; do eval "$l"; done <<< VALUE',
        'while read l; do bash -c "$l"; done <<E\nVALUE\nE',
        "for i in VALUE; do eval $i; done",
        'a=(b VALUE); eval "${a[@]}"',
        'printf -v x %s VALUE; eval "$x"',
        'set -- VALUE; eval "$1"',
        "cat > a.sh <<E\nVALUE\nE\nbash a.sh",
        "echo VALUE > ./a.sh; . a.sh",
        "echo VALUE | tee a.py; python a.py",
        "BASH_ENV=VALUE",
        "PS4=VALUE",
        'GIT_SSH_COMMAND="ssh -i VALUE" git fetch',
        "export LD_PRELOAD=VALUE",
        "LESSOPEN=VALUE",
        "env LD_PRELOAD=VALUE ls",
        "ssh -o ProxyCommand=VALUE h",
        "ssh -oProxyCommand=VALUE h",
        "ssh -o VALUE h",
        "git -c core.sshCommand=VALUE fetch",
        "tar --to-command=VALUE -xf a",
        "tar -xf a --checkpoint-action=exec=VALUE",
        'rsync -e "ssh -i VALUE" a b',
        "git submodule foreach 'VALUE'",
        "sort --compress-program=VALUE a",
        "exec python3 -c VALUE",
        "time python -c VALUE",
        "cat <<E | sh\n$x\nE\nx=VALUE",
        'bash -c "a $x"; x=VALUE',
        'ssh host "a $x"; x=VALUE',
    ],
)
def test_no_value_is_code_for_other_programs(script: str) -> None:
    assert codes(script) == ["WF262"]


@pytest.mark.parametrize(
    "script",
    [
        "x=VALUE; echo $((x+1))",
        "x=VALUE; (( x > 1 ))",
        "x=VALUE; [[ $x -gt 1 ]]",
        'x=VALUE; [[ "${x}" -gt 1 ]]',
        "x=VALUE; echo ${a:$x}",
    ],
)
def test_no_value_is_computed_by_other_ways(script: str) -> None:
    assert codes(script) == ["WF265"]


@pytest.mark.parametrize(
    "script",
    [
        "x=VALUE; ${!x}",
    ],
)
def test_no_value_names_a_variable_by_other_ways(script: str) -> None:
    assert codes(script) == ["WF266"]


@pytest.mark.parametrize(
    "script",
    [
        "sqlite3 db \"select 'VALUE'\"",
        "psql -c \"select 'VALUE'\"",
        'psql -d a -tAc "select VALUE"',
        'mysql -u a -pb -e "VALUE"',
        'duckdb -c "VALUE"',
        'duckdb a.db "VALUE"',
        "bq query --nouse_legacy_sql 'select VALUE'",
        "psql -d x <<E\nselect 'VALUE'\nE",
        'echo "select VALUE" | sqlite3 a.db',
        "docker exec -i db psql -U a <<E\nselect VALUE\nE",
        'docker exec db psql -U a -c "select VALUE"',
        'sudo -u postgres psql -c "VALUE"',
        "jq '.a == \"VALUE\"' f",
    ],
)
def test_no_value_is_a_query(script: str) -> None:
    assert codes(script) == ["WF271"]


@pytest.mark.parametrize(
    "script",
    [
        "ssh VALUE ls",
        "ssh -p 22 VALUE",
        "scp VALUE a:b",
        "scp -P 22 a VALUE",
        "rsync -av VALUE b",
        "tar xzf a -C b VALUE",
        "tar -czf a.tgz VALUE",
        "find VALUE -name a",
        "git clone VALUE",
        "sed 's/a/b/' VALUE",
        "git clone --depth 1 VALUE d",
        "git fetch VALUE",
        "git -C d pull VALUE",
        "sort VALUE",
    ],
)
def test_no_value_is_an_option(script: str) -> None:
    assert codes(script) == ["WF272"]


@pytest.mark.parametrize(
    "script",
    [
        "PATH=VALUE:$PATH",
        "export PYTHONPATH=VALUE",
    ],
)
def test_no_value_is_a_search_path(script: str) -> None:
    assert codes(script) == ["WF273"]


@pytest.mark.parametrize(
    "script",
    [
        "perl -ne 'print' VALUE",
        "perl a.pl -e VALUE",
        "python a.py -c VALUE",
        "python -c 'import sys' -m VALUE",
        "python3 -m mod VALUE",
        "node a.js -e VALUE",
        "psql -v v=VALUE -c 'a'",
        "psql -c 'copy t from stdin' < VALUE",
        'cat <<E | psql -c "copy t from stdin"\nVALUE\nE',
        "sqlite3 \"VALUE\" 'select 1'",
        "sqlite3 -header a 'select 1'",
        "jq --arg v VALUE '.a == $v' f",
        "jq -r --arg v VALUE '.a == $v' VALUE",
        "VAR=VALUE make all",
        "make -C VALUE all",
        "ssh -- VALUE ls",
        "ssh -i VALUE host ls",
        "ssh h ls",
        "scp -i VALUE a h:VALUE",
        "scp -- VALUE b",
        "rsync -a --exclude VALUE a b",
        "tar czf VALUE b",
        "tar -czf VALUE b",
        "tar xf VALUE -C VALUE",
        "tar --exclude VALUE -cf a b",
        "git clone -b VALUE url",
        "git clone --branch VALUE url",
        "git checkout VALUE",
        "git commit -m VALUE",
        "git -C VALUE status",
        "git log --since VALUE",
        "find . -name VALUE",
        "find ./VALUE -name VALUE",
        'find "$D/VALUE" -type f',
        "find . -exec cp {} VALUE \\;",
        "find . -name VALUE -exec grep -l VALUE {} +",
        'args=(--name VALUE); tool "${args[@]}"',
        'cmd=(tool VALUE); "${cmd[@]}"',
        'cmd="tool VALUE"; $cmd',
        'x=VALUE; eval "y=${x@Q}"',
        'x=$(printf %q VALUE); ssh h "a $x"',
        "x=VALUE; eval 'a \"$x\"'",
        'x=VALUE; bash -c \'a "$1"\' _ "$x"',
        'declare -A m; x=VALUE; echo "${m[$x]}" "${m[x]}"',
        'x=VALUE; [ "$x" -gt 1 ]',
        "n=$(wc -l < VALUE); echo $((n+1))",
        "echo VALUE | tee a.log | wc",
        "echo VALUE | xargs rm",
        "xargs rm <<< VALUE",
        "bash a < <(echo VALUE)",
        "echo VALUE | xargs -I{} cp {} d",
        "echo VALUE > a.csv; python load.py a.csv",
        '"$TOOL" VALUE',
        '"$TOOL" run VALUE',
        '"$SOURCE_DIR/load.sh" VALUE',
        '"$PYTHON_TOOLS/etl.sh" VALUE',
        '"${WATCH_DIR}/scan" VALUE',
        '"$TRAP_TOOL" VALUE',
        '"$PSQL_HOME/bin/pg_restore" -c VALUE',
        "conda install -y python -c VALUE",
        "apt-get install -y bash -c VALUE",
        "brew install node -e VALUE",
        "kubectl patch node -p VALUE x",
        "$PYTHON a.py VALUE",
        '"${PYTHON:-python3}" -m mod VALUE',
        "uv run python a.py VALUE",
        "uv run --with VALUE python a.py",
        "docker run --rm img python a.py VALUE",
        "docker run -v VALUE:/x img ls VALUE",
        "docker exec VALUE ls",
        "env A=VALUE ls",
        "env A=VALUE python a.py",
        "sed -n 1p ./VALUE",
        "sed 's/a/b/' -- VALUE",
        "cat VALUE | sed 's/a/b/' | psql -c 'copy t from stdin'",
        'IFS=VALUE read -r a b <<< "$l"',
        "aws s3 cp VALUE s3://b/VALUE",
        "curl -s VALUE -o VALUE",
        "grep -c VALUE f",
        "printf '%s\\\n' VALUE | sort | uniq",
        'ls | while read f; do mv "$f" VALUE; done',
        "crontab -l | grep VALUE",
        "mysql -uVALUE -h VALUE -e 'select 1'",
        "bq query 'select @d' --parameter=d::VALUE",
        'duckdb VALUE "select 1"',
        "gzip VALUE",
        "sort -o VALUE a",
        "sort -t VALUE a",
        "zip -r a.zip d",
        "echo VALUE | mail -s VALUE a@b",
        "parallel echo ::: VALUE",
        "sudo systemctl restart VALUE",
        "pip install VALUE",
    ],
)
def test_plain_arguments(script: str) -> None:
    assert codes(script) == []


# what is bound to a form holds nothing that a program takes for code or an option


@pytest.mark.parametrize("value", ["${{ params.n }}", "${{ params.one }}"])
@pytest.mark.parametrize(
    "script",
    [
        "make D=VALUE",
        "psql -c 'select VALUE'",
        "ssh VALUE",
        "PATH=VALUE",
        "PS4=VALUE",
        "x=VALUE; echo $((x + 1))",
    ],
)
def test_bound_values(script: str, value: str) -> None:
    assert rewrite(script.replace("VALUE", value))[1] == []


def told(script: str) -> str:
    """Message, help and note of the only thing that is said."""
    text = script.replace("VALUE", VALUE)
    diagnostics = Diagnostics()
    scalar = scalar_of(text)
    parsed = parse_text(scalar, diagnostics, env=False)
    rewrite_shell(scalar, parsed, diagnostics, type_of=lambda hole: STR)
    (only,) = diagnostics
    notes = "".join(f"; {note.message}" for note in only.notes)
    return f"{only.severity}: {only.message}; {only.help}{notes}"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "x=VALUE; eval $x",
            'error: template stands in text that "eval" runs as code; '
            'put it into a variable, value=${{ x }}, and write "$value" between single quotes; '
            'it gets there through the variable "x"',
        ),
        (
            "echo VALUE > a.sh; sh a.sh",
            'error: template stands in text that "sh" runs as code; '
            "pass it as an argument, sh -c '...' sh ${{ x }}, and use \"$1\"; "
            'it gets there through the file "a.sh"',
        ),
        (
            "while read l; do eval $l; done <<< VALUE",
            'error: template stands in text that "eval" runs as code; '
            'put it into a variable, value=${{ x }}, and write "$value" between single quotes; '
            "it gets there through the input of the loop",
        ),
        (
            "set VALUE; eval $1",
            'error: template stands in text that "eval" runs as code; '
            'put it into a variable, value=${{ x }}, and write "$value" between single quotes; '
            "it gets there through the arguments of the script",
        ),
        (
            "make a=VALUE",
            'error: template stands in text that "make" runs as code; '
            'write value=${{ x }} in front of make, and "$$value" in the recipe',
        ),
        (
            "jq VALUE",
            'warning: template stands in a query of "jq", where quotes do not hold it; '
            "pass it as --arg value ${{ x }}, and write $value",
        ),
        (
            "mysql -e VALUE",
            'warning: template stands in a query of "mysql", where quotes do not hold it; '
            "make the param a number, a date or a choice, or check the value before",
        ),
        (
            "ssh VALUE",
            'warning: template begins an argument of "ssh", which may take it for an option; '
            "write -- in front of it",
        ),
        (
            "find VALUE",
            'warning: template begins an argument of "find", which may take it for an option; '
            "go there with cd -- ${{ x }} and search in . from there",
        ),
        (
            "PATH=VALUE",
            'warning: template stands in "PATH", in whose folders programs look for code; '
            "write the value here, or make the param a choice",
        ),
        (
            "PS4=VALUE",
            'error: template stands in "PS4", whose value "bash" runs as code; '
            "write the value here, or make the param a choice",
        ),
    ],
)
def test_messages(script: str, message: str) -> None:
    assert told(script) == message


def test_an_error_is_told_before_a_warning() -> None:
    assert codes("x=VALUE; psql -c $x; eval $x") == ["WF262"]
    assert codes("x=VALUE; eval $x; psql -c $x") == ["WF262"]


def test_a_quoted_heredoc_for_a_database_takes_no_values_either() -> None:
    assert codes("psql <<'E'\nVALUE\nE") == ["WF263"]
