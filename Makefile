# The two commands that do everything: `make demo` and `make test`.

# A pipe fails with its first command.
SHELL = /bin/bash
.SHELLFLAGS = -o pipefail -c

SWIFT ?= swift
RAPPORT = .build/release/rapport
DEMO = demo

.PHONY: demo test build coverage lint docs notebooks bench install uninstall clean dependencies

## Installs what is missing, builds, scores the sample organisation, prints the ranking and findings, writes the report.
demo: build
	$(RAPPORT) score Datasets/sample/events.csv --config Datasets/sample/rapport.toml --output $(DEMO)
	@echo "Open the report: $(DEMO)/report.html"

## Installs what is missing and runs all tests, with coverage of the library targets; then says what of the reference kit was
## judged, and why the rest wasn't.
test: build
	@scripts/install-dependencies.sh tests
	$(SWIFT) build --build-tests --enable-code-coverage
	RAPPORT_TOOL=$(CURDIR)/$(RAPPORT) $(SWIFT) test --skip-build --disable-xctest --enable-code-coverage | tee .build/test.log
	python3 scripts/reference-ledger.py .build/test.log

## Prints line coverage of the library targets, after `make test`; fails below 90 %.
coverage:
	scripts/coverage.sh 90

dependencies:
	@scripts/install-dependencies.sh

build: dependencies
	$(SWIFT) build -c release --product rapport

lint:
	$(SWIFT) format lint --strict -r -p Sources Tests Package.swift

## The documentation of the library and the tool, as a static site in .build/docs; then checks that pages show what the tool prints.
docs: build
	scripts/build-docs.sh
	scripts/check-pages.py $(RAPPORT)

## Executes every notebook on the sample.
notebooks: build
	@scripts/install-dependencies.sh notebooks
	scripts/run-notebooks.sh

## Times every whole job beside its peers, which it installs, and writes the documentation's page of them. EVENTS=N RUNS=N for less
## than half an hour; PAGE=0 leaves the page as it is.
EVENTS ?= 10000000
RUNS ?= 5
bench: build
	Benchmarks/all-jobs.sh $(EVENTS) $(RUNS)

PREFIX ?= /usr/local
BINARY ?= $(RAPPORT)
SHARE = $(DESTDIR)$(PREFIX)/share
BASH_COMPLETION = $(SHARE)/bash-completion/completions/rapport
ZSH_COMPLETION = $(SHARE)/zsh/site-functions/_rapport
FISH_COMPLETION = $(SHARE)/fish/vendor_completions.d/rapport.fish

## Installs the tool, its man pages, and completions for bash, zsh and fish under PREFIX (/usr/local), below DESTDIR if that is set.
## BINARY=FILE installs a tool that is already built.
install: $(if $(filter-out file,$(origin BINARY)),,build)
	@test -x "$(BINARY)" || { echo "make install: $(BINARY) isn't there; build it first, or leave BINARY out" >&2; exit 1; }
	install -D -m 755 "$(BINARY)" "$(DESTDIR)$(PREFIX)/bin/rapport"
	rm -rf .build/man
	scripts/man-pages.py "$(BINARY)" .build/man
	install -d "$(SHARE)/man/man1"
	install -m 644 .build/man/*.1 "$(SHARE)/man/man1"
	install -d "$(SHARE)/bash-completion/completions" "$(SHARE)/zsh/site-functions" "$(SHARE)/fish/vendor_completions.d"
	"$(BINARY)" --generate-completion-script bash > "$(BASH_COMPLETION)"
	"$(BINARY)" --generate-completion-script zsh > "$(ZSH_COMPLETION)"
	"$(BINARY)" --generate-completion-script fish > "$(FISH_COMPLETION)"
	chmod 644 "$(BASH_COMPLETION)" "$(ZSH_COMPLETION)" "$(FISH_COMPLETION)"

## Removes what `make install` put there.
uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/rapport" "$(SHARE)/man/man1/rapport.1" "$(SHARE)"/man/man1/rapport-*.1 \
	  "$(BASH_COMPLETION)" "$(ZSH_COMPLETION)" "$(FISH_COMPLETION)"

clean:
	rm -rf .build $(DEMO)
