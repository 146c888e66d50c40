# One target a purpose. `make demo` and `make test` need nothing but Python 3.11.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip
DATA ?= data/demo
PORT ?= 8000
SERVE ?= 1
SCALE ?= 0.1
FRESH ?= 0
PYTEST := $(BIN)/python -m pytest -q
MEASURED := engines core registers
COVERED := $(addprefix --cov=fangxian.,$(MEASURED)) --cov-branch --cov-report=term-missing:skip-covered --cov-fail-under=100
LAYERS := tests/spec tests/generative tests/integration/engines \
	$(addprefix tests/unit/,$(MEASURED) matching warehouse web_registers)
DRAWN := tests/unit/web tests/unit/pages

.DEFAULT_GOAL := help
.PHONY: help install demo test lint test-sqlite test-layers test-walk test-stories test-rest test-postgres test-browser format bench lock messages vendor clean

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

install: $(VENV)/.installed ## the virtual environment with everything that runs Fangxian, pinned by hash

demo: install ## a county, its people and an outbreak day; then serves it (SERVE=0 stops after the report, FRESH=1)
	@$(BIN)/fangxian demo --data $(DATA) --scale $(SCALE) --port $(PORT) \
		$(if $(filter 0,$(SERVE)),--no-serve) $(if $(filter 1,$(FRESH)),--fresh)

test: $(VENV)/.dev ## the whole suite: lint, SQLite, PostgreSQL, browser
	@$(BIN)/python scripts/test.py

lint: $(VENV)/.dev ## layers, style, types, templates
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@git ls-files '*.html' | grep -v '/static/vendor/' | xargs $(BIN)/djhtml --check

test-sqlite: test-layers test-walk test-stories test-rest ## the suite on SQLite

test-layers: $(VENV)/.dev ## what tests the lower layers, with their coverage gate
	@$(PYTEST) -m "not browser" $(LAYERS) $(COVERED)

test-walk: $(VENV)/.dev ## every register on every face
	@$(PYTEST) tests/registers

test-stories: $(VENV)/.dev ## commands, demo and what crosses systems
	@$(PYTEST) -m "not browser" tests/integration --ignore=tests/integration/engines

test-rest: $(VENV)/.dev
	@$(PYTEST) -m "not browser" $(addprefix --ignore=,$(LAYERS) tests/registers tests/integration)

test-postgres: $(VENV)/.dev ## what touches the store, on a throw-away PostgreSQL; pages draw what the store answered
	@$(BIN)/python scripts/postgres.py $(PYTEST) -m "not browser" --store-only $(addprefix --ignore=,$(DRAWN)) --ignore-glob='*pages.py'

test-browser: $(VENV)/.dev ## the browser stories in Chromium
	@$(PYTEST) -m browser tests/functional

format: $(VENV)/.dev ## put code and templates into shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@git ls-files '*.html' | grep -v '/static/vendor/' | xargs $(BIN)/djhtml --quiet || true

bench: $(VENV)/.dev ## speed as ratios against named peers (minutes)
	@$(BIN)/python -m bench.tracing && $(BIN)/python -m bench.registers

lock: $(VENV)/.dev ## resolve the dependencies anew and pin them by hash
	@$(BIN)/python scripts/lock.py

messages: $(VENV)/.dev ## join the translated parts into the catalogue and compile it
	@$(BIN)/python scripts/messages.py

vendor: ## fetch the browser assets anew (needs npm; never needed to install or run)
	@$(PYTHON) scripts/vendor.py

clean: ## remove what can be made again
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*

$(BIN)/uv: requirements-uv.lock
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/uv
	@$(UV) sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@rm -f $(VENV)/.dev && touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/uv
	@$(UV) sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes \
		--no-build-isolation requirements-dev.lock
	@$(UV) install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@touch $(VENV)/.installed $@
