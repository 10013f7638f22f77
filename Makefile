# One command to see it work, one to check it. Every recipe sets up what it needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ifdef SEGUITO_DATA
DATA   := $(SEGUITO_DATA)
else
DATA   := $(abspath ../shared/data)
endif

.DEFAULT_GOAL := help
.PHONY: help demo test test-data check format lint types imports lock-check lock docs docs-check bench weights weights-research points benchmark-labels validate validate-release clean

help: ## list the recipes
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): requirements.lock pyproject.toml hatch_build.py src/seguito/labels/models/fast.c
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Seguito needs Python 3.11 or newer; call make with PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python has no venv module; on Debian: apt-get install python3-venv"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up $(VENV) from requirements.lock (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## simulate a small community, vet its creator, write demo/report.html
	@$(BIN)/seguito demo

test: $(READY) ## every test; installs the servers they need
	@PATH="$(abspath $(BIN)):$$PATH" bash tests/run.sh

test-data: $(READY) ## the tests that read the public data sets (SEGUITO_DATA)
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m pytest -m data tests

check: format lint types imports docs-check lock-check ## format, lint, types, import contracts, docs, lock file

format: $(READY)
	@$(BIN)/ruff format --check .
lint: $(READY)
	@$(BIN)/ruff check .
types: $(READY)
	@$(BIN)/mypy
imports: $(READY)
	@$(BIN)/lint-imports
lock-check: $(READY)
	@$(BIN)/python -m tests.lock --check
lock: $(READY) ## write requirements.lock anew from pyproject.toml
	@$(BIN)/python -m tests.lock
docs: $(READY) ## write the generated pages
	@$(BIN)/python -m docs.generate
docs-check: $(READY)
	@$(BIN)/python -m docs.generate --check

bench: $(READY) ## time the whole way at three sizes, the labels beside other tools, the clusters and the groups
	@$(BIN)/python -m benchmarks.run
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m benchmarks.labels --write
	@$(BIN)/python -m benchmarks.clusters --write
	@$(BIN)/python -m benchmarks.coordination --write
	@$(BIN)/python -m benchmarks.profiles --write

benchmark-labels: $(READY) ## score every label on all development sets (SEGUITO_DATA) and write the page
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.benchmark --research --write

validate: $(READY) ## run every detector where the truth is known and write docs/reference/validation.md
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m validation.run

validate-release: $(READY) ## the same on the seeds kept for releases, once per release
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m validation.run --release

weights: $(READY) ## make the weights that ship, from the public data sets (SEGUITO_DATA), and their model card
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.train open
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.evaluate open --write

weights-research: $(READY) ## make the weights and the points for research among your own files, and their model cards
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.train research
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.evaluate research --write
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.profiles research

points: $(READY) ## measure the points for profiles on the public set (SEGUITO_DATA) and write their page
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.profiles errors
	@SEGUITO_DATA="$(DATA)" $(BIN)/python -m training.profile_page --write

clean:
	rm -rf $(VENV) demo .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
