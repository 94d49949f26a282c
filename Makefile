# The commands of this repository. Each sets up what it needs first.
PORT ?= 8501
KEEPER_PORT ?= 8502
PYTHON ?= python3
# Two test files at a time: a browser test waits for its store, and the store for its browser.
PYTEST = .venv/bin/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

.PHONY: run keeper up quick test test-attacks test-faults test-long test-package test-versions checks format lock audit sbom digests clean

# The first start prepares Streamlit's files in the background, at low priority; the store takes them up when they are ready.
run: .venv/store
	@nice -n 19 .venv/bin/python -m app static >/dev/null &
	.venv/bin/python -m app serve --port $(PORT)

# The shopkeeper's app, to this machine only: docs/keeper.md.
keeper: .venv/store
	.venv/bin/python -m app keeper --port $(KEEPER_PORT)

up: .env
	docker compose up --build --detach --wait

# What a change of a few lines is tried with: all that needs no Redis, no store and no browser, within a minute.
quick: checks
	$(PYTEST) --quiet -m "not server and not long"

# Everything but what takes very long: about 17 minutes on two cores.
test: checks
	$(PYTEST)
	$(MAKE) test-attacks

# One stranger against a real store while an honest shopper shops. Nothing else runs beside: her clicks are timed.
test-attacks: .venv/dev
	.venv/bin/python -m pytest -m attack tests/attacks

# Databases and stores that die, hang and lie, with the figures of docs/reliability.md: about three minutes.
test-faults: .venv/dev
	$(PYTEST) tests/faults

# Long histories, hundreds of kills, a hundred restarts; `make test` runs a small sample of each.
test-long: .venv/dev
	$(PYTEST) -m long

# The library from `pip install` to a value that survives a reload. It downloads what the library needs.
test-package: .venv/dev
	$(PYTEST) -m long tests/library/packaging

# The library on Streamlit's last six minor releases, about ten minutes; docs/streamlit-versions.md takes the table.
test-versions: .venv/dev
	.venv/bin/python -m testbed.versions

checks: .venv/dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

format: .venv/dev
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

# The lock files hold for every Python that pyproject.toml allows, and pin each package by its hash.
LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --custom-compile-command "make lock" --no-emit-package keepcart --extra build --extra postgres
lock: .venv/dev
	$(LOCK) --upgrade pyproject.toml -o requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock pyproject.toml -o requirements-dev.lock

# Known vulnerabilities in what the locks pin. A package that could not be looked up is not clean: status 2.
audit: .venv/dev
	.venv/bin/python -m supply.audit requirements.lock requirements-dev.lock

# The bill of materials of the shop, without a network.
sbom: .venv/dev
	.venv/bin/python -m supply.sbom requirements.lock dist/sbom.cdx.json

# What the registry has today for each image that is named with its digest. Needs docker and its registry.
digests: .venv/dev
	.venv/bin/python -m supply.digests compose.yaml docs/deployment.md

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache *.egg-info storage/*.egg-info storage/build

# The secrets for compose.yaml, made once; .env.example explains them.
.env:
	umask 077 && for name in KEEPCART_REDIS_PASSWORD KEEPCART_ORDERS_PASSWORD STREAMLIT_SERVER_COOKIE_SECRET; do \
		echo "$$name=$$(head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n')"; done > $@

# Each stamp stands for an environment with the packages of its lock file. The shop and the library are installed editable:
# two paths in .pth files, so `app` and `keepcart` are found from every working directory.
.venv/store: requirements.lock pyproject.toml storage/pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Keepcart needs Python 3.11 or newer; say make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable storage --editable .
	touch $@

.venv/dev: requirements-dev.lock .venv/store
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
