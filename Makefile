# `make help` lists what there is. Set-up happens by itself: once, and again when a lock file or the browser's sources change.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
# Compiled modules are kept: without them each command takes seconds longer to start, and tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PYTEST_ARGS ?= -n 2 --dist loadfile

BIN := .venv/bin
AZURITE := tests/services/azurite
# uv is five times faster; pip knows the mirrors and certificates that a machine was set up with.
INSTALL = f() { $(BIN)/uv pip install --quiet --python $(BIN)/python "$$@" || $(BIN)/pip install -qq "$$@"; }; f

.PHONY: help demo test fast check bench proof coverage audit lock clean

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 16

demo: .venv/main.stamp web ## the service with a made-up clinic, in this terminal
	@$(BIN)/clinic-media demo

test: .venv/dev.stamp $(AZURITE)/node_modules/.stamp web-test ## all tests (PYTEST_ARGS="-n 0 -k name" for your own choice)
	@$(BIN)/pytest -n 0 tests/browser # by itself: a browser beside other work misses its moments
	@$(BIN)/pytest $(PYTEST_ARGS) --ignore tests/browser

fast: .venv/dev.stamp ## the tests that start no service, no browser and no proof
	@$(BIN)/pytest -m "not (proof or slow or services or browser)" $(PYTEST_ARGS)

check: .venv/dev.stamp web-check ## format, lint, types, import contracts
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: .venv/dev.stamp ## the benchmarks: a table and bench.json
	@$(BIN)/python -m tests.benchmarks

proof: .venv/dev.stamp web ## the figures of the reliability page and proof.json (PROOF_ARGS="--small", "G1 G27", "--jobs 2"; all: 7 hours)
	@$(BIN)/python -m tests.proof $(PROOF_ARGS)

coverage: .venv/dev.stamp $(AZURITE)/node_modules/.stamp web ## which branches the tests come by: a table, and the figure G34
	@$(BIN)/python -m tests.proof.branch_coverage

audit: .venv/tools.stamp ## known vulnerabilities of what is pinned, as the package registries tell them
	@$(BIN)/python -m tests.proof.audit_pins
	@cd $(WEB) && npm audit

# What is pinned stays; UPGRADE=--upgrade moves everything, UPGRADE="--upgrade-package x" one.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --annotation-style line --custom-compile-command "make lock" $(UPGRADE)
# All but dicom-gpl, whose licence whoever installs it has to choose.
EXTRAS := postgres s3 gcs azure jobs nats redis kafka rabbitmq otel
lock: .venv/tools.stamp ## pin the versions that pyproject.toml allows into requirements/
	@$(COMPILE) --group pyproject.toml:tools --output-file requirements/tools.txt
	@$(COMPILE) pyproject.toml $(EXTRAS:%=--extra %) --output-file requirements/full.txt
	@$(COMPILE) pyproject.toml --constraint requirements/full.txt --output-file requirements/main.txt
	@$(COMPILE) pyproject.toml --group dev $(EXTRAS:%=--extra %) \
		--constraint requirements/full.txt --output-file requirements/dev.txt

clean: ## remove everything that was installed, built or cached
	@rm -rf .venv .*_cache .hypothesis .coverage* build dist *.egg-info entrypoints/web/{node_modules,dist} $(AZURITE)/node_modules
	@find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +

# --- set-up ---------------------------------------------------------------------------------------------------------

.venv/tools.stamp: requirements/tools.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "clinic-media needs Python 3.11 or newer: make PYTHON=…")'
	@echo "Setting up .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --require-hashes --requirement $<
	@touch $@

.venv/main.stamp: requirements/main.txt pyproject.toml .venv/tools.stamp
	@$(INSTALL) --require-hashes --requirement $<
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/main.stamp
	@$(INSTALL) --require-hashes --requirement $<
	@touch $@

# Azure's emulator of its storage, for the tests of that.
$(AZURITE)/node_modules/.stamp: $(AZURITE)/package-lock.json
	@cd $(AZURITE) && npm install --no-save --silent --no-audit --no-fund --omit=optional --ignore-scripts
	@touch $@

# --- the browser's side ---------------------------------------------------------------------------------------------

WEB := entrypoints/web
.PHONY: web web-test web-check
ifneq ($(wildcard $(WEB)/package.json),)
WEB_SOURCES := $(shell find $(WEB) \( -name node_modules -o -name dist \) -prune -o -type f -print)

web: $(WEB)/dist/.stamp

web-test: web
	@cd $(WEB) && npm run --silent --if-present test

web-check: $(WEB)/node_modules/.stamp
	@cd $(WEB) && npm run --silent --if-present check

$(WEB)/node_modules/.stamp: $(WEB)/package-lock.json
	@command -v npm >/dev/null || { echo "The browser side is built with Node.js 20 or newer and npm: please install them." >&2; exit 1; }
	@cd $(WEB) && npm install --no-save --silent --no-audit --no-fund # not ci: a mirror may lack other platforms' builds
	@touch $@

$(WEB)/dist/.stamp: $(WEB)/node_modules/.stamp $(WEB_SOURCES)
	@echo "Building the browser side"
	@cd $(WEB) && npm run --silent build
	@touch $@
endif
