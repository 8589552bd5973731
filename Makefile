# Thin: one line a target. Each sets up .venv from requirements.txt when that has changed, and anew when it was left half made.
PY := .venv/bin/python
# An environment knows the folder that it was made in (.ready). In a copy of that folder it would run the original's code.
ifneq ($(shell cat .venv/.ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/.ready
endif
PYTHON ?= python3
TOO_OLD := is too old: Python 3.11 or newer is wanted. Choose another, such as: make PYTHON=python3.12
SOURCE ?= ../shared/article.txt
# One resolution for every system and Python we support, with the hashes of all files; no setting of this machine goes in.
PINS := .venv/bin/uv pip compile requirements.in --output-file requirements.txt --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --emit-build-options --no-config --quiet --custom-compile-command "make pins"
.DEFAULT_GOAL := help
.PHONY: book check test test-long lab serve zip pdf check-source locate accept translate qda mutate bench picture pins upgrade audit licenses clean help

.venv/.ready: export PIP_QUIET = 2
.venv/.ready: export PIP_DISABLE_PIP_VERSION_CHECK = 1
.venv/.ready: requirements.txt pyproject.toml
	@test -n "$$CI" || echo "making .venv with the packages of requirements.txt: a minute or two, this once"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$($(PYTHON) --version) ($(PYTHON)) $(TOO_OLD)"; exit 1; }
	@test ! -L .venv || rm .venv
	$(PYTHON) -m venv --clear .venv
	.venv/bin/pip install --no-deps --require-hashes -r requirements.txt
	.venv/bin/pip install --no-deps --no-build-isolation -e .
	@echo "$(CURDIR)" > $@

book: .venv/.ready         ## build both books into _build/html; DRAFT=1 also with sentences that no longer hold, marked
	$(PY) -m casebook book

check: .venv/.ready        ## after an edit, in under a minute: data, source, code, outputs, tests without book and browser
	$(PY) -m casebook check

test: .venv/.ready         ## all tests but the long ones, and nbval on every chapter
	.venv/bin/pytest --nbval -n auto

test-long: .venv/.ready    ## the long tests: other articles and languages, kills, full disks, planted faults
	.venv/bin/pytest -n auto -m long

lab: .venv/.ready          ## JupyterLab, the chapters as notebooks; its flags: LAB="--allow-root --port 8899"
	$(PY) -m casebook lab -- $(LAB)

serve: .venv/.ready        ## the built book on http://localhost:8000
	$(PY) -m http.server 8000 --bind 127.0.0.1 --directory _build/html

zip: book                  ## the built book as one file to pass on, _build/book.zip
	$(PY) -m casebook zip

pdf: book                  ## each edition as one PDF, _build/book.pdf and book-zh.pdf (needs Chromium)
	$(PY) -m casebook pdf

check-source: .venv/.ready ## prove the tables against the article: SOURCE=path/to/article.txt
	$(PY) -m casebook source "$(SOURCE)"

locate: .venv/.ready       ## write locators and hashes into data/ anew: SOURCE=path/to/article.txt
	$(PY) -m casebook source "$(SOURCE)" --locate

accept: .venv/.ready       ## renew the reference notebooks after an intended change, and say what changed
	$(PY) -m casebook accept

translate: .venv/.ready    ## renew the catalogues of every translation, and list what is to be translated
	$(PY) -m casebook translate

qda: .venv/.ready          ## the coding for other tools of qualitative analysis, _build/qda (SOURCE=path: with the text)
	SOURCE="$(SOURCE)" $(PY) -m casebook qda

mutate: .venv/.ready       ## plant every kind of fault in a copy of data/, see who notices (some minutes): SOURCE=path
	$(PY) -m casebook mutate "$(SOURCE)"

bench: .venv/.ready        ## what the book costs, beside the stock build of the same chapters
	$(PY) -m casebook bench

picture: book              ## README's picture, from the built book
	$(PY) -m casebook picture

pins: .venv/.ready         ## requirements.txt anew after a change of requirements.in; what is pinned stays where it can
	$(PINS)
	cp requirements.txt casebook/new/template/

upgrade: .venv/.ready      ## every package to the newest version that requirements.in admits, then all tests
	$(PINS) --upgrade
	cp requirements.txt casebook/new/template/
	@$(MAKE) test || { echo "Red with the new packages: mend what they broke, or go back: git checkout requirements.txt && make test"; exit 1; }

audit: .venv/.ready        ## ask the advisory database about every pinned package (needs the network)
	.venv/bin/pip-audit --strict --requirement requirements.txt --require-hashes --disable-pip

licenses: .venv/.ready     ## every installed package with its version and licence, and what of it is published with the book
	$(PY) -m casebook licences

clean:                     ## remove what was built (not .venv)
	rm -rf _build

help:                      ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /|/' | tr '|' '\t' | expand -t 15
