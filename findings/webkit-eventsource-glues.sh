#!/bin/bash
# WebKitGTK 2.50.6-1~deb12u2 (Debian 12, libwebkit2gtk-4.1-0), EventSource.
# Behaviour: if the connection breaks within an event, what has come of that event is kept, and
# put in front of what comes after the reconnection. So a line of the old answer and the first
# line of the new one become one, and are told as an event that nobody has sent; and then the
# event that was cut comes whole. The HTML standard (9.2.6) discards what is not whole at the end
# of a stream. Chromium 156 and Firefox 153.8 do so.
# For a server that begins each answer with a comment, the words are those of the comment. A
# reader can tell: the id of such an event is that of the one before it.
# Seen on 2026-11-30 (sent: one=1, two=2; the first answer is reset in the middle of two):
#	with a comment first:    one=1 t: ok=1 two=2
#	with data at once:       one=1 tdata: two=2
# Exits 1 if that has changed. Needs Xvfb, python3-gi and gir1.2-webkit2-4.1.
set -eu
dir=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" && wait "$server"; fi || true; rm -rf "$dir"' EXIT
cd "$dir"
export HOME=$dir XDG_CACHE_HOME=$dir XDG_DATA_HOME=$dir XDG_CONFIG_HOME=$dir
Xvfb -displayfd 3 -nolisten tcp 3>number 2>/dev/null &
server=$!
for _ in $(seq 100); do [ -s number ] && break; sleep 0.1; done
DISPLAY=:$(cat number); export DISPLAY
cat >try.py <<'PY'
import socket, struct, sys, threading
import gi
gi.require_version('Gtk', '3.0')
gi.require_version('WebKit2', '4.1')
from gi.repository import GLib, Gtk, WebKit2

PAGE = b'''<!doctype html><script>
const said = [];
new EventSource('/events').onmessage = ({ data, lastEventId }) => {
  said.push(`${data}=${lastEventId}`);
  if (lastEventId === '2') document.title = said.join(' ');
};
</script>'''
first = sys.argv[1].encode().decode('unicode_escape').encode()


def answer(conn):
    request = conn.recv(65536)
    head = b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/'
    if not request.startswith(b'GET /events'):
        conn.sendall(head + b'html\r\n\r\n' + PAGE)
    elif b'Last-Event-ID: 1' in request:
        conn.sendall(head + b'event-stream\r\n\r\n' + first + b'data: two\nid: 2\n\n')
        return
    else:
        conn.sendall(head + b'event-stream\r\n\r\nretry: 100\ndata: one\nid: 1\n\ndata: t')
        threading.Event().wait(1)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    conn.close()


def serve():
    kept = []
    while True:
        kept.append(listener.accept()[0])
        threading.Thread(target=answer, args=(kept[-1],), daemon=True).start()


listener = socket.create_server(('127.0.0.1', 0))
threading.Thread(target=serve, daemon=True).start()
view = WebKit2.WebView()
window = Gtk.Window()
window.add(view)
window.show_all()
view.connect('notify::title', lambda v, _: (print(v.get_title(), flush=True), Gtk.main_quit()))
GLib.timeout_add_seconds(20, Gtk.main_quit)
view.load_uri('http://127.0.0.1:%d/' % listener.getsockname()[1])
Gtk.main()
PY
comment=$(/usr/bin/python3 try.py ': ok\n\n' 2>/dev/null)
at_once=$(/usr/bin/python3 try.py '' 2>/dev/null)
printf 'with a comment first:    %s\nwith data at once:       %s\n' "$comment" "$at_once"
[ "$comment" = 'one=1 t: ok=1 two=2' ] && [ "$at_once" = 'one=1 tdata: two=2' ]
