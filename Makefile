# make lab lays the learner's own copies in my_course/ and opens them, make test checks the course; what takes seconds more is left to
# make test-long. Each sets up what it needs by itself.

# What a user may have set for other programs, and what would make Python or pip do something else here.
unexport PYTHONHOME PYTHONPATH PYTHONOPTIMIZE PIP_TARGET PIP_PREFIX
UNSET := unset PYTHONHOME PYTHONPATH; # for what make asks the shell while it reads this file
export PIP_USER := 0
export PYTHONUTF8 := 1

# The first Python that is new enough and can make virtual environments: the usual one, those that the course is tested with, any
# newer one. make PYTHON=… names another.
PYTHON = $(shell $(UNSET) for python in python3 python3.13 python3.12 python3.11 $$(seq 14 60 | sed 's,^,python3.,'); do \
	"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
BIN := .venv/bin
LAB_ARGS ?=
THREADS ?= 1

# JupyterLab refuses to run as root unless told to; in a container that is what one is.
ALLOW_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# The environment is made anew when it was left unfinished, when its Python is gone, or when the folder was moved or renamed.
BROKEN := $(shell $(UNSET) test ! -e .venv || { test ! -e .venv/unfinished && test "$$(cat .venv/made-in)" = "$$(pwd -P)" \
	&& $(BIN)/python -c '' ; } 2>/dev/null || echo broken)
INSTALL = touch .venv/unfinished && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt
# pip compiles on one core, this on all; some files in packages are templates and cannot be compiled.
COMPILE = $(BIN)/python -m compileall -qq -j 0 .venv/lib || true

.PHONY: lab check test test-long test-versions test-processors test-colab build film badges bench colab site slides clean broken
.DEFAULT_GOAL := lab
.NOTPARALLEL:

lab: .venv/ready
slides: .venv/ready-slides
lab slides:
	$(BIN)/python -m utils.lab $(ALLOW_ROOT) $(LAB_ARGS)

# Style, formulas, and every lesson run in the process of its test, which saves the start of a kernel for each.
CHECKED = tests/nn tests/exhibits tests/lessons $(addprefix tests/test_,data.py notebooks.py order_of_cells.py teaching.py contributing.py)

check test: .venv/ready-test
	$(BIN)/python -m ruff check && $(BIN)/python -m ruff format --check
	$(BIN)/python -m pytest -m "not long" $(if $(filter check,$@),--dist=worksteal $(CHECKED)) $(TEST_ARGS)

test-versions: .venv/ready-test
	PYTHONPATH=tests/helpers $(BIN)/python tests/versions.py $(RUN)

test-processors: .venv/ready-test
	$(BIN)/python tests/processors.py $(RUN)

test-colab:
	PYTHONPATH=tests/helpers "$(PYTHON)" tests/colab/runtimes.py $(RUNTIME)

test-long: .venv/ready-test
	COURSE_LONG=1 $(BIN)/python -m pytest -m long $(TEST_ARGS)

build: .venv/ready-test
	$(BIN)/python tools/build_notebooks.py $(LESSONS)

film badges: .venv/ready-test
	$(BIN)/python tools/front_page.py $@

colab: .venv/ready-test
	$(BIN)/python tools/self_contained.py

bench: .venv/ready-bench
	OMP_NUM_THREADS=$(THREADS) OPENBLAS_NUM_THREADS=$(THREADS) MKL_NUM_THREADS=$(THREADS) $(BIN)/python tests/bench/bench.py

site: .venv/ready-site
	$(BIN)/python tools/build_site.py

clean:
	rm -rf .venv

.venv/ready: pyproject.toml constraints.txt $(BROKEN)
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer with venv is needed: on Debian or Ubuntu, sudo apt install python3 python3-venv'; exit 1; }
	@case "$$(pwd -P)" in *:*) echo 'A folder above the course, or its own, has a colon in its name. Python makes no environment there: rename it.'; exit 1;; esac
	@echo 'Setting up .venv: about a minute, once.'
	@$(if $(BROKEN),rm -rf .venv)
	"$(PYTHON)" -m venv .venv
	@$(INSTALL) --editable .
	@$(BIN)/python -c 'import jupyterlab' 2>/dev/null || { echo 'pip has put the packages somewhere else.' \
		'See what  $(BIN)/python -m pip config list  says, and take out target, prefix, root or no-deps.'; exit 1; }
	@$(COMPILE)
	@pwd -P > .venv/made-in
	@rm .venv/unfinished && touch $@

# test stands for all extras that the tests need; every other one for itself, and bench comes on top of test.
EXTRAS = $*
.venv/ready-test: EXTRAS = test,grading,site,slides
.venv/ready-bench: .venv/ready-test
.venv/ready-%: .venv/ready
	@echo 'Adding $(EXTRAS): half a minute, once; bench takes several.'
	@$(INSTALL) --editable '.[$(EXTRAS)]'
	@$(COMPILE)
	@rm .venv/unfinished && touch $@

broken:
