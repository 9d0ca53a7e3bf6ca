#!/usr/bin/env bash
# nginx 1.22.1-9+deb12u11 (Debian 12: nginx-common, nginx), fastcgi_params.
# The shipped file sets HTTP_HOST to $host, which has no port; without that line
# nginx passes the visitor's Host header as it is.  So a FastCGI program that
# compares Origin ("http://a.example:8080") with HTTP_HOST ("a.example") takes the
# site's own page for a foreign one on every port but 80.  fastcgi_param
# HTTP_HOST $http_host before the include mends it for readers that take the
# first of two.
#
# Seen on 2026-11-28:
#	fastcgi_params: HTTP_HOST $host
#	$host: a.example
#	$http_host: a.example:8080
# Exits 1 if that has changed.  Needs apt-get, dpkg-deb and curl.
set -euo pipefail

self=$(realpath "$0")
dir=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" && wait "$server"; fi || true; rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download \
    nginx-common=1.22.1-9+deb12u11 nginx=1.22.1-9+deb12u11
for deb in ./*.deb; do dpkg-deb -x "$deb" root; done

cat >conf <<CONF
daemon off; master_process off; pid $dir/pid; error_log $dir/error.log;
events {}
http {
	access_log off;
	client_body_temp_path $dir/b; proxy_temp_path $dir/p;
	fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
	server {
		listen unix:$dir/sock;
		return 200 "\$host\n\$http_host\n";
	}
}
CONF
root/usr/sbin/nginx -e "$dir/error.log" -c "$dir/conf" &
server=$!
for _ in $(seq 200); do [ -S sock ] && break; sleep .05; done
{
	awk '$2 == "HTTP_HOST" { sub(/;.*/, "", $3)
	    print "fastcgi_params: HTTP_HOST " $3 }' root/etc/nginx/fastcgi_params
	curl -s --unix-socket sock -H 'Host: a.example:8080' http://x/ |
	    sed '1s/^/$host: /; 2s/^/$http_host: /'
} | tee seen
diff <(sed -n 's/^#\t\(.*\)/\1/p' "$self") seen >/dev/null ||
    { echo 'this has changed' >&2; exit 1; }
