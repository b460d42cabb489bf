# What a developer types. `make` alone lists it.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PYTEST := $(BIN)/pytest
# One more than there are cores, for tests wait a good deal; each may hold a database and a browser.
WORKERS = $(shell cores=$$(nproc 2>/dev/null || echo 1); echo $$(( cores < 3 ? cores + 1 : 4 )))

# Tests start some hundred programs; each would compile all that it imports where an image of a
# container has Python keep nothing.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo demo-clean test test-all bench check audit compiled coverage crash failover mutants \
	fuzz format screenshots pins clean mypy pyright imports weaknesses

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo:  ## Start five homes, their hubs and the centre (PORT=8000); Ctrl-C ends them all
	@$(PYTHON) tools/prepare.py demo
	@exec $(BIN)/telecare-simulator demo --port $(PORT)

demo-clean:  ## Forget the demonstration: its database, hubs and learned routines
	rm -rf .demo

test:  ## Run the tests, with real brokers, databases and a browser
	@$(PYTHON) tools/prepare.py test
	@$(MAKE) --no-print-directory check
	$(PYTEST) -m "not slow" -n $(WORKERS) --dist loadscope --no-loadscope-reorder

test-all: test  ## Run also the long soak, crash and image tests, and measure coverage
	$(PYTEST) -m slow
	@$(MAKE) --no-print-directory coverage

coverage:  ## Measure how much of the hub its tests run; fails below 95 % of lines or branches
	@$(PYTHON) tools/prepare.py test
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -m "not slow" tests/gateway tests/journeys
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage json --quiet -o - | $(BIN)/python tools/covered.py --floor 95

compiled:  ## Compile the simulator's lives (a minute, needs a C compiler): large streets in half the time
	@$(PYTHON) tools/prepare.py check
	@$(BIN)/python tools/compiled.py

mutants:  ## Plant small faults in normaliser and journal; prints how many the tests notice
	@$(PYTHON) tools/prepare.py mutants
	@$(BIN)/python tools/mutants.py --plant

crash:  ## Kill hub, broker, API and database 200 times; prints what became of it (CRASH="--seed 2")
	@$(PYTHON) tools/prepare.py test
	@PYTHONPATH=. $(BIN)/python -m tests.crash $(CRASH)

failover:  ## Kill replicas and database under two replicas at work; prints how soon all is well
	@$(PYTHON) tools/prepare.py test
	@PYTHONPATH=. $(BIN)/python -m tests.api.failover $(FAILOVER)

bench:  ## Measure speed, memory and delays beside those of peers (BENCH="--only core")
	@$(PYTHON) tools/prepare.py test
	@PYTHONPATH=. $(BIN)/python -m tests.benchmarks $(BENCH)

check:  ## Lint, type-check and look for weaknesses alone
	@$(PYTHON) tools/prepare.py check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --no-print-directory --jobs 2 mypy pyright imports weaknesses

# Each of these takes one core; the longest come first.
mypy:
	$(BIN)/mypy
pyright:
	$(BIN)/pyright
imports:
	$(BIN)/lint-imports
weaknesses:
	$(BIN)/python tools/audit.py code

audit:  ## Ask whether weaknesses are known in what this is built from; fails where it cannot ask
	@$(PYTHON) tools/prepare.py check
	$(BIN)/python tools/audit.py code
	$(BIN)/python tools/audit.py packages $(AUDIT)

fuzz:  ## Let a hub hear a million spoilt messages of every dialect; prints what became of them
	@$(PYTHON) tools/prepare.py test
	$(BIN)/python -m tests.gateway.fuzz

format:  ## Format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

screenshots:  ## Take the pictures of the documentation anew (SCREENSHOTS="queue home")
	@$(PYTHON) tools/prepare.py test
	@PYTHONPATH=. $(BIN)/python -m tests.api.console.screenshots $(SCREENSHOTS)

pins:  ## Write constraints.txt anew from what is installed
	$(BIN)/pip freeze --exclude-editable > constraints.txt

clean: demo-clean  ## Remove everything that was made here
	rm -rf .venv build dist api/console/static/vendor node_modules .cache mutants
