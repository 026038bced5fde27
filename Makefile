# `make help` lists what can be asked of this file.
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-fast kill-test network-test fuzz-channels check format web model lock

PYTHON_BIN := .venv/bin/python
# Nothing is reported to anybody, and TensorFlow's start-up chatter stays out of the way.
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 2
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
# Where the environment forbids to keep compiled modules, importing Rasa takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## Set up, train if there is no model, and start the assistant, the shop page and the desk
	@$(PYTHON_BIN) -m rasa_project

setup: ## Install what running needs into .venv
	@deploy/setup

setup-dev: ## Install what testing and checking need into .venv
	@deploy/setup dev

# Tests run in as many processes as there are processors, in the order of `tests/conftest.py`; more than four gain nothing.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

test: setup-dev ## Set up and run all tests, the ones in a real browser included
	$(PYTHON_BIN) -m pytest $(SIDE_BY_SIDE)

test-fast: setup-dev ## Run the tests that start no server, no browser and no training
	$(PYTHON_BIN) -m pytest $(SIDE_BY_SIDE) -m "not slow and not services and not browser"

KILLS := 200
kill-test: setup-dev ## Kill each process at random while people talk (KILLS, about 20 minutes); the last line is JSON
	$(PYTHON_BIN) -m tests.kill_test --kills $(KILLS) $(if $(SEED),--seed $(SEED))

MESSAGES := 10000
network-test: setup-dev ## Chat over a network that delays, cuts and swallows (MESSAGES); the last line is JSON
	$(PYTHON_BIN) -m tests.network_test --messages $(MESSAGES) $(if $(SEED),--seed $(SEED))

REQUESTS := 10000
fuzz-channels: setup-dev ## Send each messaging webhook odd and forged requests (REQUESTS); the last line is JSON
	$(PYTHON_BIN) -m tests.fuzz_channels --requests $(REQUESTS) $(if $(SEED),--seed $(SEED))

check: setup-dev ## Lint and type-check Python and TypeScript; the built pages must match their sources
	$(PYTHON_BIN) -m ruff check .
	$(PYTHON_BIN) -m ruff format --check .
	$(PYTHON_BIN) -m mypy
	deploy/check-web

format: setup-dev ## Format the Python sources
	$(PYTHON_BIN) -m ruff format .
	$(PYTHON_BIN) -m ruff check --fix .

web: ## Rebuild the widget and the desk page (needs Node 20)
	cd rasa_project/web && npm ci && npm run build

model: setup-dev ## Remake the shipped emotion weights from the data sets (EMOTION_DATA_DIR, ENCODER)
	deploy/model

lock: ## Resolve the dependencies anew into the lock files (needs uv)
	uv pip compile pyproject.toml --python-version 3.10 --generate-hashes --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --python-version 3.10 --generate-hashes --no-header -q -o requirements-dev.lock
