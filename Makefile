# Everything runs in .venv, which the first command that needs it makes from the pinned requirements.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOWEST := .venv-lowest
SETS ?= ../shared/bench
# The lock files are complete. Without --no-deps, old pips resolve extras such as coverage[toml] again,
# find the newest release instead of the locked one, and fail on its missing hash.
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps
PIN := uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
export OMP_NUM_THREADS ?= 1
unexport PYTHONPATH
# Else each of the processes that the tests start would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-lowest check format bench requirements clean
.DEFAULT_GOAL := help

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/demo  ## Talk with the bot in the browser: a local Telegram, no token, no internet
	@$(BIN)/efinbot demo

test: $(VENV)/dev  ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term-missing:skip-covered

# Old versions warn of what newer Pythons and newer versions of each other will no longer have.
test-lowest:  ## Run the tests with the lowest versions that pyproject.toml allows
	@$(MAKE) --no-print-directory VENV=$(LOWEST) $(LOWEST)/lowest
	@# Old libraries warn of themselves and of each other.
	@$(LOWEST)/bin/python -m pytest -n auto --dist worksteal -W default

check: $(VENV)/dev  ## Lint, types, layers, the picture of them, and the shipped knowledge
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports
	$(BIN)/python docs/architecture.py --check
	$(BIN)/efinbot check --strict

format: $(VENV)/dev  ## Format the code
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: $(VENV)/bench  ## Measure speed, memory and the matcher; SETS is the folder of intent sets
	$(BIN)/python benchmarks/answering.py
	$(BIN)/python benchmarks/reloading.py
	$(BIN)/python benchmarks/scaling.py docs/scaling.png
	$(BIN)/python benchmarks/seeds.py
	$(BIN)/python benchmarks/stability.py
	$(BIN)/python benchmarks/throughput.py
	test ! -d $(SETS) || $(BIN)/python benchmarks/matcher.py $(SETS)

requirements:  ## Pin the newest versions of all requirements that agree, and the lowest (needs uv)
	echo 'setuptools>=80' | $(PIN) - --upgrade -o requirements/build.txt
	$(PIN) pyproject.toml --upgrade --extra all --group dev -o requirements/dev.txt
	$(PIN) pyproject.toml -c requirements/dev.txt --extra all --group bench -o requirements/bench.txt
	$(PIN) pyproject.toml -c requirements/dev.txt --extra run --extra charts -o requirements/run.txt
	$(PIN) pyproject.toml -c requirements/dev.txt --extra run --extra charts --extra sandbox \
		-o requirements/demo.txt
	$(PIN) pyproject.toml --upgrade --extra all --group test --resolution lowest-direct \
		-o requirements/lowest.txt

clean:  ## Remove what was made
	rm -rf $(VENV) $(LOWEST) build dist *.egg-info .coverage .hypothesis .pytest_cache .ruff_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "efinbot needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..."; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/bench $(VENV)/demo $(VENV)/dev $(VENV)/lowest: $(VENV)/%: requirements/%.txt pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements/build.txt -r $<
	$(INSTALL) --no-build-isolation -e .
	$(BIN)/python -m pip check
	@touch $@
