# Thin: one line a target. Each sets up .venv from requirements.txt when that has changed.
PY := .venv/bin/python
SOURCE ?= ../shared/article.txt
.DEFAULT_GOAL := help
.PHONY: book test lab serve pdf check-source locate accept translate mutate bench picture clean help

.venv/.ready: requirements.txt pyproject.toml
	python3 -m venv .venv && .venv/bin/pip install -q --disable-pip-version-check -r requirements.txt && touch $@

book: .venv/.ready         ## build the book into _build/html
	$(PY) -m casebook.build book

test: .venv/.ready         ## all tests, and nbval on every chapter
	.venv/bin/pytest --nbval

lab: .venv/.ready          ## JupyterLab, the chapters as notebooks
	$(PY) -m casebook.build lab

serve: .venv/.ready        ## the built book on http://localhost:8000
	$(PY) -m http.server 8000 --bind 127.0.0.1 --directory _build/html

pdf: book                  ## each edition as one PDF, _build/book.pdf and book-zh.pdf (needs Chromium)
	$(PY) -m casebook.pdf

check-source: .venv/.ready ## prove the tables against the article: SOURCE=path/to/article.txt
	$(PY) -m casebook.source "$(SOURCE)"

locate: .venv/.ready       ## write locators and hashes into data/ anew: SOURCE=path/to/article.txt
	$(PY) -m casebook.source "$(SOURCE)" --locate

accept: .venv/.ready       ## renew the reference notebooks after an intended change, and say what changed
	$(PY) -m casebook.accept

translate: .venv/.ready    ## renew the catalogues of every translation, and list what is to be translated
	$(PY) -m casebook.translate

mutate: .venv/.ready       ## plant every kind of fault in a copy of data/, see who notices (some minutes): SOURCE=path
	$(PY) -m casebook.mutate "$(SOURCE)"

bench: .venv/.ready        ## what the book costs, beside the stock build of the same chapters
	$(PY) -m casebook.bench

picture: book              ## README's picture, from the built book
	$(PY) -m casebook.build picture

clean:                     ## remove what was built (not .venv)
	rm -rf _build

help:                      ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 15
