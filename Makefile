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

# Where the English network starts: a name on the hub, or a folder with the same files.
ENCODER := sentence-transformers/all-MiniLM-L6-v2
EMOTION := $(PYTHON_BIN) -m emotion_component

ENGLISH := --languages en --data goemotions --data brighter --data stc3 --data voices --encoder $(ENCODER)

# oneDNN's matrix products are a little faster on CPUs where TensorFlow leaves them off.
model: export TF_ENABLE_ONEDNN_OPTS := 1
model: setup-dev ## Remake the shipped emotion weights from the data sets (EMOTION_DATA_DIR, ENCODER)
	for seed in 11 12; do \
	    $(EMOTION) train $(ENGLISH) --epochs 3 --patience 3 --bfloat16 --seed $$seed --name english-teacher \
	        --out runs/english-teacher-$$seed --run runs/english-teacher-$$seed-training || exit 1; \
	done
	$(EMOTION) train $(ENGLISH) --layers 0,2,5 --epochs 4 --patience 3 --bfloat16 --seed 13 \
	    --teacher runs/english-teacher-11 --teacher runs/english-teacher-12 \
	    --name english --out runs/english --run runs/english-training
	$(EMOTION) train --languages zh --data brighter --data xed --data stc3 --data voices \
	    --encoder runs --epochs 7 --seed 11 \
	    --name chinese --out runs/chinese --run runs/chinese-training
	$(EMOTION) combine runs/english runs/chinese --data goemotions --data brighter --data stc3 \
	    --data voices --name attune-en-zh --out emotion_component/weights

lock: ## Resolve the dependencies anew into the lock files (needs uv)
	uv pip compile pyproject.toml --python-version 3.10 --generate-hashes --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --python-version 3.10 --generate-hashes --no-header -q -o requirements-dev.lock
