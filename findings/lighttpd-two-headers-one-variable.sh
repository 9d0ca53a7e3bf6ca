#!/usr/bin/env bash
# lighttpd 1.4.69-1 (Debian 12; mod_cgi, and so mod_fastcgi and mod_scgi).
# A field's name becomes a variable of CGI by writing "-" as "_".  Apache and nginx
# therefore drop fields whose names have a "_", since nobody could tell the two
# apart.  lighttpd passes both on, as two variables of the same name, the one that
# came first first.  getenv(3) and FCGX_GetParam then find the first, and a map into
# which all of them are put the last.  A program that trusts what a proxy reports in
# a field (X-Shade here) has to look whether the variable is there twice, or lighttpd
# has to take the other spelling away.
#
# Seen on 2026-11-29:
#	X-Shade, X_Shade: HTTP_X_SHADE=proxy HTTP_X_SHADE=client
#	X_Shade, X-Shade: HTTP_X_SHADE=client HTTP_X_SHADE=proxy
# Exits 1 if that has changed.  Needs apt-get, dpkg-deb and curl.
set -euo pipefail

dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || { kill "$server"; wait "$server" || true; }; rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download lighttpd=1.4.69-1
dpkg-deb -x lighttpd_*.deb root

# A shell keeps one of two variables of a name; its own environ has both.
cat >names.cgi <<'CGI'
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\n'
cat /proc/$$/environ
CGI
chmod +x names.cgi

port=$((20000 + RANDOM % 10000))
cat >conf <<CONF
server.document-root = "$dir"
server.bind = "127.0.0.1"
server.port = $port
server.errorlog = "$dir/error.log"
server.modules = ( "mod_cgi" )
cgi.assign = ( ".cgi" => "" )
CONF
root/usr/sbin/lighttpd -D -m root/usr/lib/lighttpd -f conf &
server=$!

ask() {	# FIELD FIELD
	curl -s --retry 20 --retry-connrefused --retry-delay 1 -H "$1" -H "$2" \
	    "http://127.0.0.1:$port/names.cgi" | tr '\0' '\n' |
	    grep '^HTTP_X_SHADE=' | tr '\n' ' '
}

first=$(ask 'X-Shade: proxy' 'X_Shade: client')
second=$(ask 'X_Shade: client' 'X-Shade: proxy')
echo "X-Shade, X_Shade: $first"
echo "X_Shade, X-Shade: $second"
[ "$first" = 'HTTP_X_SHADE=proxy HTTP_X_SHADE=client ' ] &&
    [ "$second" = 'HTTP_X_SHADE=client HTTP_X_SHADE=proxy ' ]
