# Everything is done from here. `make demo` and `make test` set up what they need.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

# The made-up world of the demo. Its density of receptions is far higher than life, so that a small world has something to show.
DEMO_PRESET   := demo
DEMO_FROM     := 2025-11-03
DEMO_TO       := 2025-12-02
DEMO_FEEDBACK := 2025-12-30

export DAGSTER_HOME := $(CURDIR)
export DAGSTER_DISABLE_TELEMETRY := 1

.PHONY: setup demo ui test fast check docs clean

setup: $(READY)  ## create the virtual environment with every dependency pinned by hash

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $(READY)

demo: setup  ## thirty days of a made-up world, from the prison extract to outcome metrics, and what was found of the truth
	$(BIN)/paramount simulate --preset $(DEMO_PRESET) --from $(DEMO_FROM) --fresh
	$(BIN)/paramount backfill --from $(DEMO_FROM) --to $(DEMO_TO) --without intake/feedback --without casework --without outcomes \
		--notify --replay
	$(BIN)/paramount simulate --answers
	$(BIN)/paramount backfill --from $(DEMO_FROM) --to $(DEMO_FEEDBACK) --only intake/feedback --only casework --only outcomes --replay
	$(BIN)/paramount publish
	$(BIN)/paramount status --from $(DEMO_FROM) --to $(DEMO_TO)
	$(BIN)/paramount evaluate

ui: setup  ## Dagster's webserver and daemon on this machine only
	$(BIN)/dagster dev -w workspace.yaml -h 127.0.0.1 -p 3000

test: setup  ## every test
	$(BIN)/python -m pytest

fast: setup  ## the tests that start nothing, in under a minute
	$(BIN)/python -m pytest -m "not slow"

check: setup  ## lint, format, types, imports, SQL, and that the generated docs are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint dbt_like_sql
	$(BIN)/python -m docs.generate --check
	$(BIN)/dagster definitions validate -w workspace.yaml

docs: setup  ## write the generated pages anew
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.population

clean:  ## remove the environment and everything that was made; landed deliveries and the ledger go too
	rm -rf $(VENV) data/landing data/lake data/ledger data/published data/outbox data/world data/dagster
