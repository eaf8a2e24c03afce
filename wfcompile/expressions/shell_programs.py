"""The programs that run an argument, or read one as code: a table of facts.

Programs that take their arguments for plain text do not stand here. Options are listed as far as
they take a value, so that the words behind them are told from operands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wfcompile.expressions.shell_tree import Word
from wfcompile.expressions.shell_usage import Role, Usage

SHELLS = frozenset(("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "fish"))
PRINTING = frozenset(("echo", "printf", "cat"))
DECLARING = frozenset(("declare", "typeset", "local", "export", "readonly"))
SOURCING = frozenset((".", "source"))
TAKING_ARGUMENTS = frozenset(("shift", "getopts"))
"""They work on the positional parameters without naming them."""
FILLING = frozenset(("read", "mapfile", "readarray"))
"""Put what they read into variables."""
REMOTE = frozenset(("ssh", "docker", "podman", "nerdctl", "kubectl", "oc", "lxc"))
"""Programs that run a command elsewhere, with their own input."""
RUNNING_NOTHING = frozenset(
    (
        *("apt", "apt-get", "apk", "yum", "dnf", "brew", "pip", "pip3"),
        *("ls", "cp", "mv", "ln", "rm", "rmdir", "mkdir", "touch", "stat"),
        *("chmod", "chown", "install"),
    )
)
"""Programs whose words may be names of programs, which they do not run."""
RUNNING_BY = {
    **dict.fromkeys(("kubectl", "oc"), frozenset(("exec", "run", "debug", "--"))),
    **dict.fromkeys(("conda", "mamba", "micromamba"), frozenset(("run",))),
}
"""Programs that run one only behind these words."""
SEARCHING = frozenset(("grep", "egrep", "fgrep", "rg", "ag"))
FILTERS = SEARCHING.union(
    *(
        (
            "cat",
            "tee",
            "sort",
            "uniq",
            "head",
            "tail",
            "sed",
            "awk",
            "tr",
            "cut",
            "rev",
        ),
    ),
    *(("tac", "nl", "fold", "fmt", "column", "base64", "base32", "xxd", "jq", "yq"),),
    *(("envsubst", "iconv", "gzip", "gunzip", "zcat", "pv", "sponge", "dos2unix"),),
)
"""Programs that print what they read, or a part of it."""
COMPUTED = frozenset(("RANDOM", "SRANDOM", "OPTIND", "HISTCMD"))
"""Variables of bash that compute what is assigned to them."""

_VERSION = re.compile(r"(?<=[a-z])[0-9.]+$")


def _options(plain: str = "", **roles: str) -> Mapping[str, Role]:
    """`plain` and each of `roles` are options with a blank between them."""
    options: dict[str, Role] = dict.fromkeys(plain.split(), "plain")
    for role in ("name", "code", "query", "file", "command", "setting"):
        options |= dict.fromkeys(roles.get(role, "").split(), role)
    return options


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_RUNS: tuple[Role, ...] = ("command",)

# --- the shell's own ---

BUILTINS: Mapping[str, Usage] = {
    "eval": Usage(("code",)),
    "trap": Usage(("code", "plain"), quiet=_set("-l -p")),
    "alias": Usage(("code",)),
    "source": Usage(("file", "plain")),
    ".": Usage(("file", "plain")),
    "let": Usage(("number",)),
    "unset": Usage(("name",)),
    "getopts": Usage(("plain", "name", "plain")),
    "read": Usage(("name",), _options("-d -i -n -N -p -t -u", name="-a")),
    "mapfile": Usage(("name",), _options("-d -n -O -s -u -c", code="-C")),
    "readarray": Usage(("name",), _options("-d -n -O -s -u -c", code="-C")),
    "printf": Usage(("format", "plain"), _options(name="-v")),
    "wait": Usage(options=_options(name="-p")),
    "compgen": Usage(options=_options("-A -F -G -P -S -X -V", code="-C -W")),
    "complete": Usage(options=_options("-A -F -G -P -S -X -o", code="-C -W")),
    "enable": Usage(options=_options(file="-f")),
    "exec": Usage(_RUNS, _options("-a")),
    "command": Usage(_RUNS, quiet=_set("-v -V")),
    "builtin": Usage(_RUNS),
    "coproc": Usage(_RUNS),
}

# --- programs that run the command in their words ---

_UV_OPTIONS = (
    "-p --python -m --module --with --with-editable --with-requirements --project -P -C -f -i"
    " --directory --env-file --extra --no-extra --group --no-group --only-group --package"
    " --index --default-index --index-url --extra-index-url --find-links --config-file --color"
    " --cache-dir --index-strategy --keyring-provider --resolution --prerelease --link-mode"
    " --exclude-newer --refresh-package --upgrade-package --config-setting --python-preference"
)
_RUNNERS: Mapping[str, Usage] = {
    "env": Usage(
        _RUNS,
        _options("-u --unset -C --chdir", code="-S --split-string"),
        assigns=True,
    ),
    "sudo": Usage(
        _RUNS,
        _options("-C -D -g -h -p -R -r -T -t -U -u --user --group --host --prompt"),
        assigns=True,
    ),
    "doas": Usage(_RUNS, _options("-C -u")),
    **dict.fromkeys(
        ("nohup", "setsid", "busybox", "fakeroot", "unbuffer"), Usage(_RUNS)
    ),
    "time": Usage(_RUNS, _options("-f -o --format --output")),
    "nice": Usage(_RUNS, _options("-n --adjustment")),
    "ionice": Usage(_RUNS, _options("-c -n -p -P -u --class --classdata")),
    "stdbuf": Usage(_RUNS, _options("-i -o -e --input --output --error")),
    "strace": Usage(_RUNS, _options("-a -b -e -E -I -o -O -p -P -s -S -u -U -X")),
    "timeout": Usage(("plain", "command"), _options("-k -s --kill-after --signal")),
    "chroot": Usage(("plain", "command")),
    "gosu": Usage(("plain", "command")),
    "su-exec": Usage(("plain", "command")),
    "flock": Usage(
        ("plain", "command"), _options("-w -E --timeout", code="-c --command")
    ),
    "xargs": Usage(
        _RUNS,
        _options("-a -d -E -I -L -n -P -s --max-args --max-procs --delimiter"),
        attached="eil",
    ),
    "uv run": Usage(_RUNS, _options(_UV_OPTIONS)),
    "poetry run": Usage(_RUNS, _options("-C --directory -P --project")),
    "pipenv run": Usage(_RUNS),
    "bundle exec": Usage(_RUNS),
    "git bisect run": Usage(_RUNS),
    "docker exec": Usage(
        ("plain", "command"),
        _options("-e --env --env-file -u --user -w --workdir --detach-keys"),
    ),
}

# --- programs that give text to a shell ---

_SSH_SETTINGS = _set(
    "proxycommand localcommand knownhostscommand include pkcs11provider"
)
_GIT_SETTINGS = _set(
    "core.sshcommand core.pager core.editor core.hookspath core.fsmonitor core.askpass"
    " core.gitproxy credential.helper diff.external sequence.editor gpg.program"
    " include.path protocol.ext.allow uploadpack.packobjectshook"
)
_TAR = _options(
    "-f -b -C -T -X -g -K -N -V -L -H --file --directory --files-from --exclude-from --format"
    " --exclude --owner --group --mode --mtime --transform --strip-components --checkpoint",
    code="-I -F --use-compress-program --to-command --info-script --new-volume-script"
    " --rsh-command --rmt-command",
    setting="--checkpoint-action",
)
_RSYNC = _options(
    "-f -B -T -M --exclude --include --filter --files-from --exclude-from --include-from"
    " --bwlimit --log-file --password-file --port --timeout --chmod --max-size --min-size"
    " --temp-dir --partial-dir --backup-dir --suffix --compare-dest --link-dest --copy-dest"
    " --out-format --usermap --groupmap --chown --info --debug --address --modify-window",
    code="-e --rsh --rsync-path",
)
_COPYING = _options("-c -D -F -i -J -l -P -X -b -B -R -s", code="-S", setting="-o")
_PACKS = "--upload-pack --receive-pack --exec"

_SHELL_TEXTS: Mapping[str, Usage] = {
    "ssh": Usage(
        ("plain", "code"),
        _options(
            "-B -b -c -D -E -e -i -J -L -l -m -O -p -Q -R -S -W -w",
            file="-F -I",
            setting="-o",
        ),
        settings=_SSH_SETTINGS,
        reads="code",
        guard="--",
    ),
    "scp": Usage(options=_COPYING, settings=_SSH_SETTINGS, guard="--"),
    "sftp": Usage(options=_COPYING, settings=_SSH_SETTINGS, guard="--"),
    "rsync": Usage(options=_RSYNC, guard="--"),
    "su": Usage(options=_options("-g -G -s --shell", code="-c --command"), guard="--"),
    "runuser": Usage(options=_options("-g -G -s -u", code="-c --command"), guard="--"),
    "script": Usage(options=_options("-I -O -B -T -E -o", code="-c --command")),
    "watch": Usage(("code",), _options("-n -q --interval")),
    "parallel": Usage(
        ("code",),
        _options(
            "-j --jobs -a --arg-file --delay --retries --timeout -C --colsep -d -I -N -n -S"
            " --joblog --results --tagstring --workdir --tmpdir --load --memfree",
        ),
        closers=_set("::: :::+ :::: ::::+"),
        reads="code",
    ),
    **dict.fromkeys(
        ("at", "batch"), Usage(options=_options("-q -t", file="-f"), reads="code")
    ),
    "crontab": Usage(
        ("file",), _options("-u"), quiet=_set("-l -r -e"), reads="code"
    ),
    "gcloud compute ssh": Usage(options=_options("--zone --project", code="--command")),
    "npx": Usage(_RUNS, _options("-p --package", code="-c --call")),
    "npm exec": Usage(_RUNS, _options("-p --package", code="-c --call")),
    "nix-shell": Usage(options=_options("-p -I -A", code="--run --command")),
    "split": Usage(
        options=_options("-a -b -C -l -n -t", code="--filter"), guard="--"
    ),
    "sort": Usage(
        options=_options("-k -o -S -t -T", code="--compress-program"), guard="--"
    ),
    "tar": Usage(
        options=_TAR,
        bundled="fbCTXgKNVLHIF",
        settings=_set("exec"),
        guard="--",
    ),
    "zip": Usage(
        options=_options("-b -i -n -t -tt -x -P", code="-TT --unzip-command"), guard="--"
    ),
    "make": Usage(
        ("code",),
        _options("-C -I -j -l -o -W --directory --jobs", file="-f --file", code="--eval"),
    ),
    "git": Usage(options=_options("-C --git-dir --work-tree", setting="-c"),
        settings=_GIT_SETTINGS),
    "git clone": Usage(
        options=_options(
            "-b --branch -o --origin --depth --reference -j --jobs --filter",
            code="-u --upload-pack",
            setting="-c --config",
        ),
        settings=_GIT_SETTINGS,
        guard="--",
    ),
    **dict.fromkeys(
        ("git fetch", "git pull", "git push", "git ls-remote", "git archive"),
        Usage(
            options=_options("-j -o -s -X --depth --format --prefix", code=_PACKS),
            guard="--",
        ),
    ),
    "git rebase": Usage(options=_options("-s -X -C --onto", code="-x --exec")),
    "git grep": Usage(
        options=_options("-e -f -A -B -C -m"), attached="O", guard="--"
    ),
    "git submodule foreach": Usage(("code",)),
    "git filter-branch": Usage(
        options=_options(
            code="--env-filter --tree-filter --index-filter --parent-filter --msg-filter"
            " --commit-filter --tag-name-filter"
        )
    ),
}  # fmt: skip

# --- interpreters ---

_SCRIPT: tuple[Role, ...] = ("file", "plain")


def _interpreter(
    code: str, plain: str = "", *, file: str = "", attached: str = "", last: str = ""
) -> Usage:
    return Usage(
        _SCRIPT,
        _options(plain, code=code, file=file),
        attached=attached,
        programs=_set(f"{code} {last}"),
        last=_set(last),
        reads="code",
    )


_AWK_FILES = "-f -i --file --include"
_AWK = Usage(
    ("code", "plain"),
    _options("-F -v --assign --field-separator", code="-e --source", file=_AWK_FILES),
    programs=_set("-e -f --source --file"),
)
_SED = Usage(
    ("code", "plain"),
    _options("-l --line-length", code="-e --expression", file="-f --file"),
    attached="i",
    programs=_set("-e -f --expression --file"),
    permutes=True,
    guard="--",
)
INTERPRETERS: Mapping[str, Usage] = {
    "python": _interpreter("-c", "-W -X", file="-m", last="-c -m"),
    "pypy": _interpreter("-c", "-W -X", file="-m", last="-c -m"),
    "perl": _interpreter("-e -E", file="-I", attached="CDFimMx"),
    "ruby": _interpreter("-e", "-C", file="-I -r", attached="EFiKx"),
    "node": _interpreter(
        "-e -p -pe --eval --print", file="-r --require --import --loader"
    ),
    "deno eval": Usage(("code", "plain")),
    "bun": _interpreter("-e --eval -p --print"),
    "php": _interpreter("-r -B -R -E", "-c -d -z", file="-f -F"),
    "lua": _interpreter("-e", file="-l"),
    "luajit": _interpreter("-e", file="-l"),
    "Rscript": _interpreter("-e"),
    "R": Usage(options=_options(code="-e", file="-f"), reads="code"),
    "julia": _interpreter("-e -E --eval --print", "-p -t -J --project", file="-L"),
    "pwsh": _interpreter("-c -Command -command", file="-f -File"),
    "groovy": _interpreter("-e"),
    "elixir": _interpreter("-e --eval", file="-r"),
    "osascript": _interpreter("-e", "-l"),
    "expect": _interpreter("-c", file="-f"),
    "octave": _interpreter("--eval"),
    "gnuplot": _interpreter("-e"),
    "dc": _interpreter("-e --expression", file="-f"),
    "mongosh": Usage(options=_options("--host --port", code="--eval", file="-f"),
        reads="code"),
    "mongo": Usage(options=_options("--host --port", code="--eval"), reads="code"),
    # their own language can run commands
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _AWK),
    **dict.fromkeys(("sed", "gsed"), _SED),
}  # fmt: skip

# --- programs that send text to a database, or query a file ---

_MYSQL = Usage(
    options=_options(
        "-u -h -P -D -S --user --host --port --database --socket",
        query="-e --execute --init-command",
    ),
    attached="p",
    programs=_set("-e --execute"),
    reads="query",
    guard="--",
)
_EXECUTES = Usage(
    options=_options("--server --catalog --schema --user", query="-e --execute"),
    programs=_set("-e --execute"),
    reads="query",
)
_CLICKHOUSE = Usage(
    options=_options(
        "-h --host --port -u --user --password -d --database --format",
        query="-q --query",
    ),
    programs=_set("-q --query"),
    reads="query",
)
_JQ = Usage(
    ("query", "plain"),
    _options("--indent -L", file="-f --from-file"),
    pairs=_set("--arg --argjson --slurpfile --rawfile"),
    programs=_set("-f --from-file"),
)
QUERYING: Mapping[str, Usage] = {
    "psql": Usage(
        options=_options(
            "-d -h -p -U -v -o -L -F -R -T -P -f --dbname --host --port --username --file"
            " --variable --set --output --log-file --field-separator --pset",
            query="-c --command",
        ),
        programs=_set("-c --command -f --file"),
        reads="query",
        guard="--",
    ),
    "sqlite3": Usage(
        ("plain", "query"),
        _options("-separator -newline -nullvalue -vfs", query="-cmd", file="-init"),
        reads="query",
    ),
    "duckdb": Usage(
        ("plain", "query"),
        _options("-separator -newline -nullvalue", query="-c -s -cmd", file="-f -init"),
        programs=_set("-c -s -f"),
        reads="query",
    ),
    **dict.fromkeys(("mysql", "mariadb"), _MYSQL),
    **dict.fromkeys(("trino", "presto", "beeline", "hive", "cqlsh", "usql"), _EXECUTES),
    **dict.fromkeys(
        ("clickhouse-client", "clickhouse-local", "clickhouse client"), _CLICKHOUSE
    ),
    "spark-sql": _EXECUTES,
    "cockroach sql": _EXECUTES,
    "impala-shell": Usage(options=_options("-i -d", query="-q --query"), reads="query"),
    "snowsql": Usage(
        options=_options("-a -c -d -s -u -w -r -D", query="-q --query"),
        programs=_set("-q --query -f"),
        reads="query",
    ),
    "sqlcmd": Usage(
        options=_options("-S -U -P -d -i -o -s -v -W", query="-Q -q"),
        programs=_set("-Q -q -i"),
        reads="query",
    ),
    "bq query": Usage(
        ("query",),
        _options("-n --destination_table --parameter --max_rows --format --label"),
        reads="query",
    ),
    "aws athena": Usage(options=_options(query="--query-string")),
    "jq": _JQ,
    "yq": _JQ,
}

USAGES: Mapping[str, Usage] = {
    **BUILTINS,
    **_RUNNERS,
    **_SHELL_TEXTS,
    **INTERPRETERS,
    **QUERYING,
}
_PREFIXES = frozenset(
    " ".join(name.split()[:count])
    for name in USAGES
    for count in range(2, 1 + name.count(" "))
) | frozenset(name for name in USAGES if " " in name)


def usage_of(name: str) -> Usage | None:
    return USAGES.get(name) or USAGES.get(stem(name))


def stem(name: str) -> str:
    """Without the version.

    >>> stem("python3.11"), stem("sh")
    ('python', 'sh')
    """
    return _VERSION.sub("", name)


def subcommand(name: str, words: Sequence[Word]) -> tuple[str, int]:
    """The longest name of the table that the words begin with, and how many words are its."""
    found, count, key = name, 0, name
    general = USAGES.get(name, Usage())
    index = 0
    while index < len(words):
        text = words[index].text
        if text[:1] == "-":
            index += 1 + (text in general.options)
            continue
        key = f"{key} {text}"
        index += 1
        if key not in _PREFIXES:
            break
        if key in USAGES:
            found, count = key, index
    return found, count
