"""The programs that run an argument, or read one as code: a table of facts.

Programs that take their arguments for plain text do not stand here. Options are listed as far as
they take a value, so that the words behind them are told from operands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from wfcompile.expressions.shell_runners import RUNNERS, RUNS
from wfcompile.expressions.shell_tree import Word
from wfcompile.expressions.shell_usage import Role, Usage, options, split

SHELLS = frozenset(("sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "fish"))
PRINTING = frozenset(("echo", "printf", "cat"))
DECLARING = frozenset(("declare", "typeset", "local", "export", "readonly"))
LOCAL = frozenset(("local", "declare", "typeset"))
"""Their variables belong to the function in which they stand."""
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
WRITING = frozenset(("tee", "sponge"))
"""Write what they read to the files in their words."""
COPYING = {
    "cp": "-S -t",
    "mv": "-S -t",
    "ln": "-S -t",
    "install": "-m -o -g -S -t",
}
"""Programs whose last operand becomes what the others are; with their options that take a value."""
COMPUTED = frozenset(("RANDOM", "SRANDOM", "OPTIND", "HISTCMD"))
"""Variables of bash that compute what is assigned to them."""

_VERSION = re.compile(r"(?<=[a-z])[0-9.]+$")


# --- the shell's own ---

BUILTINS: Mapping[str, Usage] = {
    "eval": Usage(("code",)),
    "trap": Usage(("code", "plain"), quiet=split("-l -p")),
    "alias": Usage(("code",)),
    "source": Usage(("file", "plain")),
    ".": Usage(("file", "plain")),
    "let": Usage(("number",)),
    "unset": Usage(("name",)),
    "getopts": Usage(("plain", "name", "plain")),
    "read": Usage(("name",), options("-d -i -n -N -p -t -u", name="-a")),
    "mapfile": Usage(("name",), options("-d -n -O -s -u -c", code="-C")),
    "readarray": Usage(("name",), options("-d -n -O -s -u -c", code="-C")),
    "printf": Usage(("format", "plain"), options(name="-v")),
    "wait": Usage(options=options(name="-p")),
    "compgen": Usage(options=options("-A -F -G -P -S -X -V", code="-C -W")),
    "complete": Usage(options=options("-A -F -G -P -S -X -o", code="-C -W")),
    "hash": Usage(options=options(file="-p")),
    "bind": Usage(options=options("-m -q -u -r", code="-x", file="-f")),
    "fc": Usage(options=options(code="-e")),
    "enable": Usage(options=options(file="-f")),
    "exec": Usage(RUNS, options("-a")),
    "command": Usage(RUNS, quiet=split("-v -V")),
    "builtin": Usage(RUNS),
    "coproc": Usage(RUNS),
}

# --- programs that give text to a shell ---

_SSH_SETTINGS = split(
    "proxycommand localcommand knownhostscommand include pkcs11provider"
)
_GIT_SETTINGS = split(
    "alias.* pager.* filter.* credential.* diff.*.command diff.*.textconv merge.*.driver"
    " difftool.*.cmd mergetool.*.cmd remote.*.uploadpack remote.*.receivepack gpg.*.program"
    " submodule.*.update trailer.*.command trailer.*.cmd core.alternaterefscommand"
    " core.sshcommand core.pager core.editor core.hookspath core.fsmonitor core.askpass"
    " core.gitproxy credential.helper diff.external sequence.editor gpg.program"
    " include.path protocol.ext.allow uploadpack.packobjectshook"
)
_TAR = options(
    "-f -b -C -T -X -g -K -N -V -L -H --file --directory --files-from --exclude-from --format"
    " --exclude --owner --group --mode --mtime --transform --strip-components --checkpoint",
    code="-I -F --use-compress-program --to-command --info-script --new-volume-script"
    " --rsh-command --rmt-command",
    setting="--checkpoint-action",
)
_RSYNC = options(
    "-f -B -T -M --exclude --include --filter --files-from --exclude-from --include-from"
    " --bwlimit --log-file --password-file --port --timeout --chmod --max-size --min-size"
    " --temp-dir --partial-dir --backup-dir --suffix --compare-dest --link-dest --copy-dest"
    " --out-format --usermap --groupmap --chown --info --debug --address --modify-window",
    code="-e --rsh --rsync-path",
)
_COPYING = options("-c -D -F -i -J -l -P -X -b -B -R -s", code="-S", setting="-o")
_PACKS = "--upload-pack --receive-pack --exec"

_SHELL_TEXTS: Mapping[str, Usage] = {
    "ssh": Usage(
        ("plain", "code"),
        options(
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
    "su": Usage(options=options("-g -G -s --shell", code="-c --command"), guard="--"),
    "runuser": Usage(options=options("-g -G -s -u", code="-c --command"), guard="--"),
    "script": Usage(options=options("-I -O -B -T -E -o", code="-c --command")),
    "watch": Usage(("code",), options("-n -q --interval")),
    "parallel": Usage(
        ("code",),
        options(
            "-j --jobs -a --arg-file --delay --retries --timeout -C --colsep -d -I -N -n -S"
            " --joblog --results --tagstring --workdir --tmpdir --load --memfree",
        ),
        closers=split("::: :::+ :::: ::::+"),
        reads="code",
    ),
    **dict.fromkeys(
        ("at", "batch"), Usage(options=options("-q -t", file="-f"), reads="code")
    ),
    "crontab": Usage(
        ("file",), options("-u"), quiet=split("-l -r -e"), reads="code"
    ),
    "sg": Usage(("plain", "code"), options(code="-c"), guard="--"),
    "socat": Usage(("setting",), options("-L -lf -b -t -T"),
        settings=split("exec system shell")),
    **dict.fromkeys(("nc", "ncat", "netcat"), Usage(options=options(
        "-g -i -p -q -s -w", code="-c --sh-exec --lua-exec", file="-e --exec"))),
    **dict.fromkeys(("tmux new-session", "tmux new", "tmux new-window", "tmux split-window"),
        Usage(("code",), options("-c -e -F -f -n -s -t -x -y -l -p"))),
    **dict.fromkeys(("tmux send-keys", "tmux run-shell", "tmux respawn-pane"),
        Usage(("code",), options("-N -t -d"))),
    "hyperfine": Usage(("code",), options("-w -m -M -r -L -n -u", code="-p -s -c -S")),
    "tcpdump": Usage(options=options("-i -w -r -c -C -G -W -s", file="-z")),
    "man": Usage(options=options("-L -M -S -s", code="-P --pager -H")),
    "vagrant ssh": Usage(options=options(code="-c --command")),
    "heroku run": Usage(("code",), options("-a --app -r --remote -s --size")),
    "az vm run-command invoke": Usage(options=options("-g -n", code="--scripts")),
    "aws ssm send-command": Usage(options=options(code="--parameters")),
    **dict.fromkeys(("ansible", "ansible-console"),
        Usage(options=options("-i -m -u -l -f -e -b", code="-a --args"))),
    "openssl": Usage(options=options(file="-config -engine -provider -provider-path")),
    "wget": Usage(options=options("-O -o -P -U -T -t", file="--use-askpass")),
    "gcloud compute ssh": Usage(options=options("--zone --project", code="--command")),
    "npx": Usage(RUNS, options("-p --package", code="-c --call")),
    "npm exec": Usage(RUNS, options("-p --package", code="-c --call")),
    "nix-shell": Usage(options=options("-p -I -A", code="--run --command")),
    "split": Usage(
        options=options("-a -b -C -l -n -t", code="--filter"), guard="--"
    ),
    "sort": Usage(
        options=options("-k -o -S -t -T", code="--compress-program"), guard="--"
    ),
    "tar": Usage(
        options=_TAR,
        bundled="fbCTXgKNVLHIF",
        settings=split("exec"),
        guard="--",
    ),
    "zip": Usage(
        options=options("-b -i -n -t -tt -x -P", code="-TT --unzip-command"), guard="--"
    ),
    "make": Usage(
        ("code",),
        options("-C -I -j -l -o -W --directory --jobs", file="-f --file", code="--eval"),
    ),
    "git": Usage(options=options("-C --git-dir --work-tree", setting="-c"),
        settings=_GIT_SETTINGS),
    "git clone": Usage(
        options=options(
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
            options=options("-j -o -s -X --depth --format --prefix", code=_PACKS),
            guard="--",
        ),
    ),
    "git config": Usage(),
    "git difftool": Usage(options=options("-t --tool", code="-x --extcmd")),
    "git rebase": Usage(options=options("-s -X -C --onto", code="-x --exec")),
    "git grep": Usage(
        options=options("-e -f -A -B -C -m"), attached="O", guard="--"
    ),
    "git submodule foreach": Usage(("code",)),
    "git filter-branch": Usage(
        options=options(
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
        options(plain, code=code, file=file),
        attached=attached,
        programs=split(f"{code} {last}"),
        last=split(last),
        reads="code",
    )


_EDITOR = Usage(options=options("-s -w", code="-c --cmd", file="-S -u -U"), guard="--")
_AWK_FILES = "-f -i --file --include"
_AWK = Usage(
    ("code", "plain"),
    options(
        "-F --field-separator",
        code="-e --source",
        file=_AWK_FILES,
        escaped="-v --assign",
    ),
    programs=split("-e -f --source --file"),
)
_SED = Usage(
    ("code", "plain"),
    options("-l --line-length", code="-e --expression", file="-f --file"),
    attached="i",
    programs=split("-e -f --expression --file"),
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
    "R": Usage(options=options(code="-e", file="-f"), reads="code"),
    "julia": _interpreter("-e -E --eval --print", "-p -t -J --project", file="-L"),
    "pwsh": _interpreter("-c -Command -command", file="-f -File"),
    "groovy": _interpreter("-e"),
    "elixir": _interpreter("-e --eval", file="-r"),
    "osascript": _interpreter("-e", "-l"),
    "expect": _interpreter("-c", file="-f"),
    "octave": _interpreter("--eval"),
    "gnuplot": _interpreter("-e"),
    "dc": _interpreter("-e --expression", file="-f"),
    "mongosh": Usage(options=options("--host --port", code="--eval", file="-f"),
        reads="code"),
    "mongo": Usage(options=options("--host --port", code="--eval"), reads="code"),
    "tclsh": Usage(_SCRIPT, reads="code"),
    "ghc": _interpreter("-e"),
    "ocaml": _interpreter("-e", "-I"),
    "erl": Usage(options=options(code="-eval")),
    "swipl": Usage(_SCRIPT, options(code="-g -t", file="-s -f")),
    "scala": _interpreter("-e"),
    "clojure": _interpreter("-e --eval", file="-i --init"),
    "clj": _interpreter("-e --eval", file="-i --init"),
    "gdb": Usage(options=options("-p -d", code="-ex -iex --eval-command", file="-x -ix")),
    "java": _interpreter("", "-cp -classpath --class-path -p --module-path", last="-jar",
        file="-jar"),
    "cmake": Usage(options=options("-S -B -G -D -T -A", file="-P -C")),
    "go run": Usage(_SCRIPT),
    **dict.fromkeys(("vim", "vi", "nvim", "ex", "view"), _EDITOR),
    "emacs": Usage(options=options(code="--eval --execute -f", file="-l --load --script")),
    # their own language can run commands
    "m4": Usage(options=options("-I -s", code="-D --define"), reads="code"),
    **dict.fromkeys(("ed", "red"), Usage(reads="code")),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _AWK),
    **dict.fromkeys(("sed", "gsed"), _SED),
}  # fmt: skip

# --- programs that send text to a database, or query a file ---

_MYSQL = Usage(
    options=options(
        "-u -h -P -D -S --user --host --port --database --socket",
        query="-e --execute --init-command",
    ),
    attached="p",
    programs=split("-e --execute"),
    reads="query",
    guard="--",
)
_EXECUTES = Usage(
    options=options(
        "--server --catalog --schema --user", query="-e --execute", input="-f --file"
    ),
    programs=split("-e --execute -f --file"),
    reads="query",
)
_CLICKHOUSE = Usage(
    options=options(
        "-h --host --port -u --user --password -d --database --format",
        query="-q --query",
        input="--queries-file",
    ),
    programs=split("-q --query --queries-file"),
    reads="query",
)
_JQ = Usage(
    ("query", "plain"),
    options("--indent -L", file="-f --from-file"),
    pairs=split("--arg --argjson --slurpfile --rawfile"),
    programs=split("-f --from-file"),
)
QUERYING: Mapping[str, Usage] = {
    "psql": Usage(
        options=options(
            "-d -h -p -U -v -o -L -F -R -T -P --dbname --host --port --username"
            " --variable --set --output --log-file --field-separator --pset",
            query="-c --command",
            input="-f --file",
        ),
        programs=split("-c --command -f --file"),
        reads="query",
        guard="--",
    ),
    "sqlite3": Usage(
        ("plain", "query"),
        options("-separator -newline -nullvalue -vfs", query="-cmd", file="-init"),
        reads="query",
    ),
    "duckdb": Usage(
        ("plain", "query"),
        options("-separator -newline -nullvalue", query="-c -s -cmd", file="-f -init"),
        programs=split("-c -s -f"),
        reads="query",
    ),
    **dict.fromkeys(("mysql", "mariadb"), _MYSQL),
    **dict.fromkeys(("trino", "presto", "beeline", "hive", "cqlsh", "usql"), _EXECUTES),
    **dict.fromkeys(
        ("clickhouse-client", "clickhouse-local", "clickhouse client"), _CLICKHOUSE
    ),
    "spark-sql": _EXECUTES,
    "cockroach sql": _EXECUTES,
    "impala-shell": Usage(options=options("-i -d", query="-q --query"), reads="query"),
    "snowsql": Usage(
        options=options("-a -c -d -s -u -w -r -D", query="-q --query", input="-f"),
        programs=split("-q --query -f"),
        reads="query",
    ),
    "sqlcmd": Usage(
        options=options("-S -U -P -d -o -s -v -W", query="-Q -q", input="-i"),
        programs=split("-Q -q -i"),
        reads="query",
    ),
    "bq query": Usage(
        ("query",),
        options("-n --destination_table --parameter --max_rows --format --label"),
        reads="query",
    ),
    "redis-cli": Usage(options=options("-h -p -a -n -u --user --pass"), reads="query"),
    "aws athena": Usage(options=options(query="--query-string")),
    "jq": _JQ,
    "yq": _JQ,
}

USAGES: Mapping[str, Usage] = {
    **BUILTINS,
    **RUNNERS,
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
