# Promo Studio's commands. Each one makes .venv and installs what it needs; nothing else is to be done before.
#   make run                     the app, on http://127.0.0.1:7860      ARGS="--port 8000 --share" passes flags on
#   make test                    the tests                              make test-all   the slow ones too
#   make check                   format, lint, types
#   make space REPO=user/name    publishes the Hugging Face Space       DRY=1 only lists what would go
# On Linux without a GPU, TORCH_INDEX=<PyTorch's CPU index> saves a download of gigabytes (see README).

PYTHON ?=
TORCH_INDEX ?=
ARGS ?=
export PYTHON TORCH_INDEX
BIN = .venv/bin
.PHONY: run test test-all check format space setup setup-dev clean

run: setup
	$(BIN)/python app.py $(ARGS)

test: setup-dev
	$(BIN)/python -m pytest -m "not slow" $(ARGS)

test-all: setup-dev
	$(BIN)/python -m pytest $(ARGS)

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

space: setup
	@test -n "$(REPO)" || { echo "say which Space: make space REPO=user/name" >&2; exit 2; }
	$(BIN)/python scripts/space.py "$(REPO)" $(if $(DRY),--dry-run) $(ARGS)

setup:
	@scripts/venv.sh requirements.txt

setup-dev:
	@scripts/venv.sh requirements-dev.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
