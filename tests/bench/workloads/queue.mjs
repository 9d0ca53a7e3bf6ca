// 2000 visitors at once before 64 runs: the house queues, and nobody is turned away.
// Once with the shipped lighttpd.conf, and once with room for so many in its queues: 1024
// connections wait at the program's socket there, and who comes after them gets a 500.

import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT } from '../../lib/site.mjs';
import { sleep } from '../../lib/wait.mjs';
import { all, withBench } from '../site.mjs';

export const order = 35;
export const needs = 'site';

/** f with the path of such a configuration, relative to the project as startSite wants it. */
async function withRoomyTemplate(f) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-bench-'));
  try {
    const shipped = await fs.readFile(path.join(PROJECT, 'hosts/lighttpd/lighttpd.conf'), 'utf8');
    const roomy = shipped.replace(/(listen-backlog"?\s*=>?\s*)\d+/g, '$14096').replace(/(max-fds\s*=\s*)\d+/, '$116384');
    await fs.writeFile(path.join(dir, 'lighttpd.conf'), roomy);
    return await f(path.relative(PROJECT, path.join(dir, 'lighttpd.conf')));
  } finally {
    await fs.rm(dir, { recursive: true, force: true });
  }
}

async function burst(row, visitors, how, template) {
  await withBench({ parts: all(20, 12), provider: { 'first-ms': 50, rate: 100 }, site: { template } }, async (bench) => {
    let over = false;
    let most = 0;
    const load = bench.load({ runs: visitors, visitors, tolerant: true }).finally(() => (over = true));
    const watch = (async () => {
      for (; !over; await sleep(1000)) most = Math.max(most, bench.sample().pssKib / 1024);
    })();
    const [seen] = await Promise.all([load, watch]);
    row(`${visitors} visitors at once, max_runs 64, ${how}: got an error`, seen.errors, { limit: 0, digits: 0 });
    row('   PSS, most', most, { unit: 'MiB', digits: 0 });
    row('   the last was done after', seen.span_s, { unit: 's' });
  });
}

export async function run({ row, options }) {
  const visitors = options.visitors ?? 2000;
  await burst(row, visitors, 'as shipped');
  await withRoomyTemplate((template) => burst(row, visitors, 'queues of 4096', template));
}
