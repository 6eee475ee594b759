# Two commands matter: `make run` shows the engine at work, `make test` runs every test.
PYTHON ?= python3
VENV ?= .venv
JOBS ?= 2
BIN := $(VENV)/bin
# The build backend warns of every editable installation.
PIP := PYTHONWARNINGS=ignore $(BIN)/pip install --quiet --disable-pip-version-check

.PHONY: run setup setup-dev test check format clean

run: $(VENV)/.engine
	@$(BIN)/lpr-engine demo

setup: $(VENV)/.engine

setup-dev: $(VENV)/.dev

$(VENV)/.engine: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed")'
	@echo "Setting up the engine in $(VENV): a minute or two, once"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade "pip>=25.1"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.engine
	@echo "Adding what checks and tests need"
	@$(PIP) --group dev
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
