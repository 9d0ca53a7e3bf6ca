#!/usr/bin/env bash
# json-c 0.18 (Debian 13: libjson-c5 0.18+ds-1), json_tokener_parse_ex.
# JSON_TOKENER_STRICT refuses every string that holds a character beyond ASCII:
# alone as "invalid string sequence", with JSON_TOKENER_VALIDATE_UTF8 as "invalid
# utf-8 string".  The text is valid JSON in UTF-8, and is taken without STRICT.
# (Its check for control characters compares a plain char, which is signed on
# x86-64.)  0.16 of Debian 12 takes it whatever the flags.
#
# Seen on 2026-11-28:
#	0.18 none          taken
#	0.18 strict        refused: invalid string sequence
#	0.18 utf8          taken
#	0.18 strict+utf8   refused: invalid utf-8 string
# Exits 1 if that has changed.  Needs apt-get, gcc and dpkg-deb.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
key=/usr/share/keyrings/debian-archive-keyring.gpg

# The packages of one release, from where this machine gets its own, unpacked.
unpack() {	# RELEASE PACKAGE=VERSION...
	local release=$1 root=$dir/$1
	shift
	mkdir -p "$root/lists/partial" "$root/debs"
	apt-get indextargets 'Created-By: Packages' 'Label: Debian' \
	    'Component: main' \
	    --format "deb [signed-by=$key] \$(SITE) $release main" |
	    sort -u >"$root/sources.list"
	local apt=(apt-get -qq -o Dir::Etc::SourceList="$root/sources.list"
	    -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$root/lists"
	    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
	    -o APT::Sandbox::User=root)
	"${apt[@]}" update
	(cd "$root/debs" && "${apt[@]}" download "$@")
	for deb in "$root"/debs/*.deb; do dpkg-deb -x "$deb" "$root"; done
}

cat >"$dir/try.c" <<'C'
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
int main(void)
{
	static const struct { const char *name; int flags; } ways[] = {
		{ "none", 0 }, { "strict", JSON_TOKENER_STRICT },
		{ "utf8", JSON_TOKENER_VALIDATE_UTF8 },
		{ "strict+utf8", JSON_TOKENER_STRICT |
		    JSON_TOKENER_VALIDATE_UTF8 } };
	const char *text = "{\"dish\": \"\xea\xb9\x80\xec\xb9\x98\"}";
	for (int i = 0; i < 4; i++) {
		struct json_tokener *tok = json_tokener_new();
		json_tokener_set_flags(tok, ways[i].flags);
		struct json_object *o = json_tokener_parse_ex(tok, text,
		    (int)strlen(text));
		printf("%.4s %-13s %s%s\n", json_c_version(), ways[i].name,
		    o ? "taken" : "refused: ", o ? "" :
		    json_tokener_error_desc(json_tokener_get_error(tok)));
		json_object_put(o);
		json_tokener_free(tok);
	}
	return 0;
}
C
try() {		# RELEASE: with that release's own C library, too
	local root=$dir/$1 lib
	lib=$(dirname "$(find "$root" -name 'libjson-c.so.5' | head -n 1)")
	gcc -o "$root/try" "$dir/try.c" -I"$root/usr/include" \
	    "$lib/libjson-c.so.5" -Wl,--allow-shlib-undefined
	"$(find "$root" -name 'ld-linux-x86-64.so.2' | head -n 1)" \
	    --library-path "$lib:$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu" "$root/try"
}

unpack trixie libjson-c5=0.18+ds-1 libjson-c-dev=0.18+ds-1 libc6
try trixie | tee "$dir/seen"
diff <(sed -n 's/^#\t\(0\.18 \)/\1/p' "$0") "$dir/seen" >/dev/null ||
    { echo 'this has changed' >&2; exit 1; }
