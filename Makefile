# Two commands do all the set-up in a fresh clone: `make demo` runs the main job, `make test` passes
# the tests. Only python3 (3.10 or later, with venv) and make are needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
INTERPRETER := .venv-interpreter
NUMBER ?= 1000
SEED ?= 0
UV_VERSION := 0.13.9

SOURCES := wfcompile runtime conf build examples tests benchmarks
CODE := $(wildcard $(SOURCES))

.PHONY: help setup demo test lint types stale unit fuzz robust bench build lock clean

help:
	@echo "make demo    set up, build conf/, run run-py-local against a local API, show what came out"
	@echo "make test    set up, then lint, types, stale, unit"
	@echo "make setup   the virtual environment with the locked tools and both distributions"
	@echo "make lint    black and ruff, over the emitted modules too"
	@echo "make types   mypy --strict"
	@echo "make stale   are the modules in build/ what the compiler emits from conf/?"
	@echo "make unit    pytest"
	@echo "make fuzz    NUMBER (1000) random workflows from SEED (0), by the interpreter and compiled"
	@echo "make robust  check NUMBER (1000) mutants of the cases from SEED (0): no traceback, 2 s, 500 MB"
	@echo "make bench   the benchmarks"
	@echo "make build   emit build/ from conf/"
	@echo "make lock    write requirements/dev.txt again"
	@echo "make clean   remove what the other targets made"

setup: $(STAMP)

# the set-up is done again when what is installed changes
$(STAMP): requirements/dev.txt pyproject.toml runtime/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 10) else "Python 3.10 or later is needed, this is " + sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e runtime -e .
	@touch $@

# the interpreter, which the differential tests compare with: its pins are not those of our tools
$(INTERPRETER)/.set-up: requirements/interpreter.txt
	test -x $(INTERPRETER)/bin/python || $(PYTHON) -m venv $(INTERPRETER)
	$(INTERPRETER)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/interpreter.txt
	@touch $@

demo: setup
	@BIN=$(abspath $(BIN)) sh examples/demo.sh

# the quick checks first, two at a time; pytest's closing line is the last one
test: setup
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint types stale
	@$(MAKE) --no-print-directory unit

lint: setup
	$(BIN)/black --check $(CODE)
	$(BIN)/ruff check --quiet $(CODE)

types: setup
	$(BIN)/mypy --strict wfcompile runtime conf build examples/finance_api examples/show.py
	$(BIN)/mypy --strict benchmarks --exclude 'benchmarks/(conf|hand)/'

stale: setup
	$(BIN)/wfc build conf --check

unit: setup $(INTERPRETER)/.set-up
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

fuzz: setup $(INTERPRETER)/.set-up
	$(BIN)/python -u -m tests.fuzz $(NUMBER) $(SEED)

robust: setup
	$(BIN)/python -u -m tests.robust $(NUMBER) $(SEED)

bench: setup
	$(BIN)/python -m benchmarks

build: setup
	$(BIN)/wfc build conf

lock: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.10 \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--no-emit-package wfruntime --no-emit-package wfcompile \
		--output-file requirements/dev.txt pyproject.toml requirements/dev.in
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.10 \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file requirements/interpreter.txt requirements/interpreter.in

clean:
	rm -rf $(VENV) $(INTERPRETER) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .wfruns audits demo
