// A home server with one, four or any number of places: how long a run takes whose site
// finds out the number, over one whose "parallel" is right, from the third run on. In
// turns, each with a site of its own that knows nothing yet.

import { startHome } from '../../lib/home.mjs';
import { run as visit } from '../../lib/run.mjs';
import { startSite } from '../../lib/site.mjs';
import { mean } from '../site.mjs';

export const order = 75;
export const needs = 'site';
export const extra = true;

const TURNS = 5;
const RUNS = 3;
const BAR = 1.1;
const SERVERS = [{ name: 'one place', slots: 1, right: 1 }, { name: 'four places', slots: 4, right: 4 }, { name: 'any number', slots: 1000, right: 1000 }];

/** Milliseconds of a run after the second, of two visitors at once. */
async function timed({ slots }, parallel) {
  const home = await startHome({ slots, gapMs: 30 });
  const service = { ...home.provider.service('m'), ...parallel };
  const site = await startSite({ server: 'listen', places: 'as they are', config: { services: { '70b': service, 'groq-8b': service } } });
  const both = () => Promise.all([visit(site), visit(site)]);
  try {
    for (let n = 0; n < 2; n++) await both();
    const began = performance.now();
    for (let n = 0; n < RUNS; n++) await both();
    return (performance.now() - began) / RUNS;
  } finally {
    await site.stop();
    await home.stop();
  }
}

export async function run({ row, options }) {
  for (const server of SERVERS) {
    const found = [];
    const set = [];
    for (let n = 0; n < (options.pairs ?? TURNS); n++) {
      const turns = [() => timed(server, {}).then((ms) => found.push(ms)), () => timed(server, { parallel: server.right }).then((ms) => set.push(ms))];
      for (const turn of n % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    row(`a home server with ${server.name}: a run, over one with "parallel" set`, mean(found) / mean(set), { limit: BAR });
  }
}
