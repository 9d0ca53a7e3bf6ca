// 2000 visitors at once before 64 runs. As shipped: who finds max_waiting others waiting is
// told with a 503 to come again. And with room for all of them in the house's queue and
// in lighttpd's: nobody is turned away.

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

async function burst(row, visitors, how, { limit, limits, template }) {
  await withBench({ parts: all(20, 12), provider: { 'first-ms': 50, rate: 100 }, limits, site: { template } }, async (bench) => {
    let over = false;
    let most = 0;
    const load = bench.load({ runs: visitors, visitors, tolerant: true }).finally(() => (over = true));
    const watch = (async () => {
      for (; !over; await sleep(1000)) most = Math.max(most, bench.sample().pssKib / 1024);
    })();
    const [seen] = await Promise.all([load, watch]);
    row(`${visitors} visitors at once, max_runs 64, ${how}: got an error`, seen.errors, { limit, digits: 0 });
    row('   PSS, most', most, { unit: 'MiB', digits: 0 });
    row('   the last was done after', seen.span_s, { unit: 's' });
  });
}

export async function run({ row, options }) {
  const visitors = options.visitors ?? 2000;
  await burst(row, visitors, 'as shipped', {});
  const limits = { max_waiting: visitors };
  await withRoomyTemplate((template) => burst(row, visitors, `max_waiting ${visitors}`, { limit: 0, limits, template }));
}
