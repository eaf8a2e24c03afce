"""The ways of a value to code: through functions, files, inputs and texts that are run.

In each script VALUE stands for a template whose value may be any text.
"""

from __future__ import annotations

import pytest
from shell_codes import codes

FUNCTIONS = r"""
f() { eval "$1"; }; f VALUE
f() { sh -c "$1"; }; f VALUE
f() { eval "$@"; }; f a VALUE
f() { eval "$*"; }; f a VALUE
f() { eval "${1:-ls}"; }; f VALUE
f() { eval "${@:2}"; }; f a VALUE
f() { shift; eval "$1"; }; f a VALUE
f() { shift 2; eval "$1"; }; f a b VALUE
f() { local x=$1; eval "$x"; }; f VALUE
f() { local x; x="$1"; eval "$x"; }; f VALUE
f() { g "$1"; }; g() { eval "$1"; }; f VALUE
f() { g a "$@"; }; g() { eval "$3"; }; f b VALUE
f() { for x in "$@"; do g "$x"; done; }; g() { eval "$1"; }; f a VALUE
f() { for a; do eval "$a"; done; }; f VALUE
f() { while [ $# -gt 0 ]; do eval "$1"; shift; done; }; f a VALUE
f() { [ "$1" = -v ] && { shift; }; eval "$1"; }; f -v VALUE
f() { [ "$1" = -v ] && shift; eval "$1"; }; f -v VALUE
f() { case $1 in a) shift; eval "$1";; b) shift; echo "$1";; esac; }; f a VALUE
f() { case $1 in b) shift;; a) eval "$2";; esac; }; f a VALUE
f() { while getopts c: o; do eval "$OPTARG"; done; }; f -c VALUE
f() { set -- a "$@"; eval "$2"; }; f VALUE
f() { bash <<E\n$1\nE\n}; f VALUE
function f { eval "$1"; }; f VALUE
function f() { eval "$1"; }; f VALUE
f() ( eval "$1" ); f VALUE
f()\n{\neval "$1"\n}\nf VALUE
x=$(f VALUE); f() { eval "$1"; }
f() { local cmd=$1; run; }; run() { eval "$cmd"; }; f VALUE
get() { out=VALUE; }; f() { local out; get; eval "$out"; }; f
f() { "$@"; }; f sh -c VALUE
f() { "$@"; }; f eval VALUE
f() { "$@"; }; f sudo -u a sh -c VALUE
f() { shift; "$@"; }; f 3 sh -c VALUE
f() { sudo "$@"; }; f sh -c VALUE
f() { bash "$@"; }; f -c VALUE
f() { g "$@"; }; g() { "$@"; }; f sh -c VALUE
f() { $1 -c "$2"; }; f bash VALUE
f() { until "$@"; do sleep 1; done; }; f sh -c VALUE
set -- sh -c VALUE; "$@"
f() { echo "$1"; }; eval "$(f VALUE)"
f() { echo "$1"; }; f VALUE | sh
f() { echo "$1"; }; x=$(f VALUE); eval "$x"
f() { echo VALUE; }; f > q; sh q
f() { sh; }; echo VALUE | f
f() { while read l; do eval "$l"; done; }; f <<< VALUE
f() { cat > "$1"; }; echo VALUE | f q; sh q
f() { sh "$1"; }; echo VALUE > q; f q
f() { local p=$1; sh "$p"; }; echo VALUE > q; f q
f() { echo VALUE > "$1.sh"; sh "$1.sh"; }; f a
""".strip().split("\n")

VARIABLES = r"""
a=(sh -c VALUE); "${a[@]}"
a=(-c VALUE); bash "${a[@]}"
a=(. -exec sh -c VALUE \;); find "${a[@]}"
c="sh -c"; $c VALUE
c="sh -c 'VALUE'"; $c
o=-c; bash $o VALUE
o=-c; bash "$o" VALUE
x=VALUE; echo "${x@P}"
a=(sh); a+=(-c VALUE); "${a[@]}"
args=(); args+=(-c VALUE); bash "${args[@]}"
y=x; x=VALUE; eval "${!y}"
declare -n r=x; x=VALUE; eval "$r"
declare -n r=x; r=VALUE; eval "$x"
f() { local -n out=$1; out=VALUE; }; f y; eval "$y"
IFS=, read -ra a <<< VALUE; eval "${a[0]}"
cmd=f; $cmd VALUE; f() { eval "$1"; }
export -f f; bash -c 'f "$1"' _ VALUE; f() { eval "$1"; }
""".strip().split("\n")

FILES = r"""
echo VALUE > q; bash < q
echo VALUE > q; eval "$(cat q)"
echo VALUE > q; eval "$(<q)"
echo VALUE > q; eval "`cat q`"
echo VALUE > q; while read l; do eval "$l"; done < q
while read -u 3 l; do eval "$l"; done 3< q; echo VALUE > q
echo VALUE > q; xargs sh -c < q
echo VALUE > q; xargs -a q sh -c
echo VALUE > q; cat q | while read l; do eval "$l"; done
echo VALUE > q; for l in $(cat q); do eval "$l"; done
echo VALUE > q; mapfile -t a < q; eval "${a[0]}"
echo VALUE > q; read l < q; eval "$l"
echo VALUE > q; read < q; eval "$REPLY"
echo VALUE > q; chmod +x q; ./q a
echo VALUE > q; . ./q
echo VALUE > q; cp q r; sh r
echo VALUE > q; cp q d/; sh d/q
echo VALUE > q; cp q d; sh d/q
echo VALUE > q; mv q r; sh r
echo VALUE > q; sed s/a/b/ q > r; sh r
echo VALUE > q; head -1 q | sh
echo VALUE > q; python3 < q
echo VALUE > q; ssh h < q
echo VALUE > q; make -f q
echo VALUE >> q; bash --rcfile q -i
echo VALUE &> q; sh q
echo VALUE >& q; sh q
echo VALUE 1> q; sh q
echo VALUE | tee q r > /dev/null; sh r
echo VALUE | dd of=q; sh q
cat > q <<E\neval "\$1"\nVALUE\nE\nsh q
{ echo a; echo VALUE; } > q; sh q
for i in 1 2; do echo VALUE; done > q; sh q
exec > q; echo VALUE; sh q
exec 3> q; echo VALUE >&3; sh q
exec < q; echo VALUE > q; while read l; do eval "$l"; done
exec 3<<< VALUE; read l <&3; eval "$l"
echo VALUE > "$D/q"; sh $D/q
f=q; echo VALUE > $f; sh q
f=$(mktemp); echo VALUE > "$f"; sh "$f"
d=/tmp/x; f=$d/q; echo VALUE > $f; chmod +x $f; /tmp/x/q
echo VALUE > ~/q; sh "$HOME/q"
for f in a.sh b.sh; do sh "$f"; done; echo VALUE > b.sh
echo VALUE > c/a.sh; for f in c/*.sh; do . "$f"; done
echo VALUE > c/a.sql; cat c/*.sql | sh
cd w; echo VALUE > q; cd ..; sh w/q
mkfifo p; echo VALUE > p & sh < p
""".strip().split("\n")

INPUTS = r"""
echo VALUE |\nsh
echo VALUE | { read x; eval "$x"; }
echo VALUE | (sh)
{ sh; } <<< VALUE
echo VALUE | if true; then sh; fi
echo VALUE > >(sh)
echo VALUE | tee >(sh)
echo VALUE | tee >(cat > r) > /dev/null; sh r
coproc bash; echo VALUE >&"${COPROC[1]}"
""".strip().split("\n")

TEXTS = r"""
sh -c 'eval "$1"' sh VALUE
sh -c 'eval "$0"' VALUE
sh -c 'sh -c "$1"' sh VALUE
sh -c '"$@"' sh sh -c VALUE
timeout 5 bash -c 'f() { eval "$1"; }; f "$1"' x VALUE
export x=VALUE; bash -c 'eval "$x"'
value=VALUE; eval 'eval "$value"'
x=VALUE; trap 'eval "$x"' EXIT
find . -exec sh -c 'eval "$1"' sh VALUE \;
echo VALUE | xargs sh -c 'eval "$1"' sh
bash -s -- VALUE <<'E'\neval "$1"\nE
bash -s -- VALUE <<< 'eval "$1"'
""".strip().split("\n")


@pytest.mark.parametrize(
    "script", [*FUNCTIONS, *VARIABLES, *FILES, *INPUTS, *TEXTS], ids=str
)
def test_code(script: str) -> None:
    assert codes(script.replace(r"\n", "\n")) == ["WF262"]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ('f() { "$@"; }; f VALUE', "WF261"),
        ('f() { "$@"; }; f f VALUE', "WF261"),
        ('f() { "$1" a; }; f VALUE', "WF261"),
        ('f() { while [ "${1#-}" != "$1" ]; do shift; done; "$@"; }; f -v VALUE', "WF261"),
        ("sh -c '\"$@\"' sh VALUE", "WF261"),
        ("bash < VALUE", "WF261"),
        ('bash < "$(echo VALUE)"', "WF261"),
        ("cat d/VALUE.sh | sh", "WF261"),
        ('eval "$(cat VALUE)"', "WF261"),
        ('f=VALUE; while read l; do eval "$l"; done < "$f"', "WF261"),
        ("cp VALUE s; sh s", "WF261"),
        ('f() { sh < "$1"; }; f VALUE', "WF261"),
        ("kubectl exec pod -- VALUE", "WF261"),
        ("f() { echo $(( $1 + 1 )); }; f VALUE", "WF265"),
        ("f() { local n=$1; (( n > 2 )); }; f VALUE", "WF265"),
        ('echo VALUE > q; echo $(( $(cat q) + 1 ))', "WF265"),
        ("f() { local -n r=$1; r=1; }; f VALUE", "WF266"),
        ("declare -n r; r=VALUE; echo $r", "WF266"),
        ('f() { psql -c "$1"; }; f VALUE', "WF271"),
        ('f() { psql "$@"; }; f -c VALUE', "WF271"),
        ("echo VALUE > q; psql -f q", "WF271"),
        ("awk -v x=VALUE '{ print x }' f", "WF276"),
    ],
)  # fmt: skip
def test_other_problems(script: str, code: str) -> None:
    assert codes(script) == [code]


# --- what is no code ---

DATA = r"""
f() { eval "$2"; }; f VALUE ls
f() { eval "$1"; }; f ls VALUE
f() { eval "$1"; shift; echo "$@"; }; f ls VALUE
f() { echo "$1"; }; f VALUE
f() { g "$1"; }; g() { echo "$1"; }; f VALUE
f() { eval "$1"; }; g() { echo "$1"; }; g VALUE; f ls
f() { local cmd=$1; echo "$cmd"; }; g() { local cmd=$1; eval "$cmd"; }; f VALUE; g ls
f() { local cmd=$1; echo "$cmd"; }; f VALUE; cmd=ls; eval "$cmd"
f() { local x=VALUE; echo "$x"; }; x=1; echo $((x+1))
f() { "$@"; }; f cp VALUE d
f() { "$@" > VALUE; }; f ls
f() { while [ "${1#-}" != "$1" ]; do shift; done; "$@"; }; f -v cp VALUE
f() { local dir=$1; shift; (cd "$dir" && "$@"); }; f VALUE make
run() { echo "+ $*" >&2; "$@"; }; run cp VALUE d; run psql -v d=VALUE -f a.sql
retry() { local n=$1; shift; for i in $(seq "$n"); do "$@" && return; done; }; retry 3 curl VALUE
log() { echo "$(date) $*"; }; log VALUE
die() { printf '%s\n' "$1" >&2; exit 1; }; [ -n VALUE ] || die "no VALUE"
watch() { echo "$1"; }; watch VALUE
f() { cat; }; echo VALUE | f > out
f() { sh "$1"; }; echo VALUE > q; f r
f() { cat > "$1"; }; echo VALUE | f q; sh r
opts="-v -x"; rsync $opts -- VALUE d
cmd=(tool); cmd+=(VALUE); "${cmd[@]}"
cmd="tool"; cmd+=" VALUE"; $cmd
declare -n r=x; r=VALUE; echo "$x"
f() { local -n out=$1; out=VALUE; }; f y; echo "$y"
x=VALUE; f() { local x; x=ls; eval "$x"; }; f
for s in a.sh b.sh; do bash "$s" VALUE; done
cat <<'E' > run.sh\necho "$1"\nE\nsh run.sh VALUE
args=(-h localhost -U VALUE); psql "${args[@]}" -f q.sql
echo VALUE > q; cat q; sort q | uniq; wc -l < q
echo VALUE > q; python load.py < q
echo VALUE > q; while read l; do echo "$l"; done < q
echo VALUE > q; while read l; do n=$((n+1)); done < q
echo VALUE > q; n=$(wc -l < q); echo $((n+1))
echo VALUE > q; xargs rm < q
echo VALUE > q; sh other.sh < q; sh other.sh q; chmod +x q; ./r
echo VALUE > q; cp q r; sh s
echo VALUE > q.csv; psql -c 'copy t from stdin' < q.csv
echo VALUE > q; ssh h 'cat > r' < q
echo VALUE > test; test -f x
echo VALUE 2> q; sh q
echo VALUE > q | sh
a=$(mktemp); b=$(mktemp); echo VALUE > "$a"; echo ls > "$b"; sh "$b"
while read x; do echo $x; done <<< VALUE; while read y; do eval "$y"; done < trusted
{ while read l; do echo a; done; } < q | sh; echo VALUE > q
sh run.sh VALUE > log; cat log
for f in VALUE; do cp -- "$f" out/; done; sh out/run.sh
sh -c 'cp "$@"' sh VALUE b
sh -c '"$@"' sh cp VALUE b
sh -c 'eval "$1"' sh ls VALUE
sh -c 'if' sh VALUE
git config user.name VALUE
docker run --rm -e A=VALUE -v VALUE:/x img:1 python a.py VALUE
kubectl exec VALUE -- ls VALUE
java -jar a.jar VALUE
psql < VALUE; cat VALUE | psql; python load.py < VALUE
grep VALUE f | sh; head -n VALUE f | sh
n=$(wc -l < VALUE); echo $((n+1)); x=$(cat VALUE); eval 'echo "$x"'
find . -exec grep VALUE {} \; -exec wc VALUE {} \;
find . -exec cp VALUE VALUE \;
""".strip().split("\n")


@pytest.mark.parametrize("script", DATA, ids=str)
def test_data(script: str) -> None:
    assert codes(script.replace(r"\n", "\n")) == []
