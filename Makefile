# Every command a person needs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE :=
export MLFLOW_DISABLE_TELEMETRY := true
# The first Python from 3.11 to 3.13 that can make a virtual environment; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 \
	&& command -v $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
INSTALL := $(PIP) install --no-deps --require-hashes -r

.PHONY: help
help: ## List the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- environments -----------------------------------------------------------------------------------------------
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "prereview needs Python 3.11, 3.12 or 3.13 with venv (Debian, Ubuntu: apt install python3-venv)." \
		"If it has another name: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Creating $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/service.stamp: requirements/service.lock pyproject.toml | $(BIN)/python
	@echo "Installing the service's locked requirements (a minute or two the first time)"
	@$(INSTALL) requirements/service.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock $(VENV)/service.stamp
	@echo "Installing the training and development requirements"
	@$(INSTALL) requirements/dev.lock
	@touch $@

$(VENV)/spark.stamp: requirements/spark.lock $(VENV)/dev.stamp
	@echo "Installing PySpark and a Java runtime"
	@$(INSTALL) requirements/spark.lock
	@touch $@

.PHONY: install dev spark system
install: $(VENV)/service.stamp ## Create .venv with what the service needs
dev: $(VENV)/dev.stamp ## Add what training and tests need
spark: $(VENV)/spark.stamp ## Add Spark, for history that outgrows one machine (570 MB)

.venv-reference/stamp: requirements/paddleocr.lock
	@test -n "$(PYTHON)" || { echo "needs Python 3.11, 3.12 or 3.13 with venv" >&2; exit 1; }
	@echo "Creating .venv-reference: PaddleOCR, the engine ours is held to"
	@"$(PYTHON)" -m venv .venv-reference
	@.venv-reference/bin/python -m pip --disable-pip-version-check -q install --no-deps --require-hashes -r requirements/paddleocr.lock
	@touch $@

.venv-peers/stamp: requirements/peers.lock
	@test -n "$(PYTHON)" || { echo "needs Python 3.11, 3.12 or 3.13 with venv" >&2; exit 1; }
	@echo "Creating .venv-peers: RapidOCR, what ours is measured against"
	@"$(PYTHON)" -m venv .venv-peers
	@.venv-peers/bin/python -m pip --disable-pip-version-check -q install --no-deps --require-hashes -r requirements/peers.lock
	@touch $@

libgl: # PaddleOCR's OpenCV build wants libGL and glib
	@missing=""; ldconfig -p | grep -q 'libGL\.so\.1' || missing="libgl1"; \
	ldconfig -p | grep -q 'libgthread-2\.0\.so\.0' || missing="$$missing libglib2.0-0"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing $$missing"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null; \
	  else echo "Not installed: $$missing. PaddleOCR needs it; install with: sudo apt-get install $$missing" >&2; fi; \
	fi

.PHONY: reference peers libgl
reference: libgl .venv-reference/stamp ## Install PaddleOCR, the reference engine, in an environment of its own
peers: libgl .venv-peers/stamp ## Install RapidOCR, the peer of the benchmark, in an environment of its own

system: # chromium and a Chinese font for the browser tests; through apt where that is permitted
	@missing=""; command -v chromium >/dev/null || missing="chromium"; \
	fc-list :lang=zh 2>/dev/null | grep -q . || missing="$$missing fonts-wqy-microhei fontconfig"; \
	command -v git >/dev/null || missing="$$missing git"; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Installing $$missing"; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } >/dev/null; \
	  else echo "Not installed: $$missing. Browser tests will be skipped; install with: sudo apt-get install $$missing" >&2; fi; \
	fi

# --- running ----------------------------------------------------------------------------------------------------
.PHONY: demo run train promote mlflow
demo: $(VENV)/service.stamp ## Play a dozen claims against a fresh service (ONCE=1: then stop)
	@$(BIN)/prereview demo $(if $(ONCE),--once)

run: $(VENV)/service.stamp ## Serve on http://127.0.0.1:8000 with the embedded database
	@$(BIN)/prereview serve --with-worker

train: $(VENV)/dev.stamp ## Simulate, fit, certify, and log a run to MLflow
	@$(BIN)/prereview-train run

# Two names for two people: the command keeps them apart, it cannot prove them.
REQUESTED_BY ?= demo-data-scientist
APPROVED_BY ?= demo-risk-owner
promote: $(VENV)/dev.stamp ## Make the newest training run the champion (REQUESTED_BY=, APPROVED_BY=, WAIVE=--first)
	@$(BIN)/prereview-train promote --requested-by "$(REQUESTED_BY)" $(WAIVE)
	@$(BIN)/prereview-train approve --by "$(APPROVED_BY)" $(WAIVE)

mlflow: $(VENV)/dev.stamp ## Serve MLflow on http://127.0.0.1:5000 (PREREVIEW_MLFLOW_DATABASE=, _ARTIFACTS= by URL)
	@$(BIN)/prereview-train mlflow

# --- checking ---------------------------------------------------------------------------------------------------
.PHONY: lint test proof bench
lint: $(VENV)/dev.stamp ## Lint, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile

test: system lint ## Lint, types, import contracts and all tests but the long ones (≤ 10 min on 2 cores)
	@$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not proof"

proof: system reference $(VENV)/spark.stamp ## The long tests: statistics, faults, fuzzing, references
	@$(BIN)/pytest -q -m proof

bench: peers $(VENV)/dev.stamp ## Measure; JSON lines and tables
	@$(BIN)/python -m tests.benchmarks

# --- locks ------------------------------------------------------------------------------------------------------
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate
.PHONY: lock
lock: ## Resolve the requirements anew (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv (pip install uv)" >&2; exit 1; }
	$(UV_COMPILE) pyproject.toml --extra build --extra training --extra import --extra dev -o requirements/dev.lock
	$(UV_COMPILE) pyproject.toml --extra build -c requirements/dev.lock -o requirements/service.lock
	$(UV_COMPILE) pyproject.toml --extra build --extra training --extra import --extra dev --extra spark -c requirements/dev.lock -o requirements/spark.lock
	$(UV_COMPILE) --no-config --overrides requirements/paddleocr.overrides requirements/paddleocr.in -o requirements/paddleocr.lock
	$(UV_COMPILE) --no-config requirements/peers.in -o requirements/peers.lock
