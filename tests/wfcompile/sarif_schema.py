"""The part of SARIF 2.1.0 that `wfc check --format sarif` writes, as a JSON schema of our own.

Written from the standard's text: what it requires of each object, and no property beside those
that the standard has and we write. The schema of OASIS itself is not kept here.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def record(required: Schema, **optional: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def listing(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "integer", "minimum": 1}
INDEX: Schema = {"type": "integer", "minimum": 0}
LEVEL: Schema = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = record({"text": TEXT}, markdown=TEXT)
# a reference relative to a base: no scheme, no slash at its head, everything odd escaped
URI: Schema = {"type": "string", "pattern": r"^(?!/)([\w.~/-]|%[0-9A-F]{2})+$"}
PLACE = record(
    {
        "artifactLocation": record({"uri": URI, "uriBaseId": TEXT}),
        "region": record(
            {"startLine": NUMBER, "startColumn": NUMBER},
            endLine=NUMBER,
            endColumn=NUMBER,
        ),
    }
)
RULE = record(
    {"id": TEXT},
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    helpUri={"type": "string", "pattern": "^https?://"},
    help=MESSAGE,
    defaultConfiguration=record({"level": LEVEL}),
)
RESULT = record(
    {
        "ruleId": TEXT,
        "ruleIndex": INDEX,
        "level": LEVEL,
        "message": MESSAGE,
        "locations": listing(record({"physicalLocation": PLACE})),
    },
    relatedLocations=listing(
        record({"id": INDEX, "message": MESSAGE, "physicalLocation": PLACE})
    ),
)
RUN = record(
    {
        "tool": record({"driver": record({"name": TEXT, "rules": listing(RULE)})}),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": listing(RESULT),
    }
)
LOG = record(
    {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": listing(RUN),
    }
)
