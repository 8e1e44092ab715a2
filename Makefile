# `make demo` and `make test` do all their own set-up: a virtual environment, locked dependencies, system packages.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo setup test explore live check format bench docs lock clean help

help:  ## what there is to make
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(STAMPS)/core  ## ten conversations of the demo shop, on the real engine
	@$(BIN)/convagent demo

setup: $(STAMPS)/dev  ## everything that development and tests use

test: setup $(STAMPS)/postgresql  ## all tests
	$(BIN)/python tools/run_tests.py

explore: setup $(STAMPS)/postgresql  ## the properties alone, on new examples and thirty times as many
	EXPLORE=30 $(BIN)/python tools/run_tests.py -q -m hypothesis -n 2 --dist worksteal

live: setup  ## the model path against a server: make live BASE_URL=http://127.0.0.1:8080/v1 MODEL=name
	@test -n "$(BASE_URL)" || { echo "Name a server: make live BASE_URL=http://127.0.0.1:8080/v1"; exit 2; }
	CONVAGENT_LIVE_URL="$(BASE_URL)" CONVAGENT_LIVE_MODEL="$(or $(MODEL),local)" $(BIN)/python tools/run_tests.py -q tests/live

check: setup  ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## put the code into its canonical layout
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup  ## benchmarks, with the numbers that the docs quote
	$(BIN)/python benchmarks/run.py

docs: setup  ## the pages that are made from the code
	$(BIN)/python tools/make_docs.py

lock: setup  ## new lock files from pyproject.toml
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --upgrade pyproject.toml -o requirements/core.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --upgrade --group dev pyproject.toml \
	  -c requirements/core.lock -o requirements/dev.lock

clean:  ## forget the virtual environment and everything that was made
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .convagent htmlcov .coverage*

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "convagent needs Python 3.11 or newer; try: make PYTHON=python3.11 demo")'
	$(PYTHON) -m venv $(VENV)

$(STAMPS)/core: requirements/core.lock pyproject.toml | $(BIN)/python
	@mkdir -p $(STAMPS)
	@test -f $(STAMPS)/dev || echo "Installing the core (once, about a minute) …"
	@test -f $(STAMPS)/dev || $(INSTALL) --require-hashes -r requirements/core.lock
	@$(INSTALL) --no-deps --editable .
	@touch $@

$(STAMPS)/dev: requirements/dev.lock $(STAMPS)/core
	@$(INSTALL) --require-hashes -r requirements/dev.lock
	@touch $@

# The tests start a server of their own; where it can't be installed, they say so and skip what needs it.
$(STAMPS)/postgresql: | $(STAMPS)/dev
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	  || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; } \
	  || echo "PostgreSQL isn't installed (on Debian: apt install postgresql); the tests that need it are skipped."
	@touch $@
