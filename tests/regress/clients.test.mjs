// Kept runs, read by clients that nobody here wrote (tests/clients), over a line that breaks at
// random places: whole, in order, nothing twice, and nothing is asked for when it is over.

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { startCutter } from '../lib/cutter.mjs';
import { COOK, PROJECT, assert, startSite, test } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';
import { eventsOf, plainEvent } from '../lib/named.mjs';
import { drawing } from '../lib/storm.mjs';

const DIR = path.join(PROJECT, 'tests/clients');
const NODE = path.join(DIR, 'node_modules/.bin/node');
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const CUTS = 12;


// It takes white space off both ends of the data, so words are glued together: docs/client.md.
const trims = new Set(['event-source-plus']);
const trimmed = ([id, data]) => [id, data.trim()];

const CLIENTS = ['eventsource', 'undici', 'event-source-polyfill', 'eventsource-client', 'event-source-plus', 'fetch-event-source', 'durable-catch-up', 'durable-long-poll', 'durable-sse'];

for (const name of CLIENTS) {
  test(`${name}: a run that has ended, and one that is written meanwhile`, { skip: existsSync(NODE) ? false : 'only `make test` installs tests/clients' }, async () => {
    const home = await startHome({ slots: 100, gapMs: 8 });
    const services = { '70b': home.provider.service('m'), 'groq-8b': home.provider.service('m') };
    const site = await startSite({ server: 'lighttpd', config: { services } });
    const draw = drawing(SEED);
    const cutter = await startCutter(site.port, () => 400 + draw(4000), CUTS);
    try {
      for (const isLive of [true, false]) {
        const response = await site.post(COOK, { headers: { 'idempotency-key': randomUUID() } });
        let text = '';
        const id = new Promise((resolve) => {
          (async () => {
            const decoder = new TextDecoder();
            for await (const chunk of response.chunks) {
              text += decoder.decode(chunk, { stream: true });
              const found = /"id":"([0-9a-f]{32})"/.exec(text);
              if (found && isLive) resolve(found[1]);
            }
            resolve(/"id":"([0-9a-f]{32})"/.exec(text)[1]);
          })();
        });
        cutter.left = CUTS;
        const { stdout } = await promisify(execFile)(NODE, [path.join(DIR, 'read.mjs'), name, `${cutter.base}runs/${await id}`], { timeout: 60_000 });
        const [seen, sent] = [JSON.parse(stdout), eventsOf(text)].map((list) => list.map(plainEvent).map(trims.has(name) ? trimmed : (event) => event));
        assert.deepEqual(seen, sent, `seed ${SEED}`);
        assert.ok(cutter.left < CUTS, 'it was cut');
      }
      assert.equal(home.requests, 12);
    } finally {
      await cutter.stop();
      await site.stop();
      await home.stop();
    }
  });
}
