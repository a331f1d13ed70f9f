# The portal's one door for people at a keyboard: `make help` lists what it does.
# Needs Python 3.11 with pip (or uv), git and make; everything else is fetched, by locked hash.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTHON ?= python3
PORT ?= 8000
PERSON ?=
TESTS ?= tests

BIN := .venv/bin
# The children that read papers write nothing, so what they load must have been compiled before.
COMPILED = $(BIN)/python -m compileall -q portal
NPM = PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/npm

LOCKS := requirements.txt requirements-setup.txt requirements-dev.txt
LOCKED := $(shell cat $(LOCKS) pyproject.toml | cksum | cut -d ' ' -f 1)
NPM_LOCKED := $(shell cat package-lock.json | cksum | cut -d ' ' -f 1)

# A stamp is named after what it was made from, so that a changed lock is fetched and nothing else.
RUN_READY := .venv/.run-$(LOCKED)
DEV_READY := .venv/.dev-$(LOCKED)
NPM_RUN_READY := node_modules/.run-$(NPM_LOCKED)
NPM_DEV_READY := node_modules/.dev-$(NPM_LOCKED)
BUILT := portal/web/static/built/current
STYLES := $(wildcard portal/web/styles/*.* portal/web/scripts/*.*)

.PHONY: help
help: ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

.PHONY: run
run: setup-run ## Serve a demonstration on this computer (PORT=8000)
	@$(COMPILED)
	@exec $(BIN)/portal demo --port $(PORT)

.PHONY: otp
otp: setup-run ## Print the code of a person of the demonstration (PERSON=helen)
	@test -n "$(PERSON)" || { echo "Whose code? make otp PERSON=helen" >&2; exit 2; }
	@exec $(BIN)/portal otp "$(PERSON)"

.PHONY: test
test: setup ## Run every test, in parallel (TESTS=tests/house for a part)
	@$(COMPILED)
	@$(BIN)/pytest -q -n auto --dist loadgroup $(if $(filter-out tests,$(TESTS)),$(TESTS))

.PHONY: lint
lint: setup ## Check form, types and floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

.PHONY: fmt
fmt: setup ## Put every file into form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: screenshots
screenshots: setup ## Take the pictures of the README again (needs Chromium)
	@$(BIN)/python -m tests.browser.screenshots docs/screenshots

.PHONY: bench
bench: setup ## Measure beside peers, and write docs/performance.md
	@$(COMPILED)
	@$(BIN)/python -m tests.bench

.PHONY: at-rest
at-rest: setup ## Search and attack all that an installation leaves lying about, and write docs/at-rest.md
	@$(BIN)/python -m tests.at_rest

.PHONY: setup
setup: $(DEV_READY) $(NPM_DEV_READY) $(BUILT) ## Fetch and build what running and testing need
	@:

.PHONY: setup-run
setup-run: $(RUN_READY) $(NPM_RUN_READY) $(BUILT)
	@:

.PHONY: lock
lock: ## Lock the newest versions that the .in files and package.json allow (needs uv)
	@command -v uv >/dev/null || { echo "Locking needs uv: $(PYTHON) -m pip install uv" >&2; exit 1; }
	@for name in requirements requirements-setup requirements-dev; do \
	  uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header \
	    $$name.in -o $$name.txt; done
	@$(MAKE) $(DEV_READY)
	@$(NPM) install --package-lock-only

.PHONY: clean
clean: ## Remove everything that was fetched or built; keys and data stay
	@rm -rf .venv node_modules build dist portal/web/static/built \
	  .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	@find portal tests migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ---- how it is fetched and built ----

# $(1): lock files; $(2): what they are for. The portal itself runs from the checkout: a `portal`
# command and a line that makes the checkout importable.
define fetch
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "The portal needs Python 3.11 or newer: apt-get install python3" >&2; exit 1; }
	@echo "Fetching what $(2) needs ..."
	@set -e; if command -v uv >/dev/null; then \
	  test -x $(BIN)/python || uv venv -q --no-python-downloads --python "$(PYTHON)" .venv; \
	  uv pip sync -q --require-hashes --compile-bytecode --python $(BIN)/python $(1); \
	else \
	  $(PYTHON) -m pip --version >/dev/null 2>&1 || { \
	    echo "Neither uv nor pip is here: apt-get install python3-pip" >&2; exit 1; }; \
	  $(PYTHON) -m venv --clear --without-pip .venv; \
	  $(PYTHON) -m pip --python $(BIN)/python install -q --no-deps --require-hashes \
	    --only-binary :all: --disable-pip-version-check $(addprefix -r ,$(1)) 2>.venv/complaints \
	    || { cat .venv/complaints >&2; exit 1; }; \
	  rm .venv/complaints; \
	fi
	@printf '#!%s\nfrom portal.cli import main\n\nmain()\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/portal
	@chmod +x $(BIN)/portal
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
	  | { read -r place; echo "$(CURDIR)" > "$$place/portal.pth"; }
endef

$(RUN_READY):
	$(call fetch,requirements.txt requirements-setup.txt,running)
	@rm -f .venv/.run-* .venv/.dev-* && touch $@

$(DEV_READY):
	$(call fetch,requirements-dev.txt,testing)
	@rm -f .venv/.run-* .venv/.dev-* && touch $@ $(RUN_READY)

# $(1): what to leave out.
define fetch-npm
	@echo "Fetching styles and fonts ..."
	@$(NPM) ci --silent --omit=optional $(1) || { \
	  echo "npm could not fetch govuk-frontend, sass and the fonts." >&2; \
	  echo "Is the npm registry in reach? Try: $(BIN)/npm ping" >&2; exit 1; }
endef

$(NPM_RUN_READY): | $(RUN_READY)
	$(call fetch-npm,--omit=dev)
	@touch $@

$(NPM_DEV_READY): | $(DEV_READY)
	$(call fetch-npm)
	@touch $@ $(NPM_RUN_READY)

$(BUILT): $(STYLES) package-lock.json | $(RUN_READY) $(NPM_RUN_READY)
	@echo "Building styles ..."
	@$(BIN)/python portal/web/styles/build.py
