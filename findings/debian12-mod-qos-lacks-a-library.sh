#!/usr/bin/env bash
# mod_qos 11.63-1+b2 (Debian 12: libapache2-mod-qos) with Apache httpd 2.4.71
# (apache2-bin 2.4.71-1~deb12u1).  The package installs without a complaint and
# depends on libpcre3, but mod_qos.so is not linked with it, and this httpd uses
# PCRE2, so nothing loads it: "a2enmod qos" makes a server that does not start
# again, after a restart that nobody may have wanted.  A LoadFile line for the
# library before it is enough.
#
# Seen on 2026-11-29:
#	alone: Cannot load mod_qos.so into server: undefined symbol: pcre_free
#	after LoadFile libpcre.so.3: Syntax OK
# Exits 1 if that has changed.  Needs apt-get and dpkg-deb.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
chmod 755 "$dir"
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download \
    apache2-bin=2.4.71-1~deb12u1 libapache2-mod-qos=11.63-1+b2 \
    libapr1=1.7.2-3+deb12u1 libaprutil1=1.6.3-1+deb12u1 \
    libpcre2-8-0=10.42-1+deb12u2 libpcre3=2:8.39-15
for deb in ./*.deb; do dpkg-deb -x "$deb" root; done
machine=$(uname -m)-linux-gnu
modules=$dir/root/usr/lib/apache2/modules
pcre=$(find root -name 'libpcre.so.3' | head -n 1)

try() {	# LINE
	cat >conf <<CONF
ServerName a.example
Listen 127.0.0.1:18477
PidFile $dir/pid
ErrorLog $dir/error.log
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
$1
LoadModule qos_module $modules/mod_qos.so
CONF
	LD_LIBRARY_PATH=$dir/root/usr/lib/$machine:$dir/root/lib/$machine \
	    "$dir/root/usr/sbin/apache2" -d "$dir" -f "$dir/conf" -t 2>&1 ||
	    true
}

alone=$(try '')
loaded=$(try "LoadFile $dir/$pcre")
echo "alone: $alone"
echo "after LoadFile libpcre.so.3: $loaded"
grep -q 'undefined symbol: pcre_free' <<<"$alone" && grep -q 'Syntax OK' <<<"$loaded"
