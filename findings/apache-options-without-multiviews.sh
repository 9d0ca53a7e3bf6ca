#!/usr/bin/env bash
# Apache httpd 2.4.71-1~deb12u1 (Debian 12: apache2-bin), AllowOverride Options.
# "AllowOverride Options" reads as "any option may be set in .htaccess", but
# MultiViews is not among them, as it is not among "Options All": a .htaccess with
# "Options -MultiViews", which every program that routes by a path of its own
# wants to have (with MultiViews /speed is answered by speed.html), makes the
# server answer 500 to everything below it.  It takes the name: "AllowOverride
# Options=MultiViews".
#
# Seen on 2026-11-29:
#	AllowOverride Options, Options -Indexes: 200
#	AllowOverride Options, Options -MultiViews: 500
#	AllowOverride Options=MultiViews, Options -MultiViews: 200
# Exits 1 if that has changed.  Needs apt-get, dpkg-deb and curl.
set -euo pipefail

self=$(realpath "$0")
dir=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" && wait "$server"; fi || true; rm -rf "$dir"' EXIT
chmod 755 "$dir"
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download \
    apache2-bin=2.4.71-1~deb12u1 libapr1=1.7.2-3+deb12u1 \
    libaprutil1=1.6.3-1+deb12u1 libpcre2-8-0=10.42-1+deb12u2
for deb in ./*.deb; do dpkg-deb -x "$deb" root; done
libs=$dir/root/usr/lib/$(uname -m)-linux-gnu

ask() {	# OVERRIDE LINE
	rm -rf site && mkdir -p site && echo hello >site/a.txt
	echo "Options $2" >site/.htaccess
	cat >conf <<CONF
ServerName a.example
Listen 127.0.0.1:$port
PidFile $dir/pid
ErrorLog $dir/error.log
LoadModule mpm_event_module $dir/root/usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module $dir/root/usr/lib/apache2/modules/mod_authz_core.so
DocumentRoot $dir/site
<Directory $dir/site>
	AllowOverride $1
	Require all granted
</Directory>
CONF
	LD_LIBRARY_PATH=$libs root/usr/sbin/apache2 -X -f "$dir/conf" &
	server=$!
	for _ in $(seq 200); do
		status=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/a.txt") && break
		sleep .05
	done
	kill "$server"; wait "$server" || true; server=
	echo "AllowOverride $1, Options $2: $status"
}
port=$(( 20000 + $$ % 20000 ))
{
	ask Options -Indexes
	ask Options -MultiViews
	ask Options=MultiViews -MultiViews
} >seen
cat seen
diff <(sed -n 's/^#\t\(.*\)/\1/p' "$self") seen >/dev/null ||
    { echo 'this has changed' >&2; exit 1; }
