"""Imports a package of the project, which imports a module of another root."""

from project_package import helper
from wfruntime import tag


@tag("v1")
def shouts(text: str) -> dict[str, str]:
    return {"text": helper.shout(text)}
