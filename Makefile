# recipe.fcgi: make run, make test, make asan, make lint, make bench, ...
# `make help` lists the targets.  Everything that is made lands in build/.

VERSION	= 0.1.0
PREFIX	?= /usr/local
CFLAGS	?= -O2 -g
PORT	?= 8080

STD	= -std=c11 -D_GNU_SOURCE
WARN	= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	  -Wpointer-arith -Wcast-qual
HARD	= -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
LIBS	= -lfcgi -lcurl -ljson-c -lssl -lcrypto
DEFS	= -DVERSION='"$(VERSION)"' -DPREFIX='"$(PREFIX)"'

SRC	= recipe.fcgi.c $(wildcard lib/*.c)

# Three builds of the same files, side by side.
#	release	what is installed and run
#	test	lets tests look into /proc
#	asan	AddressSanitizer and UBSan; checks for leaks at every exit
release_FLAGS	= $(HARD) -pie -Wl,-z,relro,-z,now
test_FLAGS	= $(HARD) -pie -DTEST_BUILD
asan_FLAGS	= -DTEST_BUILD -DNO_WIPE -fsanitize=address,undefined \
		  -fno-sanitize-recover=undefined -fno-omit-frame-pointer

all: recipe.fcgi

recipe.fcgi: build/release/recipe.fcgi
	cp $< $@

define BUILD
$(1)_OBJ = $$(SRC:%.c=build/$(1)/%.o)
build/$(1)/recipe.fcgi: $$($(1)_OBJ)
	$$(CC) $$(CFLAGS) $$($(1)_FLAGS) $$(LDFLAGS) -o $$@ $$^ $$(LIBS)
build/$(1)/%.o: %.c Makefile
	@mkdir -p $$(@D)
	$$(CC) $$(STD) $$(WARN) $$(DEFS) $$(CFLAGS) $$($(1)_FLAGS) -MMD -MP \
		-c -o $$@ $$<
-include $$($(1)_OBJ:.o=.d)
endef
$(foreach b,release test asan,$(eval $(call BUILD,$(b))))

clean:
	rm -rf build recipe.fcgi

.PHONY: all clean
