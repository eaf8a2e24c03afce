"""Which names are those of secrets."""

from __future__ import annotations

import pytest
from wfruntime.secrets import is_secret_name as is_masked

from wfcompile.secret_names import is_secret_name

SECRETS = """
PASSWORD DB_PASSWORD dbPassword PGPASSWORD MYSQL_PWD SMTP_PASS SSH_PASSPHRASE password admin-passwd
API_TOKEN token GITHUB_TOKEN refresh-token accessToken api_key API_KEY apikey AWS_SECRET_ACCESS_KEY
AWS_ACCESS_CLIENT_SECRET client_secret STRIPE_SECRET_KEY PRIVATE_KEY accountKey AZURE_STORAGE_ACCOUNT_KEY
AUTHORIZATION API_KEY_PROD TOKEN_2 FERNET_KEY AUTHTOKEN x-api-key
"""
NO_SECRETS = """
TOKEN_URL PASSWORD_FILE SECRET_NAME SECRET_ARN AWS_ACCESS_KEY_ID KEY_ID TOKEN_TTL max-tokens MAX_TOKENS
PARTITION_KEY sort_key primary-key cache_key S3_KEY key keys KEYBOARD monkey PWD OLDPWD pass FIRST_PASS
next_token page-token CONTINUATION_TOKEN csrf_token PAD_TOKEN USE_TOKEN HAS_PASSWORD requires_password
author AUTHOR auth AUTH_MODE passenger compass SECRETARY tokenizer K8S_SECRET image_pull_secret
GOOGLE_APPLICATION_CREDENTIALS password_policy name "" 1 _
"""


@pytest.mark.parametrize("name", SECRETS.split())
def test_secrets(name: str) -> None:
    assert is_secret_name(name)
    assert is_masked(name), "the run would show it"


@pytest.mark.parametrize("name", NO_SECRETS.split())
def test_other_names(name: str) -> None:
    assert not is_secret_name(name)
