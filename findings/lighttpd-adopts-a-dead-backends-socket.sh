#!/usr/bin/env bash
# lighttpd 1.4.69-1 (Debian 12; mod_fastcgi with "bin-path").
# Before lighttpd starts a FastCGI program again that has died, it connects to the
# program's socket.  If that succeeds, it takes the socket for that of a server
# which somebody else has started, and never starts the program again: not after
# the last process that held the socket has gone, nor after minutes.  Every request
# gets 503 until lighttpd itself is restarted.  A listening socket is open as long
# as any child of the dead program has it, even one that is about to close it.  So
# a program that forks must close the listening socket in its children before
# anything else; and one whose children keep it (as php-cgi's do) is lost if its
# parent alone is killed.
#
# Seen on 2026-11-29:
#	killed, and no child holds the socket: started again
#	killed while a child holds the socket for 2 s: not started again, 503
# Exits 1 if that has changed.  Needs apt-get, dpkg-deb and curl.
set -euo pipefail

self=$(realpath "$0")
dir=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" && wait "$server"; fi || true
    xargs -r kill <"$dir/starts" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download lighttpd=1.4.69-1
dpkg-deb -x lighttpd_*.deb root

# Its socket is on descriptor 0, in whose place bash gives /dev/null to what it runs
# with "&"; descriptor 5 is inherited.
cat >program <<PROGRAM
#!/bin/bash
echo \$\$ >>$dir/starts
if [ -e $dir/child ]; then exec 5<&0; sleep 2 & exec 5<&-; fi
exec sleep 1000
PROGRAM
chmod +x program

# serve PORT: starts lighttpd, kills the program, and asks for five seconds.
serve() {
	: >starts
	cat >conf <<CONF
server.document-root = "$dir"
server.bind = "127.0.0.1"
server.port = $1
server.errorlog = "$dir/error.log"
server.modules = ( "mod_fastcgi" )
fastcgi.server = ( "/" => (( "bin-path" => "$dir/program",
    "socket" => "$dir/sock$1", "max-procs" => 1, "check-local" => "disable" )) )
CONF
	root/usr/sbin/lighttpd -D -m root/usr/lib/lighttpd -f conf &
	server=$!
	for _ in $(seq 100); do [ -s starts ] && break; sleep .05; done
	sleep .3
	kill -9 "$(cat starts)"
	for _ in $(seq 5); do
		sleep 1
		status=$(curl -s -m 1 -o /dev/null -w '%{http_code}' "127.0.0.1:$1/x") || true
	done
	kill "$server"; wait "$server" || true
	server=
}

port=$((20000 + RANDOM % 10000))
{
	serve "$port"
	[ "$(wc -l <starts)" -gt 1 ] && echo 'killed, and no child holds the socket: started again'
	xargs -r kill <starts 2>/dev/null || true
	touch child
	serve $((port + 1))
	[ "$(wc -l <starts)" = 1 ] &&
	    echo "killed while a child holds the socket for 2 s: not started again, $status"
} | tee seen
diff <(sed -n 's/^#\t\(.*\)/\1/p' "$self") seen >/dev/null ||
    { echo 'this has changed' >&2; exit 1; }
