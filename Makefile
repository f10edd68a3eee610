# make lab opens the course, make test checks all of it. Each sets up what it needs by itself.

# The first Python that is new enough and can make virtual environments; make PYTHON=… names another.
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
LAB_ARGS ?=
THREADS ?= 1

# JupyterLab refuses to run as root unless told to; in a container that is what one is.
ALLOW_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# A folder that was moved or renamed needs its environment anew.
MOVED := $(shell test ! -e .venv/made-in || grep -Fqx '$(CURDIR)' .venv/made-in || echo moved)

.PHONY: lab test test-long test-versions test-processors test-colab build bench colab site slides clean moved
.DEFAULT_GOAL := lab

lab: .venv/ready
	$(BIN)/python -m jupyterlab $(ALLOW_ROOT) $(LAB_ARGS) notebooks/00_start_here.ipynb

test: .venv/ready-test
	$(BIN)/ruff check && $(BIN)/ruff format --check
	$(BIN)/python -m pytest $(TEST_ARGS)

test-versions: .venv/ready-test
	PYTHONPATH=tests/helpers $(BIN)/python tests/versions.py $(RUN)

test-processors: .venv/ready-test
	$(BIN)/python tests/processors.py $(RUN)

test-colab:
	PYTHONPATH=tests/helpers $(PYTHON) tests/colab/runtimes.py $(RUNTIME)

test-long: .venv/ready-test
	COURSE_LONG=1 $(BIN)/python -m pytest tests/explore/test_robustness.py tests/test_order_of_cells.py $(TEST_ARGS)

build: .venv/ready-test
	$(BIN)/ruff format lectures_src
	$(BIN)/python tools/build_notebooks.py $(LESSONS)

colab: .venv/ready-test
	$(BIN)/python tools/self_contained.py

bench: .venv/ready-bench
	OMP_NUM_THREADS=$(THREADS) OPENBLAS_NUM_THREADS=$(THREADS) MKL_NUM_THREADS=$(THREADS) $(BIN)/python tests/bench/bench.py

site: .venv/ready-site
	$(BIN)/python tools/build_site.py

slides: .venv/ready-slides
	$(BIN)/python -m jupyterlab $(ALLOW_ROOT) $(LAB_ARGS) notebooks/00_start_here.ipynb

clean:
	rm -rf .venv

.venv/ready: pyproject.toml constraints.txt $(MOVED)
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or newer with venv is needed: on Debian or Ubuntu, sudo apt install python3 python3-venv'; exit 1; }
	@echo 'Setting up .venv: about a minute, once.'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@echo '$(CURDIR)' > .venv/made-in
	@touch $@

.venv/ready-test: .venv/ready
	@echo 'Adding what the tests need: half a minute, once.'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,grading,site,slides]'
	@touch $@

.venv/ready-bench: .venv/ready-test
	@echo 'Adding PyTorch and JAX, which the course is compared with: several minutes, once.'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $@

.venv/ready-site: .venv/ready
	@echo 'Adding what the site needs: a few seconds, once.'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[site]'
	@touch $@

.venv/ready-slides: .venv/ready
	@echo 'Adding the slides: a few seconds, once.'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[slides]'
	@touch $@

moved:
