"""No value becomes code in the modules of the cases, and no author of them writes such code."""

from __future__ import annotations

from tests.code_from_text import found_in, pasted_in
from tests.conformance.case_files import DIVERGE, GOLDEN
from tests.conformance.projects import Projects


def test_the_modules_of_all_cases(projects: Projects) -> None:
    texts = {
        f"{case.name}/{module}": text
        for case in GOLDEN + DIVERGE
        for module, text in projects.compiled(case).texts.items()
    }
    found = {name: places for name, text in texts.items() if (places := found_in(text))}
    assert found == {}
    assert {
        name: said for name, text in texts.items() if (said := pasted_in(text))
    } == {}
    assert len(texts) > 250
