# Two commands do everything: `make demo` and `make test`. `make check` adds formatting, linting, types, architecture, docs.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check env format lint types architecture docs lock clean

demo: $(STAMP)
	@$(BIN)/assay demo

test: $(STAMP)
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(STAMP) lint types architecture docs

env: $(STAMP)

# uv lives inside the environment, so that Python and make are all that a machine needs.
$(STAMP): pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $(STAMP)

format: $(STAMP)
	$(BIN)/ruff format src tests benchmarks tools
	$(BIN)/ruff check --fix src tests benchmarks tools

lint: $(STAMP)
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/ruff check src tests benchmarks tools

types: $(STAMP)
	$(BIN)/mypy

architecture: $(STAMP)
	$(BIN)/lint-imports

docs: $(STAMP)
	$(BIN)/python tools/docs.py --check
	$(BIN)/python -m benchmarks.quality report --check
	$(BIN)/python -m benchmarks.report --check

lock: $(STAMP)
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --group model --group dev \
		--no-emit-index-url --generate-hashes --no-header --quiet -o requirements.lock

clean:
	rm -rf $(VENV) .assay .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
