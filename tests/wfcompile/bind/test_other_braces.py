"""Which texts are taken for templates that were meant, and which are for another tool."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wfcompile.lower.lowering import lowered

Check = Callable[[str], list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Check:
    def check(stage: str) -> list[str]:
        text = (
            "w:\n  type: Workflow\n  params: {day: date}\n  jobs:\n    a:\n"
            "      strategy: {matrix: {zone: [x]}}\n      stages:\n"
            "        - {name: s, id: s, bash: ls}\n        - name: n\n"
        )
        lines = "\n".join(f"          {line}" for line in stage.split("\n"))
        found = lowered(tmp_path, f"{text}{lines}\n").diagnostics
        return [
            f"{each.code} {each.span.file.text[each.span.start : each.span.end]}"
            for each in found
        ]

    return check


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("echo: of {{ params.day }}", "WF214 {{ params.day }}"),
        ("echo: of {{params.day|upper}}", "WF214 {{params.day|upper}}"),
        ("echo: '{{ stages.s.outputs }}'", "WF214 {{ stages.s.outputs }}"),
        ("echo: 'in {{ matrix.zone }}'", "WF214 {{ matrix.zone }}"),
        ("echo: of $params.day", "WF214 $params.day"),
        ("echo: '($stages.s.outputs)'", "WF214 $stages.s.outputs"),
        ("echo: of ${ params.nothing }", "WF213 ${ params.nothing }"),
        ("echo: of ${params.day:x}", "WF213 ${params.day:x}"),
        ("if: ${stages.s.status} == 'x'\necho: a", "WF213 ${stages.s.status}"),
        ("bash: echo {{ params.day }}", "WF214 {{ params.day }}"),
        ("bash: echo '{{ params.day }}'", "WF214 {{ params.day }}"),
        ('bash: echo "${ params.day }"', "WF214 ${ params.day }"),
        ("bash: echo ${params.day}", "WF214 ${params.day}"),
        ("run: x = 'a {{ params.day }}'", "WF214 {{ params.day }}"),
        ("run: x = '${params.day}'", "WF214 ${params.day}"),
        (
            'run: |\n  x = 1\n  y = "of {{ params.day }}"\n',
            "WF214 {{ params.day }}",
        ),
    ],
)
def test_a_template_was_meant(told: Check, stage: str, expected: str) -> None:
    assert told(stage) == [expected]


@pytest.mark.parametrize(
    "stage",
    [
        r"echo: of \$params.day",
        "echo: of $$params.day",
        "echo: of $params.nothing",
        "echo: costs $5 of $params",
        "bash: echo $params.day",
        # references to the environment, and expansions of a shell
        "echo: ${params} ${item} ${APP.NAME} ${MATRIX}",
        "bash: |\n  params=1; echo ${params} ${params%.day} ${params:-x} ${stages[0]}",
        "bash: |\n  awk '{ print $1 }' f; find . -exec echo {} \\;; echo {{a,b},c}",
        # Go: docker, kubectl
        "bash: docker inspect --format '{{ .Id }}' box",
        "bash: docker ps --format 'table {{.ID}} {{ .Names }}'",
        "bash: kubectl get pods -o go-template='{{range .items}}{{.name}}{{end}}'",
        # Jinja, dbt, Airflow, Ansible, and other names than those of the workflow
        "echo: of {{ params.other }} and {{ ds }}",
        "echo: of {{ params.day }} and {{ ds }}",
        "echo: '{% if params.day %}{{ params.day }}{% endif %}'",
        'bash: dbt run --vars \'{"d": "{{ params.day }}"}\'',
        "bash: |\n  cat > dag.sql <<EOF\n  -- airflow\n  {{ params.day }}\n  EOF",
        "bash: jinja2 -D a=b <<< '{{ params.day }}'",
        "run: |\n  from jinja2 import Template\n  x = Template('{{ params.day }}')",
        "run: x = render('{{ params.day }}')\nvars: {render: a}",
        # JavaScript and quoted text of a shell, comments
        "bash: node -e 'console.log(`${params.day}`)'",
        "bash: |\n  cat <<'EOF'\n  ${params.day}\n  EOF",
        "bash: |\n  # ${params.day} {{ params.day }}\n  ls",
        # Python
        "run: x = f'{{ params.day }}'",
        "run: |\n  x = '{{ params.day }}'.format(1)",
        "run: x = {1: {2: 3}}",
        "echo: 'map {{{ params.day }}}'",
    ],
)
def test_text_for_another_tool(told: Check, stage: str) -> None:
    assert [each for each in told(stage) if each[:5] in ("WF213", "WF214")] == []
