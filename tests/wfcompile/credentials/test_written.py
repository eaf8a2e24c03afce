"""Credentials in a file: which are told, what is told of them, and that none is shown."""

from __future__ import annotations

import random
import string
from pathlib import Path

import pytest

from wfcompile.cli import app
from wfcompile.credentials.formats import keys_in
from wfcompile.credentials.hiding import hide_credentials
from wfcompile.credentials.written import report_credentials
from wfcompile.diagnostics import Diagnostics
from wfcompile.reader import read
from wfcompile.report import render_text
from wfcompile.reports import RENDERERS
from wfcompile.source import SourceFile


def made(length: int, signs: str = string.ascii_letters + string.digits) -> str:
    """As a machine makes them, the same in each run."""
    return "".join(random.Random(length).choices(signs, k=length))


def told(text: str) -> list[str]:
    """`code source (help)` of what is told of a file."""
    file, diagnostics = SourceFile("conf/a.yml", text), Diagnostics()
    report_credentials(file, read(file, diagnostics), diagnostics)
    return [
        f"{each.code} {file.text[each.span.start : each.span.end]} ({each.help})"
        for each in diagnostics
    ]


# --- keys of a known form ---

KEYS = {
    f"AKIA{made(16, string.ascii_uppercase + '234567')}": "an AWS access key",
    f"ghp_{made(36)}": "a GitHub token",
    f"github_pat_{made(22)}_{made(59)}": "a GitHub token",
    f"glpat-{made(20)}": "a GitLab token",
    f"xoxb-{made(11, string.digits)}-{made(24)}": "a Slack token",
    f"AIza{made(35)}": "a Google API key",
    f"sk_live_{made(24)}": "a Stripe key",
    f"sk-proj-{made(48)}": "an OpenAI or Anthropic key",
    f"npm_{made(36)}": "an npm token",
    f"pypi-AgEIcHlwaS5vcmc{made(60)}": "a PyPI token",
    f"SG.{made(22)}.{made(43)}": "a SendGrid key",
    f"eyJ{made(33)}.eyJ{made(70)}.{made(43)}": "a JSON web token",
    f"-----BEGIN RSA PRIVATE KEY-----\n{made(64)}\n{made(64)}\n-----END RSA PRIVATE KEY-----": (
        "a private key"
    ),
    f"-----BEGIN OPENSSH PRIVATE KEY-----\\n{made(64)}\\n": "a private key",
}


@pytest.mark.parametrize(("key", "name"), KEYS.items(), ids=KEYS.values())
def test_a_key_is_found_wherever_it_stands(key: str, name: str) -> None:
    for text in (key, f"a: {key} # b", f'"{key}"', f"x={key};", f"# {key}"):
        (found,) = keys_in(text)
        assert (found.name, text[found.start : found.end].strip()) == (
            name,
            key.strip(),
        )


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("postgres://me:hunter2@db.internal/x", "hunter2"),
        ("see https://u:s3cr3t@host.", "s3cr3t"),
        ("amqp://:hunter2@mq:5672", "hunter2"),
        (
            "DefaultEndpointsProtocol=https;AccountKey=" + made(86) + "==;a",
            made(86) + "==",
        ),
        (
            f"https://hooks.slack.com/services/T0A1/B0A1/{made(24)}",
            f"T0A1/B0A1/{made(24)}",
        ),
    ],
)
def test_only_the_secret_part_of_an_address_is_meant(text: str, password: str) -> None:
    (found,) = keys_in(text)
    assert text[found.start : found.end] == password


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAXXXXXXXXXXXXXXXX",
        f"ghp_{'x' * 36}",
        f"ghp_{'0' * 36}",
        f"AKIA{made(17, string.ascii_uppercase)}",
        "https://user:password@host/x",
        "https://user:<password>@host/x",
        "https://user:$PASSWORD@host/x",
        "https://${USER}:${PASSWORD}@host/x",
        "https://${{ params.user }}:${{ params.password }}@host/x",
        "postgres://dev:dev123@localhost:5432/x",
        "postgres://dev:dev123@127.0.0.1/x",
        "https://host:8080/a@b",
        "https://host/a:b@c",
        "me@host:22 and a://b",
        "git@github.com:team/repository.git",
        "grep -- '-----BEGIN PRIVATE KEY-----' key.pem",
        "sk-learn, task-" + "a" * 20,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_is_no_key(text: str) -> None:
    assert list(keys_in(text)) == []


# --- values of secret names ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "with: {password: hunter2}",
            "WF576 hunter2 (read it from the environment, as ${PASSWORD})",
        ),
        (
            'env:\n  DB_PASSWORD: "hunter2 "',
            "WF576 hunter2  (read it from the environment, as ${DB_PASSWORD})",
        ),
        (
            "headers: [{Authorization: Bearer 9f86d081884c7d65}]",
            "WF576 Bearer 9f86d081884c7d65 "
            "(read it from the environment, as ${AUTHORIZATION})",
        ),
        (
            "matrix: {api-token: [changeme, a1b2c3d4e5]}",
            "WF576 a1b2c3d4e5 (read it from the environment, as ${API_TOKEN})",
        ),
        (
            "params: {api-token: {type: str, default: a1b2c3d4e5}}",
            "WF576 a1b2c3d4e5 "
            "(take the default away, and write ${API_TOKEN} where it is used)",
        ),
        (
            "url: ${A:x}/${API_TOKEN:a1b2c3d4e5}",
            "WF576 a1b2c3d4e5 (write it without a default, as ${API_TOKEN})",
        ),
        (
            "bash: |\n  set -e\n  export PGPASSWORD='hunter2'; psql",
            "WF576 hunter2 (take it out, and set PGPASSWORD in the environment of the run)",
        ),
        (
            "bash: mysql --password=hunter2 -e 'select 1'",
            'WF576 hunter2 (read it from the environment, as "$PASSWORD")',
        ),
        (
            'run: |\n  api_key: str = "a1b2c3d4e5"',
            'WF576 a1b2c3d4e5 (read it from the environment, as os.environ["API_KEY"])',
        ),
        (
            "run: |\n  login({'user': 'me', 'password': 'hunter2'})",
            'WF576 hunter2 (read it from the environment, as os.environ["PASSWORD"])',
        ),
        (
            "run: login(password='hunter2')",
            'WF576 hunter2 (read it from the environment, as os.environ["PASSWORD"])',
        ),
    ],
)
def test_a_written_value_is_told_once(text: str, expected: str) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "params: {password: str, api-token: {type: str}, token: {type: str, default: ''}}",
        "with: {password: '${DB_PASSWORD}', token: '${{ params.token }}'}",
        "with: {password: changeme, token: <token>, secret: xxxxxxxx, api_key: your-api-key}",
        "with: {secret: prod/db/orders, token: bearer, client_secret: db-credentials-2}",
        "with: {password: DB_PASSWORD, secret: /run/secrets/db, token: token-v2}",
        "with: {password: 123456, token: true, secret: null, token_url: https://a1b2c3d4/x}",
        "with: {partition_key: a1b2c3d4e5, next_token: a1b2c3d4e5, key: a1b2c3d4e5}",
        "url: ${API_TOKEN}/${API_TOKEN:}/${API_TOKEN:changeme}/${REGION:a1b2c3d4}",
        'bash: |\n  PASSWORD=$(cat /run/secrets/db)\n  TOKEN="$X" API_KEY=${Y} curl a',
        'bash: psql --password --token-file a1b2c3d4e5 --token="$TOKEN"',
        "run: |\n  password = os.environ['DB_PASSWORD']\n  token = None\n  secret = ''",
        "run: |\n  token = read('a1b2c3d4e5')\n  if password == 'hunter2': pass",
        "desc: the password is never written here",
    ],
)
def test_what_is_no_credential(text: str) -> None:
    assert told(text) == []


def test_a_key_with_a_name_is_told_once() -> None:
    key = next(iter(KEYS))
    assert [each.split()[0] for each in told(f"token: {key}")] == ["WF575"]


def test_a_list_of_keys_takes_no_time() -> None:
    lines = [f"- ghp_{made(36)}{number:06}" for number in range(4_000)]
    assert len(told("\n".join(lines))) == 100


def test_aliases_of_aliases_take_no_time() -> None:
    lines = ["a0: &a0 [{password: hunter2}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert len(told("\n".join(lines))) == 1


# --- nothing shows them ---


@pytest.mark.parametrize("format", ["text", *RENDERERS])
def test_no_report_shows_a_credential(format: str) -> None:
    file = SourceFile("conf/a.yml", "with: {password: hunter2, token: a1b2c3d4e5}\n")
    diagnostics = Diagnostics()
    report_credentials(file, read(file, diagnostics), diagnostics)
    first = next(iter(diagnostics))
    diagnostics.error(
        "WF402", 'argument "hunter2" is not known', first.span, help="write a1b2c3d4e5"
    )
    hide_credentials([file], diagnostics)
    report = {"text": render_text, **RENDERERS}[format](diagnostics)
    assert "WF402" in report and "hunter2" not in report and "a1b2c3d4e5" not in report


def test_an_excerpt_of_another_finding_shows_stars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "a.yml").write_text(
        "a:\n  type: Workflow\n  jobs:\n    b:\n"
        "      stages: [{name: c, with: {password: hunter2}}]\n"
    )
    monkeypatch.chdir(tmp_path)
    app(["check"], prog_name="wfc", standalone_mode=False)
    out = capsys.readouterr().out
    assert out.count("password: *******}") == 2 and "hunter2" not in out


# --- hooks ---


def test_in_hooks() -> None:
    text = """\
a:
  on-failure:
    - url: https://hooks.example/done?token=9f86d081884c7d65&name=a
    - run: API_TOKEN='9f86d081884c7d66' ./notify.sh
    - AUTH_TOKEN=9f86d081884c7d67 ./notify.sh
    - url: https://hooks.example/${HOOK_TOKEN}?token=${HOOK_TOKEN}
  ping: https://pings.example/report?api_key=9f86d081884c7d68
"""
    assert told(text) == [
        "WF576 9f86d081884c7d65 (read it from the environment, as ${TOKEN})",
        "WF576 9f86d081884c7d66 "
        "(take it out, and set API_TOKEN in the environment of the run)",
        "WF576 9f86d081884c7d67 "
        "(take it out, and set AUTH_TOKEN in the environment of the run)",
        "WF576 9f86d081884c7d68 (read it from the environment, as ${API_KEY})",
    ]
