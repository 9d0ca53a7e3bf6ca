#!/bin/bash
# Package: event-source-plus 0.1.15 (npm), on Node of the pinned npm package node 22.23.3.
# Behaviour: it takes white space off both ends of the data of each event. The HTML standard
# (9.2.6) takes off one space after the colon and nothing else. A model's text that is streamed
# in pieces ("Fry", " the", " onions ") comes out glued together, without an error.
# Output seen, 2026-11-29:
#   sent     ["Fry "," the ","onions"]
#   received ["Fry","the","onions"]
# Exit status 1 if it has changed.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
printf '{"private":true,"type":"module"}\n' > package.json
npm install --silent --no-audit --no-fund node@22.23.3 event-source-plus@0.1.15 > /dev/null 2>&1
cat > try.mjs <<'END'
import http from 'node:http';
import { EventSourcePlus } from 'event-source-plus';

// After "data:" comes one space, which the standard takes off, and then the text.
const sent = ['Fry ', ' the ', 'onions'];
const server = http.createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.write(sent.map((text) => `data: ${text}\n\n`).join(''));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const received = [];
const controller = new EventSourcePlus(`http://127.0.0.1:${server.address().port}/`).listen({
  onMessage({ data }) {
    received.push(data);
    if (received.length < sent.length) return;
    controller.abort();
    console.log(`sent     ${JSON.stringify(sent)}`);
    console.log(`received ${JSON.stringify(received)}`);
    process.exit(JSON.stringify(received) === JSON.stringify(['Fry', 'the', 'onions']) ? 0 : 1);
  },
});
setTimeout(() => process.exit(1), 20_000).unref();
END
timeout 40 node_modules/.bin/node try.mjs
