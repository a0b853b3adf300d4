# Everything a developer or a curious administrator needs. Only make, Python 3.11 and its venv module.
PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
RUNTIME := .venv/.runtime
DEV := .venv/.dev
LOCK := $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header

.PHONY: demo test check bench crash documents coverage-of-domain golden lock smoke clean

demo: $(RUNTIME)  ## play a conversation through real sockets and print it
	@$(BIN)/savd demo

test: $(DEV)  ## everything
	@# bytecode is kept: the tests start savd a hundred times, and each would compile all of it again
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n 2

check: $(DEV)  ## formatter, linter, types, import direction
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy --strict
	@$(BIN)/python -m pytest -q -p no:randomly tests/test_architecture.py

bench: $(DEV)  ## mails per second on this machine
	@$(BIN)/python -m benchmarks.bench

crash: $(DEV)  ## kill -9 at 200 moments, count what is lost or doubled
	@$(BIN)/python -m benchmarks.crash

documents: $(DEV)  ## how well business papers are read, field by field
	@$(BIN)/python -m tests.paperwork

coverage-of-domain: $(DEV)  ## which rehearsal or test proves each requirement; tell what is missing
	@$(BIN)/python -m tests.coverage_of_domain

golden: $(DEV)  ## rewrite the expected files; git diff is the review
	@$(BIN)/python -m tests.golden

lock:  ## choose versions anew within pyproject.toml (needs uv); review, then commit
	@$(LOCK) --upgrade -o requirements.txt
	@$(LOCK) --upgrade -c requirements.txt --group test -o requirements-dev.txt

smoke: $(DEV)  ## the built wheel works in a fresh environment, away from the checkout
	@.ci/smoke $(BIN)/python

clean:
	@rm -rf .venv dist .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(RUNTIME): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'savd needs Python 3.11 or newer: make PYTHON=/path/to/python3.11'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo 'Python lacks its venv module: apt-get install python3-venv'; exit 1; }
	@echo 'setting up .venv, once'
	@$(PYTHON) -m venv .venv
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --editable .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo 'adding the development tools, once'
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@
