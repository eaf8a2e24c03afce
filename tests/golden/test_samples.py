"""The samples of the house style: what is compiled of their YAML reads as their modules do.

`samples/pictures/` holds the modules as they were drawn by hand, and beside each the one
difference that there may be.
"""

from __future__ import annotations

from difflib import unified_diff

import pytest

from tests.golden.cases import HERE

SAMPLES = HERE / "samples"


@pytest.mark.parametrize("name", ["run_py_local", "nightly_orders"])
def test_the_module_is_as_the_picture(name: str, update: bool) -> None:
    picture = (SAMPLES / "pictures" / f"{name}.py").read_text().splitlines(True)
    built = (SAMPLES / "build" / f"{name}.py").read_text().splitlines(True)
    found = "".join(unified_diff(picture, built, "picture", "built", n=0))
    difference = SAMPLES / "pictures" / f"{name}.diff"
    if update:
        difference.write_text(found)
    assert found == difference.read_text()
