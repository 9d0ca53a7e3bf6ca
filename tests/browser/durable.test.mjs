// A page of another origin reads a kept run by the published client of Durable Streams: each way, over a line that
// breaks, and after a reload from the offset that it has stored with its last batch.

import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe } from 'node:test';
import { ENGINES, open } from '../engines/lib.mjs';
import { startCutter } from '../lib/cutter.mjs';
import { PROJECT, assert, startSite, test } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';
import { beginNamed, eventsOf, plainEvent } from '../lib/named.mjs';
import { drawing } from '../lib/storm.mjs';

const CLIENTS = path.join(PROJECT, 'tests/clients');
const CLIENT = path.join(CLIENTS, 'node_modules/@durable-streams/client/dist/index.js');
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const CUTS = 12;

const READER = `
import { stream } from '/client.js';
import { asEvent, readDurable } from '/durable.js';

const asked = new URLSearchParams(location.search);
const live = asked.get('live') === 'false' ? false : asked.get('live');
window.state = JSON.parse(sessionStorage.state ?? '{ "offset": "-1", "seen": [], "began": [] }');
state.began.push(state.seen.length);
await readDurable(stream, { url: asked.get('url'), live, offset: state.offset, take(items, offset) {
  state.seen.push(...items.map(asEvent));
  state.offset = offset;
  sessionStorage.state = JSON.stringify(state);
} });
window.isOver = true;`;

/** A site of somebody else, with such a page. */
async function startPage() {
  const files = { '/client.js': readFileSync(CLIENT), '/durable.js': readFileSync(path.join(CLIENTS, 'durable.mjs')), '/reader.js': READER };
  const server = http.createServer(({ url }, response) => {
    const type = files[url] ? 'text/javascript' : 'text/html';
    response.writeHead(200, { 'content-type': type }).end(files[url] ?? '<!doctype html><title>Elsewhere</title><script type="module" src="/reader.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return { origin, stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

const skip = existsSync(CLIENT) ? false : 'only `make test` installs tests/clients';

function reads(engine, live) {
  test(`live: ${live}, ${engine}`, { skip }, async (t) => {
    const page = await startPage();
    const home = await startHome({ slots: 100, gapMs: 60 });
    const service = home.provider.service('m');
    const site = await startSite({ server: 'lighttpd', config: { services: { '70b': service, 'groq-8b': service }, cors: [page.origin] } });
    const draw = drawing(SEED);
    const cutter = await startCutter(site.port, () => 400 + draw(4000), CUTS);
    const tab = await open(engine);
    try {
      const run = await beginNamed(site);
      await tab.goto(`${page.origin}/?${new URLSearchParams({ live, url: `${cutter.base}runs/${run.id}` })}`);
      await tab.until('some batches', () => window.state.seen.length >= 10);
      await tab.reload();
      await tab.until('the end', () => window.isOver);
      await run.over;
      const { seen, began } = await tab.evaluate(() => window.state);
      assert.deepEqual(seen.map(plainEvent), eventsOf(run.text).map(plainEvent), `seed ${SEED}`);
      assert.ok(began[0] === 0 && began[1] >= 10 && began[1] < seen.length, `from the middle: ${began}`);
      assert.ok(cutter.cuts > 0, 'it was cut');
      assert.ok(!cutter.heads.some((head) => head.startsWith('OPTIONS')), 'without a preflight');
      t.diagnostic(`${seen.length} messages, ${cutter.cuts} cuts, on from ${began[1]}`);
    } finally {
      await tab.close();
      await cutter.stop();
      await site.stop();
      await home.stop();
      await page.stop();
    }
  });
}

describe(`the client of Durable Streams in a page of another origin, seed ${SEED}`, { concurrency: 3 }, () => {
  for (const engine of ENGINES) {
    describe(engine, { concurrency: 1 }, () => {
      for (const live of ['false', 'long-poll', 'sse']) reads(engine, live);
    });
  }
});
