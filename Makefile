# recipe.fcgi.  `make help` lists what can be made; it lands in build/, but
# for the program itself.

VERSION	= 0.1.0
PREFIX	?= /usr/local
PORT	?= 8080
FUZZ_SECONDS ?= 600
CORES	:= $(shell nproc 2>/dev/null || echo 1)
CFLAGS	?= -O2 -g

STD	= -std=c11 -D_GNU_SOURCE -Ilib
WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	  -Wpointer-arith -Wcast-qual -Wformat-nonliteral
HARD	= -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
DEFS	= -DVERSION='"$(VERSION)"'
LIBS	= -lfcgi -lcurl -ljson-c -lssl -lcrypto

LIB_SRC	= $(wildcard lib/*/*.c)
SRC	= recipe.fcgi.c $(LIB_SRC)
UNIT	= $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/test_*.c))

all: recipe.fcgi

help:
	@echo 'make run      the site on http://127.0.0.1:$(PORT)/ (PORT=8081 for another);'
	@echo '              APP=NAME for another application: $(APP_NAMES);'
	@echo '              HOST=0.0.0.0 for the phone in the kitchen, and all of its network'
	@echo 'make test     every test, on what a fresh Debian machine lacks too'
	@echo 'make test-engines  the pages in Chromium, Firefox and WebKit: every application,'
	@echo '              size, scheme and language; TESTS=flips for one of tests/engines'
	@echo 'make fuzz     the readers of what models write, FUZZ_SECONDS=600 each'
	@echo 'make soak     accounts with limits, and SOAK_KILLS=500 kills at random'
	@echo 'make asan     unit and regress tests under AddressSanitizer and UBSan'
	@echo 'make picture  the pictures of the README, from the real page and stages.json'
	@echo 'make lint     warnings as errors, cppcheck, clang-tidy, tsc, law of the tree'
	@echo "make bench    how fast it is, as a table; BENCH='relay hosts' for some of it,"
	@echo '              BENCH=--help for what else can be said'
	@echo 'make all      recipe.fcgi alone, with what is installed'
	@echo 'make LINK=small  the same with small libraries inside; see README'
	@echo 'make install  to PREFIX=$(PREFIX), under DESTDIR'
	@echo 'make uninstall  removes what that put there'
	@echo 'make dist     build/$(TARBALL).tar.gz, to upload by SFTP'
	@echo 'make dist-test  that on Debian 11 and 13 and Ubuntu 22.04 (SYSTEMS=jammy), and'
	@echo '              run, lint and test on a bare Debian 12 and 13 (SYSTEMS=trixie-bare)'
	@echo 'make clean    remove all that was made'

# Applications beside the recipe.
APP_NAMES = $(sort $(patsubst apps/%/stages.json,%,$(wildcard apps/*/stages.json)))

known-app:
	@$(if $(filter-out $(APP_NAMES),$(APP)),echo 'There is no directory apps/$(APP).\
		APP is one of: $(APP_NAMES).\
		To serve another directory: RECIPE_PROMPTS=/path/to/it make run' >&2; \
		exit 1)

# Many shells have a HOST in the environment, which says nothing of the kind.
ON = $(if $(filter command%,$(origin HOST)),$(HOST))
run: known-app need-build-run
	@n=$$($(MAKE) --no-print-directory -n all | grep -c -- '-c -o '); \
	[ "$$n" -eq 0 ] || echo "Compiling $$n files, which takes" \
		"$$((n / (4 * $(CORES)) + 2)) seconds or so ..."
	@$(MAKE) --no-print-directory -s $(if $(findstring \
		-j,$(MAKEFLAGS)),,-j$(CORES)) all
	@$(if $(APP),RECIPE_PROMPTS='$(CURDIR)/apps/$(APP)' )tools/serve \
		./recipe.fcgi '$(PORT)' '$(ON)'

test: need-build-test
	@$(MAKE) --no-print-directory -s -j2 recipe.fcgi test-build \
		fuzz-build tests/node_modules tests/clients/node_modules
	@tests/run test unit regress browser fuzz

test-engines: need-build-test
	@$(MAKE) --no-print-directory -s -j2 build/test/recipe.fcgi tests/node_modules
	@tests/run test engines

fuzz: need-build-test
	@$(MAKE) --no-print-directory -s -j2 fuzz-build
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/run test fuzz

# What is too long for every day; the second and third take half an hour.
SOAK_KILLS ?= 500
SOAK_BURSTS ?= 100
soak: need-build-test
	@$(MAKE) --no-print-directory -s -j2 test-build tests/node_modules
	@PLACES_KILLS=$(SOAK_KILLS) LEDGER_KILLS=$(SOAK_KILLS) \
		TESTS='places_storm ledger_storm' tests/run test unit
	@RECIPE_FCGI=build/test/recipe.fcgi SOAK_BURSTS=$(SOAK_BURSTS) \
		node tests/soak/guard.mjs
	@RECIPE_FCGI=build/test/recipe.fcgi SOAK_KILLS=$(SOAK_KILLS) \
		node tests/soak/kills.mjs
	@RECIPE_FCGI=build/test/recipe.fcgi SOAK_KILLS=$(SOAK_KILLS) \
		node tests/soak/programs.mjs
	@RECIPE_FCGI=build/test/recipe.fcgi node tests/soak/kept.mjs
	@RECIPE_FCGI=build/test/recipe.fcgi node tests/soak/resume.mjs
	@RECIPE_FCGI=build/test/recipe.fcgi node tests/soak/faults.mjs
	@RECIPE_FCGI=build/test/recipe.fcgi node tests/soak/bulk.mjs
	@RECIPE_FCGI=build/test/recipe.fcgi node tests/soak/accounts.mjs

asan: need-build-asan
	@$(MAKE) --no-print-directory -s -j2 asan-build
	@tests/run asan unit regress

picture: need-build-test
	@$(MAKE) --no-print-directory -s -j2 test-build tests/node_modules
	node tests/browser/picture.mjs
	build/test/recipe.fcgi graph --svg --prompts prompts >docs/graph.svg

bench: need-build-bench
	@$(MAKE) --no-print-directory -s all tests/node_modules
	@tests/bench/run $(BENCH)

TSC	= tests/node_modules/.bin/tsc --allowJs --checkJs --strict \
	  --target es2022 --module es2022 --moduleResolution node
lint: need-build-lint tests/node_modules
	@tools/house
	@$(MAKE) --no-print-directory -s -j2 WARN='$(WARN) -Werror' \
		CFLAGS='-O2 -g' lint-build
	@build/lint/recipe.fcgi graph --svg --prompts prompts | \
		cmp -s - docs/graph.svg || { echo 'docs/graph.svg is old:' \
		'build/lint/recipe.fcgi graph --svg --prompts prompts' \
		'>docs/graph.svg' >&2; exit 1; }
	cppcheck -q -j2 --std=c11 -D_GNU_SOURCE -Ilib --inline-suppr \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem \
		--suppress=normalCheckLevelMaxBranches \
		--error-exitcode=1 $(SRC)
	@printf '%s\n' $(SRC) | xargs -P2 -n4 sh -c 'clang-tidy --quiet "$$@" \
		-- $(STD) 2>/dev/null' sh
	mandoc -Tlint -Wwarning recipe.fcgi.8
	$(TSC) --noEmit --lib es2023,dom,dom.iterable htdocs/types.d.ts htdocs/main.js htdocs/app.js htdocs/speed.js \
		htdocs/client.js htdocs/early.js
	@# What its manual says of client.js is so: of a copy, as tsc would take the manual for it.
	@mkdir -p build/lint/client && cp htdocs/client.d.ts build/lint/client/ && \
		cp htdocs/client.js build/lint/client/made.js && printf '%s\n' \
		"import * as made from './made.js';" "import * as said from './client.js';" \
		'export const same: typeof said = made;' >build/lint/client/check.ts
	$(TSC) --noEmit --lib es2023,dom,dom.iterable build/lint/client/check.ts
	$(TSC) --noEmit --lib es2023,webworker htdocs/sw.js

# Installs what is missing, after saying so; says nothing if nothing is.
need-%:
	@tools/need $(subst -, ,$*)

# --- building -------------------------------------------------------------

# The same files in several builds, side by side.
#	release	what is run and installed
#	test	lets tests look into /proc
#	asan	AddressSanitizer, UBSan, and a check for leaks at every exit
#	lint	the release again, warnings as errors
release_FLAGS	= $(HARD) -pie -Wl,-z,relro,-z,now
test_FLAGS	= $(release_FLAGS) -DTEST_BUILD
asan_FLAGS	= -DTEST_BUILD -DNO_WIPE -fsanitize=address,undefined \
		  -fno-sanitize-recover=undefined -fno-omit-frame-pointer
lint_FLAGS	= $(release_FLAGS)
# These need what tools/libcurl makes.
#	dist	release for another machine: nothing there is asked for
#	static	the same for tests; unit tests not, as there is no libcmocka.a
#	small	release with libraries that have only what is used, inside; but glibc
dist_FLAGS	= $(HARD) -static-pie -Wl,-z,relro,-z,now -Ibuild/dist/curl/include
dist_LIBS	= build/dist/curl/lib/malloc.o -lfcgi -Lbuild/dist/curl/lib -lcurl -lcares -lz -ljson-c \
		  -lssl -lcrypto
static_FLAGS	= $(dist_FLAGS) -DTEST_BUILD
static_LIBS	= $(dist_LIBS)
small_FLAGS	= $(release_FLAGS) -Ibuild/small/curl/include
small_LIBS	= -Wl,-Bstatic -lfcgi -Lbuild/small/curl/lib -lcurl -lz -ljson-c -lssl \
		  -lcrypto -Wl,-Bdynamic

define BUILD
$(1)_OBJ = $$(SRC:%.c=build/$(1)/%.o)
build/$(1)/recipe.fcgi: $$($(1)_OBJ)
	$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ \
		$$(or $$($(1)_LIBS),$$(LIBS))
build/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(CC) $$(STD) $$(WARN) $$(DEFS) $$(CFLAGS) $$($(1)_FLAGS) -MMD -MP \
		-c -o $$@ $$<
build/$(1)/tests/unit/%: build/$(1)/tests/unit/%.o \
		$$(LIB_SRC:%.c=build/$(1)/%.o)
	$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ -lcmocka \
		$$(LIBS)
$(1)-build: build/$(1)/recipe.fcgi \
		$$(if $$($(1)_LIBS),,$$(UNIT:%=build/$(1)/tests/unit/%))
-include $$($(1)_OBJ:.o=.d) $$(UNIT:%=build/$(1)/tests/unit/%.d)
endef
$(foreach b,release test asan lint dist static small,$(eval $(call BUILD,$(b))))

build/%/tests/unit/test_wipe.o: private CFLAGS += -O0

# libFuzzer is clang's.  All of lib/ in one go: it is built seldom.
fuzz-build: build/fuzz/list build/fuzz/answer build/fuzz/chunk \
		build/fuzz/think
build/fuzz/%: tests/fuzz/fuzz_%.c $(LIB_SRC) $(wildcard lib/*/*.h)
	@mkdir -p $(@D)
	clang $(STD) -O1 -g -w -DNO_WIPE -DTEST_BUILD \
		-fsanitize=fuzzer,address,undefined \
		-fno-sanitize-recover=undefined -o $@ $< $(LIB_SRC) $(LIBS)

# LINK=small: the program of that build, under the same name.
LINK	?= release
recipe.fcgi: build/$(LINK)/recipe.fcgi FORCE
	@cmp -s $< $@ || cp --remove-destination $< $@
FORCE: ;
# The stamp changes when a library does: then all is linked anew.
ifeq ($(LINK),small)
$(small_OBJ): build/small/curl/stamp
build/small/curl/stamp: FORCE
	@tools/need small
	@tools/libcurl small
endif
$(dist_OBJ) $(static_OBJ): $(wildcard build/dist/curl/stamp)

tests/node_modules tests/clients/node_modules: %/node_modules: %/package-lock.json
	cd $* && npm ci --loglevel=error --no-audit --no-fund
	@touch $@

# --- installing -----------------------------------------------------------

# Under DESTDIR/PREFIX; uninstall takes away just that.
SHARE	= share/recipe
# Every host's directory in hosts/, where hosts/apache is a link to ../apache.
EXAMPLES = $(patsubst hosts/%,%,$(wildcard hosts/*/*))
DATA	= $(filter-out htdocs/types.d.ts,$(wildcard prompts/*.* prompts/demo/*.* htdocs/*.*))
APPS	= $(shell find apps -type f)

# Made by install, and removed again if nothing else is in them.
OWN_DIRS = $(addprefix share/doc/recipe/examples/,$(sort $(dir $(EXAMPLES)))) \
	share/doc/recipe/examples share/doc/recipe \
	$(addprefix $(SHARE)/,$(shell find apps -depth -type d)) \
	$(SHARE)/prompts/demo $(SHARE)/prompts $(SHARE)/htdocs $(SHARE)
AT	= $(DESTDIR)$(PREFIX)

install: recipe.fcgi
	install -D -m 755 recipe.fcgi $(AT)/bin/recipe.fcgi
	install -D -m 644 recipe.fcgi.8 $(AT)/share/man/man8/recipe.fcgi.8
	@for f in $(DATA) $(APPS); do mode=644; [ ! -x $$f ] || mode=755; \
		install -D -m $$mode $$f $(AT)/$(SHARE)/$$f || exit 1; done
	@for f in $(EXAMPLES); do install -D -m 644 hosts/$$f \
		$(AT)/share/doc/recipe/examples/$$f || exit 1; done

uninstall:
	rm -f $(AT)/bin/recipe.fcgi $(AT)/share/man/man8/recipe.fcgi.8 \
		$(addprefix $(AT)/$(SHARE)/,$(DATA) $(APPS)) \
		$(addprefix $(AT)/share/doc/recipe/examples/,$(EXAMPLES))
	-@cd $(AT) && rmdir $(OWN_DIRS) 2>/dev/null
	-@cd $(AT) && rmdir -p bin share/man/man8 share/doc 2>/dev/null

# --- for upload to another machine ----------------------------------------

TARBALL	= recipe-$(VERSION)-linux-x86_64

dist: need-build-dist
	@tools/libcurl dist
	@$(MAKE) --no-print-directory -s build/$(TARBALL).tar.gz
	@ls -l build/$(TARBALL).tar.gz

build/$(TARBALL).tar.gz: build/dist/recipe.fcgi $(DATA) apache/htaccess \
		dist/INSTALL docs/install.ko.md dist/recipe.json.example \
		recipe.fcgi.8
	rm -rf build/tarball
	@for f in $(filter htdocs/%,$(DATA)); do install -D -m 644 $$f \
		build/tarball/recipe-$(VERSION)/public_html/$${f#htdocs/}; done
	@for f in $(filter prompts/%,$(DATA)); do install -D -m 644 $$f \
		build/tarball/recipe-$(VERSION)/$$f; done
	install -s -m 755 build/dist/recipe.fcgi \
		build/tarball/recipe-$(VERSION)/public_html
	install -m 644 apache/htaccess \
		build/tarball/recipe-$(VERSION)/public_html/.htaccess
	install -m 644 docs/install.ko.md \
		build/tarball/recipe-$(VERSION)/INSTALL.ko.md
	install -m 644 dist/INSTALL dist/recipe.json.example recipe.fcgi.8 \
		LICENSE build/tarball/recipe-$(VERSION)
	tar -C build/tarball --owner=0 --group=0 --numeric-owner --sort=name \
		-cf - recipe-$(VERSION) | gzip -9n >$@

# As root: it makes a system of each, once.  The tarball is tried behind their
# Apaches, in networks of their own; on the bare ones `make run`, `make lint`
# and `make test` are.
SYSTEMS	?= bullseye trixie jammy bookworm-bare trixie-bare

dist-test: need-build-dist-host dist
	@for system in $(SYSTEMS); do \
		tools/host $$system || [ $$? -eq 75 ] || exit 1; done
	@TARBALL="$(CURDIR)/build/$(TARBALL).tar.gz" SYSTEMS="$(SYSTEMS)" \
		tests/run dist dist

clean:
	rm -rf build recipe.fcgi tests/node_modules tests/clients/node_modules

.PHONY: all help run known-app test test-engines picture fuzz soak asan bench lint install uninstall dist \
	dist-test clean FORCE \
	release-build test-build asan-build lint-build fuzz-build
.SECONDARY:
