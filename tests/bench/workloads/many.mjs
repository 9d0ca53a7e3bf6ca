import { sleep } from '../../lib/wait.mjs';
import { all, withBench } from '../site.mjs';

export const order = 90;
export const needs = 'site'; // its max_runs

/** 1000 runs, 8 at a time, a tenth left in the middle; at rest every worker and stage is there. */
export async function run({ row }) {
  const VISITORS = 8;
  const parts = all(20, 12);
  await withBench({ parts, provider: { 'first-ms': 5, rate: 1000 }, limits: { max_runs: VISITORS } }, async (bench) => {
    const atRest = async () => {
      // Killed stages are forked again by the next request: one whole run for each worker.
      await bench.load({ runs: VISITORS, visitors: VISITORS });
      await sleep(2000); // what a stage has not used for a second it gives back
      return bench.sample();
    };
    await bench.load({ runs: 100 - VISITORS, visitors: VISITORS, leave: 10 });
    const before = await atRest();
    const seen = await bench.load({ runs: 900 - VISITORS, visitors: VISITORS, leave: 10 });
    const after = await atRest();
    row('after 1000 runs, a tenth left, as after 100: fds', after.fds, { limit: before.fds, digits: 0 });
    row('   processes', after.processes, { limit: before.processes, digits: 0 });
    // Where a visitor left a stage is forked anew, and then has copies of its own of what was
    // shared: 7 % after 1000 runs, 10 % after 2500 and after 4000. 1 KiB lost in a run would be 11.
    row('   private memory', after.dirtyKib / 1024, { unit: 'MiB', limit: (before.dirtyKib * 1.1) / 1024 });
    row('   PSS, all processes', after.pssKib / 1024, { unit: 'MiB' });
    row('   runs a second', seen.runs.length / seen.span_s, { digits: 0 });
    row('   CPU for a run', seen.cpuMs / seen.runs.length, { unit: 'ms' });
  });
}
