# Two commands matter: `make run` shows the engine at work, `make test` runs every test.
PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin

.PHONY: run setup setup-dev test check format clean

run: $(VENV)/.engine
	$(BIN)/lpr-engine demo

setup: $(VENV)/.engine

setup-dev: $(VENV)/.dev

$(VENV)/.engine: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.engine
	$(BIN)/pip install --quiet --disable-pip-version-check --group dev
	@touch $@

test: $(VENV)/.dev
	tests/setup.sh $(VENV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile

check: test

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) lpr-data runs build *.egg-info .mypy_cache .ruff_cache .pytest_cache
