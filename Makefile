# Sightline's commands. Needs Python 3.11 with venv, and make; everything else goes into .venv.

.DEFAULT_GOAL := help
.PHONY: help demo web test quick lint types style contracts app format docs bench peers lock clean base dev python browser screenshots

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

# An environment that happens to be active has no say here.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE UV_PYTHON UV_SYSTEM_PYTHON UV_PROJECT_ENVIRONMENT

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: python ## Install what is missing, import real deliveries, rank the risks, serve (ARGS="--once --json")
	@$(PYTHON) tools/web.py 1>&2 & web=$$!; $(PYTHON) tools/install.py base 1>&2 || exit 1; \
	wait $$web || echo "The web app was not built (see above); everything else runs." 1>&2; \
	$(BIN)/sightline demo $(ARGS)

web: python ## Build the web app (takes Node from the Python package index where there is none)
	@$(PYTHON) tools/web.py 1>&2

# The browser is installed beside the checks.
test: BESIDE := browser
test: lint browser ## Everything that must hold: house rules, types, contracts, all tests
	@$(BIN)/python -m pytest --numprocesses auto $(ARGS)

quick: dev web browser ## The tests without the thorough forms
	@$(BIN)/python -m pytest -m "not slow" --numprocesses auto $(ARGS)

lint: dev ## Style, types, import contracts, house rules
	+@$(MAKE) --no-print-directory $(AT_ONCE) types style contracts app $(BESIDE)

# Who said how many at once (make -j) is not told otherwise.
AT_ONCE = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,--jobs=2)

# One after the other, what is asked for together: two would build one web app, or install into one environment, at once.
ifeq ($(MAKELEVEL),0)
.NOTPARALLEL:
endif

types: dev
	@$(BIN)/mypy
	@$(BIN)/mypy tools
	@$(BIN)/mypy benchmarks
	@$(BIN)/mypy tests/clients/typed.py

style: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format"; exit 1; }

contracts: dev
	@told=$$($(BIN)/lint-imports --no-cache --no-logo 2>&1) || { echo "$$told"; exit 1; }
	@told=$$($(BIN)/deptry src 2>&1) || { echo "$$told"; exit 1; }
	@told=$$($(BIN)/deptry --config clients/python/pyproject.toml clients/python/src 2>&1) || { echo "$$told"; exit 1; }
	@$(BIN)/python -m tools

app: python
	@$(PYTHON) tools/web.py check 1>&2

format: dev ## Put the code into the house's shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

docs: dev ## Write the reference, docs/openapi.json and the generated half of the client from the declarations
	@$(BIN)/python -m tools.reference
	@$(BIN)/python -m tools.client

bench: dev peers ## Measure against peers and limits (benchmarks/)
	@$(BIN)/python -m benchmarks $(ARGS)

# The client is of this repository: its needs are locked, itself is installed from its folder.
COMPILE := $(BIN)/uv pip compile --quiet --no-emit-package sightline-client --generate-hashes --universal --python-version 3.11 --no-header

lock: base ## Pin the newest allowed versions (ARGS=--upgrade), with hashes
	@$(COMPILE) $(ARGS) pyproject.toml -o requirements/base.lock
	@$(COMPILE) $(ARGS) pyproject.toml --group dev -c requirements/base.lock -o requirements/dev.lock
	@$(COMPILE) $(ARGS) requirements/build.in -c requirements/dev.lock -o requirements/build.lock
	@$(COMPILE) $(ARGS) requirements/node.in -o requirements/node.lock
	@$(COMPILE) $(ARGS) requirements/bench.in -o requirements/bench.lock

clean: ## Remove .venv and caches; data stay where they are
	@rm -rf .venv .venv-bench .bench .node web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	@find src clients tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

browser: dev
	@$(BIN)/python -m tools.browser 1>&2

# What others answer with, apart from what Sightline needs. What they answered is kept in .bench, for these versions.
peers: dev
	@[ .venv-bench/peers.stamp -nt requirements/bench.lock ] || { rm -rf .bench && \
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-bench && \
	$(BIN)/uv pip install --quiet --python .venv-bench/bin/python --require-hashes -r requirements/bench.lock && \
	touch .venv-bench/peers.stamp; }

screenshots: dev web browser ## Take pictures of the web app's pages into docs/screenshots/
	@$(BIN)/python -m tests.web.screenshots 1>&2

base dev: python
	@$(PYTHON) tools/install.py $@ 1>&2

python:
	@command -v $(PYTHON) >/dev/null || { echo "No $(PYTHON) here. Install Python 3.11 or newer with venv, or name it: make PYTHON=/path/to/python3"; exit 1; }
