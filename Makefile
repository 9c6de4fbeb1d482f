# doublerandom: `make` alone lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
REQUIRE_BROWSER ?=

.DEFAULT_GOAL := help
.PHONY: help bootstrap demo run test check pytest lint types house db jobs bench requirements clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1|\2/' | column -t -s '|'

$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12 …")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

bootstrap: $(VENV)/run.stamp ## Create the environment and install the pinned dependencies

demo: $(VENV)/run.stamp ## Make a demonstration city and serve it at http://127.0.0.1:8000 (PORT=… to change)
	@DOUBLERANDOM_DATA_DIR=demo-data DOUBLERANDOM_DEMO=true PORT=$(PORT) $(BIN)/doublerandom demo

run: $(VENV)/run.stamp ## Serve the site on the database of your settings
	$(BIN)/doublerandom db upgrade
	PORT=$(PORT) $(BIN)/doublerandom serve

jobs: $(VENV)/run.stamp ## Do what is due, again and again: draw, fail, reveal
	$(BIN)/doublerandom jobs

db: $(VENV)/run.stamp ## Create or upgrade the tables
	$(BIN)/doublerandom db upgrade

test: lint types house pytest ## Run all that CI runs

check: test ## The same as test

lint: $(VENV)/test.stamp ## ruff: style, security, formatting of imports
	$(BIN)/ruff check .

types: $(VENV)/test.stamp ## mypy, strict
	$(BIN)/mypy

house: $(VENV)/test.stamp ## Import directions and declared dependencies
	$(BIN)/lint-imports
	$(BIN)/deptry .

pytest: $(VENV)/test.stamp ## The tests, on SQLite and PostgreSQL, and in a browser
	DOUBLERANDOM_REQUIRE_BROWSER=$(REQUIRE_BROWSER) $(BIN)/pytest -n 3 --dist worksteal

bench: $(VENV)/bench.stamp ## Benchmarks: ratios against plain baselines in the same run
	$(BIN)/python -m bench

requirements: ## Pin the dependencies anew (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group build --extra demo --extra sso -o requirements/run.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --extra demo --extra sso --group build --group test -o requirements/test.txt
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml --group build --group bench -o requirements/bench.txt

clean: ## Remove the demonstration's data
	rm -rf demo-data
