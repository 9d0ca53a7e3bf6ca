#!/bin/bash
# Firefox ESR 153.8.0esr-1~deb12u1 (Debian 12, firefox-esr), EventSource.
# Behaviour: of another origin it comes again after a stream that breaks, but if the next answer
# breaks within its head, or the server refuses the connection because it is being restarted, it
# takes that for a refusal by CORS ("CORS request did not succeed") and is closed for good. Of its
# own origin it comes again as often as it must. The HTML standard (9.2.3) has any network error
# reestablish the connection. A page of another origin must make a new EventSource when one is
# closed, after the last id that it has.
# Seen on 2026-11-30 (an event, reset; then as it says; then another event):
#	own origin, head cut:        one two
#	own origin, refused 2 s:     one two
#	other origin, head cut:      one closed
#	other origin, refused 2 s:   one closed
# Exits 1 if that has changed. Needs firefox-esr and python3.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir home profile
cat >try.py <<'PY'
import os, signal, socket, struct, subprocess, sys, threading, time, urllib.parse

PAGE = '''<!doctype html><title>t</title><script>
const said = [];
const tell = (word) => {
  said.push(word);
  if (word !== 'one') fetch('/said?' + said.join('%%20'));
};
const source = new EventSource('%s/events');
source.onmessage = ({ data }) => tell(data);
source.onerror = () => source.readyState === EventSource.CLOSED && tell('closed');
</script>'''
HEAD = 'HTTP/1.1 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\nContent-Type: text/'
origin, fault = sys.argv[1:]
over = threading.Event()
asked = []


def answer(conn):
    request = conn.recv(65536).decode()
    if request.startswith('GET /events'):
        asked.append(1)
        if len(asked) == 2 and fault == 'head cut':
            conn.sendall(HEAD[:30].encode())
        else:
            word = 'one' if len(asked) == 1 else 'two'
            conn.sendall((HEAD + 'event-stream\r\n\r\nretry: 100\ndata: %s\nid: 1\n\n' % word).encode())
        time.sleep(0.5)
        if len(asked) == 1 and fault == 'refused 2 s':
            listeners[-1].shutdown(socket.SHUT_RDWR)
            listeners[-1].close()
            threading.Timer(2, listen, (port,)).start()
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        return conn.close()
    if request.startswith('GET /said?'):
        print(urllib.parse.unquote(request.split()[1][6:]), flush=True)
        over.set()
    page = PAGE % ('' if origin == 'own' else 'http://127.0.0.1:%d' % port)
    conn.sendall((HEAD + 'html\r\n\r\n' + (page if request.startswith('GET / ') else '')).encode())
    conn.close()


def serve(listener):
    while listener.fileno() >= 0:
        threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()


def listen(at=0):
    listeners.append(socket.create_server(('127.0.0.1', at)))
    threading.Thread(target=serve, args=(listeners[-1],), daemon=True).start()
    return listeners[-1].getsockname()[1]


listeners = []
pages, events = listen(), listen() if origin != 'own' else None
port = events or pages
firefox = subprocess.Popen(['firefox-esr', '--headless', '--profile', 'profile', '--no-remote', 'http://127.0.0.1:%d/' % pages],
                           env=dict(os.environ, HOME=os.getcwd() + '/home', MOZ_DISABLE_CONTENT_SANDBOX='1'),
                           start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
over.wait(13)
os.killpg(firefox.pid, signal.SIGKILL)
firefox.wait()
PY
for origin in own other; do for fault in 'head cut' 'refused 2 s'; do
	said=$(/usr/bin/python3 try.py $origin "$fault" 2>/dev/null || true)
	printf '%-28s %s\n' "$origin origin, $fault:" "$said"
done; done | tee said
[ "$(grep -c '^own .* one two$' said) $(grep -c '^other .* one closed$' said)" = '2 2' ]
