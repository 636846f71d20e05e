# Couplet: `make run` opens the window on a sample casebook, `make test` proves it.
# Both set up what they need and say what they do.

TAGS  := sqlite_fts5,migrated_fynedo
GO     = $(or $(shell sh scripts/go.sh),go)
BUILD := build
DAY   := $(shell date +%Y-%m-%d)
DEMO  := $(BUILD)/sample-$(DAY).couplet
# The sample is fiction and its passphrase is no secret.
DEMO_PASSPHRASE := sample casebook of five couples
export CGO_ENABLED := 1
# Git gives no version in a clone of somebody else's, as under sudo or in a mounted
# folder, and go would stop at that.
ifneq ($(shell git rev-parse HEAD >/dev/null 2>&1 && echo ok),ok)
export GOFLAGS := $(GOFLAGS) -buildvcs=false
endif

.PHONY: help run test build ctl setup setup-test lint unit smoke faults faults-long leaks bench screenshots fmt clean

help:
	@echo "make run          set up, build, open the window on a sample casebook"
	@echo "make test         set up, then vet, staticcheck, gofumpt, all tests with -race, short faults, the window under Xvfb"
	@echo "make build        build the window (build/couplet) and the command line (build/coupletctl)"
	@echo "make bench        the benchmarks of docs/performance.md"
	@echo "make screenshots  every page in light and dark into build/screenshots"
	@echo "make leaks        plants a leak of each kind and shows that the tests catch it"
	@echo "make faults       kill, fill the disk, flip bits; make faults-long does it for long"

setup:
	@sh scripts/setup.sh build

setup-test:
	@sh scripts/setup.sh test

build: setup
	@echo "building build/couplet and build/coupletctl (the first build takes some minutes)"
	@mkdir -p $(BUILD)
	$(GO) build -tags $(TAGS) -o $(BUILD)/couplet ./cmd/couplet
	$(GO) build -tags $(TAGS) -o $(BUILD)/coupletctl ./cmd/coupletctl

ctl:
	@mkdir -p $(BUILD)
	$(GO) build -tags $(TAGS) -o $(BUILD)/coupletctl ./cmd/coupletctl

$(DEMO): | build
	@echo "making a sample casebook of today: $(DEMO)"
	@rm -f $@.part $(BUILD)/sample-$(DAY).recovery
	@COUPLET_PASSPHRASE="$(DEMO_PASSPHRASE)" $(BUILD)/coupletctl new $@.part --sample --today $(DAY) --recovery-out $(BUILD)/sample-$(DAY).recovery
	@mv $@.part $@

run: build $(DEMO)
	@echo "opening the window; the passphrase of the sample is: $(DEMO_PASSPHRASE)"
	@printf '%s\n' "$(DEMO_PASSPHRASE)" > $(BUILD)/sample.passphrase
	$(BUILD)/couplet --passphrase-file $(BUILD)/sample.passphrase $(DEMO)

test: setup-test lint unit faults smoke
	@echo "all of it passed"

lint:
	@echo "gofumpt, vet, staticcheck"
	@out="$$($(GO) tool gofumpt -l .)"; if [ -n "$$out" ]; then echo "not gofumpt-ed:"; echo "$$out"; exit 1; fi
	$(GO) vet -tags $(TAGS) ./...
	$(GO) tool staticcheck -tags $(TAGS) ./...

unit:
	$(GO) test -race -tags $(TAGS) -timeout 45m ./...

smoke:
	@echo "the whole journey in a real window under Xvfb"
	COUPLET_SMOKE=1 $(GO) test -tags $(TAGS) -count=1 -v -run 'TestSmoke' -timeout 20m ./cmd/couplet

# What is killed, filled up, torn and cut off (docs/reliability.md). It says what it counted.
FAULTS := PowerCut|RefusedWrites|FlippedBit|AnyLength|Torn|Bomb|Hostile|Killed|Syncthings|Full
HISTORIES := FilesComeIn|Histories|PlantedBugs|Missing|Day|AYear
faults: setup-test
	@echo "faults: power cuts, kills at system calls, full disks, damaged files, real Syncthings"
	COUPLET_FAULTS=short $(GO) test -tags $(TAGS) -count=1 -v -timeout 20m -run '$(FAULTS)' ./internal/casebook/vault ./internal/share ./internal/backup ./cmd/coupletctl

faults-long: setup-test
	COUPLET_FAULTS=long $(GO) test -tags $(TAGS) -count=1 -v -timeout 240m -run '$(FAULTS)|$(HISTORIES)' ./internal/casebook/vault ./internal/share ./internal/backup ./cmd/coupletctl

# Each wall of docs/privacy.md is broken once, and a test has to notice.
leaks: setup-test
	COUPLET_LEAKS=1 $(GO) test -tags $(TAGS) -count=1 -v -timeout 60m -run PlantedLeaks ./internal/arch

bench: setup-test ctl $(BUILD)/bench/1.couplet $(BUILD)/bench/20.couplet
	COUPLET_PASSPHRASE="$(DEMO_PASSPHRASE)" $(BUILD)/coupletctl bench $(BUILD)/bench/1.couplet
	COUPLET_PASSPHRASE="$(DEMO_PASSPHRASE)" $(BUILD)/coupletctl bench $(BUILD)/bench/20.couplet
	$(GO) test -tags $(TAGS) -run none -bench 'Vault|Plain|Render|Bare' -benchtime 3x ./internal/casebook/vault ./reports/pdf
	$(GO) test -tags $(TAGS) -run 'SmallChanges|ANewNote' -bench 'Capture' -benchtime 1x -count 1 -v ./internal/casebook ./internal/share
	COUPLET_PASSPHRASE="$(DEMO_PASSPHRASE)" COUPLET_BENCH_1=$(CURDIR)/$(BUILD)/bench/1.couplet COUPLET_BENCH_20=$(CURDIR)/$(BUILD)/bench/20.couplet $(GO) test -tags $(TAGS) -run none -bench 'Sharing' -benchtime 1x -timeout 90m ./internal/share
	COUPLET_PASSPHRASE="$(DEMO_PASSPHRASE)" COUPLET_BENCH_CASEBOOK=$(CURDIR)/$(BUILD)/bench/20.couplet $(GO) test -tags $(TAGS) -run none -bench 'Start|Memory|Unlock' -benchtime 1x ./cmd/couplet

# The casebooks to measure on, of one year and of twenty; the large one takes some minutes.
$(BUILD)/bench/%.couplet: | ctl
	@mkdir -p $(BUILD)/bench
	COUPLET_PASSPHRASE="$(DEMO_PASSPHRASE)" $(BUILD)/coupletctl fill $@ --coaches 4 --years $* --seed 1 --recovery-out $@.recovery

screenshots: setup-test
	@rm -rf $(BUILD)/screenshots && mkdir -p $(BUILD)/screenshots
	COUPLET_SHOTS=$(CURDIR)/$(BUILD)/screenshots LANG=en_GB.UTF-8 $(GO) test -tags $(TAGS) -count=1 -run 'Shots' -timeout 20m ./ui/... ./cmd/couplet
	COUPLET_SHOTS=$(CURDIR)/$(BUILD)/screenshots LANG=en_GB.UTF-8 $(GO) test -tags $(TAGS) -count=1 ./ui ./ui/searchui ./ui/settingsui ./ui/shareui
	@ls $(BUILD)/screenshots

fmt:
	$(GO) tool gofumpt -w .

clean:
	rm -rf $(BUILD)
