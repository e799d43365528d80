# A fresh clone needs nothing but a Swift toolchain: these targets install the C libraries that are missing.

PREFIX ?= /usr/local
SWIFT ?= swift
MYNAH := .build/release/mynah
SERVER := .build/release/mynah-server

# The C libraries, as pkg-config and as Debian call them.
LIBRARIES := sndfile soxr fftw3f libmd portaudio-2.0 yaml-0.1
PACKAGES := pkg-config libsndfile1-dev libsoxr-dev libfftw3-dev libmd-dev portaudio19-dev libyaml-dev

FORMATTED := Package.swift Sources Tests Examples Benchmarks/Sources Fuzzing/Sources

.DEFAULT_GOAL := build
.PHONY: help packages build build-server check-server build-mpi install-mpi test-mpi mpi-packages demo compare-live test examples documentation accuracy kernels kernels-aarch64 bench bench-training bench-streaming bench-server fuzz lint format install install-server uninstall

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 24

packages: ## Install the C libraries, if any is missing (Debian, Ubuntu)
	@pkg-config --exists $(LIBRARIES) 2>/dev/null || { \
		echo "Installing $(PACKAGES)"; \
		test "$$(id -u)" = 0 || sudo=sudo; \
		$$sudo apt-get update && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $(PACKAGES); }

# The linker of the toolchain, and addresses in the short form that it knows: a smaller program, which starts sooner.
LINKING := --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs

build: packages ## Build the program: .build/release/mynah
	$(SWIFT) build -c release $(LINKING) --product mynah

build-server: packages ## Build the server: .build/release/mynah-server
	$(SWIFT) build -c release $(LINKING) --product mynah-server

# The program for many machines is a target of the package only while MYNAH_MPI names an MPI, as pkg-config calls it.
# MPI=mpich builds with MPICH instead.
MPI := openmpi
ifeq ($(MPI),mpich)
MYNAH_MPI := mpich
MPI_PACKAGES := mpich libmpich-dev
else
MYNAH_MPI := ompi-c
MPI_PACKAGES := openmpi-bin libopenmpi-dev
endif
MPIRUN := mpirun.$(MPI)
BUILD_MPI := .build/$(MPI)

# With the other tests, unless objects were made for another MPI: what is built does not notice that.
TESTS_MPI := .build/tests$(if $(filter openmpi,$(MPI)),,-$(MPI))

# The flags of MPICH that SwiftPM takes: it refuses a package with any other.
MPI_ENVIRONMENT = MYNAH_MPI=mynah-mpi PKG_CONFIG_PATH="$(CURDIR)/$(BUILD_MPI):$$PKG_CONFIG_PATH"

mpi-packages: packages
	@pkg-config --exists $(MYNAH_MPI) 2>/dev/null && command -v $(MPIRUN) >/dev/null || { \
		echo "Installing $(MPI_PACKAGES)"; \
		test "$$(id -u)" = 0 || sudo=sudo; \
		$$sudo apt-get update && \
		$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $(MPI_PACKAGES); }
	@mkdir -p $(BUILD_MPI) && Tools/write_mpi_flags.sh $(MYNAH_MPI) > $(BUILD_MPI)/mynah-mpi.pc

build-mpi: mpi-packages ## Build the program for many machines, with Open MPI or MPI=mpich: .build/openmpi/release/mynah-mpi
	$(MPI_ENVIRONMENT) $(SWIFT) build -c release --scratch-path $(BUILD_MPI) $(LINKING) --product mynah-mpi

test-mpi: mpi-packages ## Run the tests of that program
	$(MPI_ENVIRONMENT) MYNAH_MPIRUN=$(MPIRUN) $(SWIFT) test -c release --scratch-path $(TESTS_MPI) --filter ClusterTests

install-mpi: ## Copy that program to PREFIX/bin
	install -D -s -m 755 $(BUILD_MPI)/release/mynah-mpi $(DESTDIR)$(PREFIX)/bin/mynah-mpi

demo: build ## Recognize audio-samples/ and compare with what is said in them
	@Tools/check_samples.sh $(MYNAH) audio-samples

compare-live: build ## Hear ten minutes from file, pipe and sound card; FOLDER is a labelled folder
	@Tools/compare_live.sh $(MYNAH) $(FOLDER)

check-server: build build-server ## Try the server with wyoming, websockets, schemathesis and Chromium
	Tools/check_server.sh $(MYNAH) $(SERVER)

# In a folder of its own, since tests and program are compiled with different settings and would undo each other's work.
test: packages ## Run all tests
	$(SWIFT) test -c release --scratch-path .build/tests

examples: packages ## Build and run the code of README and Documentation as a package outside
	SWIFT="$(SWIFT)" Examples/check.sh

documentation: packages ## Write the pages of both products: .build/documentation
	SWIFT="$(SWIFT)" Tools/make_documentation.sh .build/documentation

kernels: ## Compare the kernels with plain C, at each level of instructions that the processor has
	Tools/check_kernels.sh

kernels-aarch64: ## The same on an emulated aarch64 as well; installs the emulator (Debian, Ubuntu)
	@command -v qemu-aarch64 >/dev/null && test -e /usr/aarch64-linux-gnu/lib/libc.so.6 || { \
		test "$$(id -u)" = 0 || sudo=sudo; \
		$$sudo apt-get install --yes --no-install-recommends qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross; }
	Tools/check_kernels.sh aarch64

# Benchmarks and fuzzers are targets of the package only while these variables are set.
BUILD_BENCHMARK := MYNAH_BENCHMARKS=1 $(SWIFT) build -c release --scratch-path .build/benchmarks --product

bench: packages ## Compare the speed of the front end with that of other libraries
	$(BUILD_BENCHMARK) FrontEndBenchmark
	Benchmarks/compare_front_ends.py .build/benchmarks/release/FrontEndBenchmark

# The peak of the machine is that of OpenBLAS, which nothing else here needs.
bench-training: packages ## Compare the speed of training with PyTorch and with the peak of the machine
	@ldconfig -p | grep -q libopenblas.so.0 || { test "$$(id -u)" = 0 || sudo=sudo; \
		$$sudo apt-get install --yes --no-install-recommends libopenblas0-pthread; }
	$(BUILD_BENCHMARK) TrainingBenchmark
	Benchmarks/compare_training.py .build/benchmarks/release/TrainingBenchmark

bench-streaming: packages ## Measure streams, and compare them with PyTorch and onnxruntime
	$(BUILD_BENCHMARK) StreamingBenchmark
	Benchmarks/compare_streaming.py .build/benchmarks/release/StreamingBenchmark

bench-server: packages build-server ## Measure the server under load, beside wyoming-openwakeword
	$(BUILD_BENCHMARK) ServerLoad
	Benchmarks/compare_servers.py .build/benchmarks/release/ServerLoad $(SERVER)

fuzz: FILES = 100000
fuzz: SECONDS = 600
fuzz: packages ## Read FILES damaged files, and fuzz for SECONDS four times, under the address sanitizer
	SWIFT="$(SWIFT)" Fuzzing/run.sh $(FILES) $(SECONDS)

# Needs apt-get for the speech without commands.
accuracy: build ## Measure Documentation/accuracy: MYNAH_SPEECH_COMMANDS=FOLDER, about 10 minutes
	@test -n "$(MYNAH_SPEECH_COMMANDS)" || { echo "MYNAH_SPEECH_COMMANDS names no folder"; exit 1; }
	Tools/measure_accuracy.sh $(MYNAH) "$(MYNAH_SPEECH_COMMANDS)" Documentation/accuracy .build/accuracy
	for name in tiny best; do Tools/measure_accuracy.sh $(MYNAH) "$(MYNAH_SPEECH_COMMANDS)" \
		Documentation/accuracy/$$name .build/accuracy models/commands-$$name.safetensors || exit 1; done

lint: ## Check the format, and the source files that pages name; every finding is an error
	$(SWIFT) format lint --strict --recursive $(FORMATTED)
	Tools/check_paths.sh

format: ## Format the Swift files in place
	$(SWIFT) format --in-place --recursive $(FORMATTED)

install: ## Copy the program, without its symbols, to PREFIX/bin; PREFIX is /usr/local
	install -D -s -m 755 $(MYNAH) $(DESTDIR)$(PREFIX)/bin/mynah

install-server: ## Copy the server to PREFIX/bin
	install -D -s -m 755 $(SERVER) $(DESTDIR)$(PREFIX)/bin/mynah-server

uninstall: ## Remove both from there
	rm -f $(DESTDIR)$(PREFIX)/bin/mynah $(DESTDIR)$(PREFIX)/bin/mynah-server
