// Kills at random among the processes of a site and its programs, while visitors
// come and go. The same seed draws the same numbers.

import * as proc from './proc.mjs';
import { programsOf } from './programs.mjs';
import { ASK } from './prompts.mjs';
import { Run } from './run.mjs';
import { sleep } from './wait.mjs';

/** A number from 0 to below n; the same series for the same seed. */
export function drawing(seed) {
  let drawn = seed;
  return (n) => {
    drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((drawn / 2 ** 32) * n);
  };
}

/** Asks for runs, one after the other, leaves some of them, and does not mind what becomes of them. */
async function visitor(site, over, draw) {
  while (!over.signal.aborted) {
    try {
      const response = await site.post(ASK, { signal: over.signal });
      const run = response.status === 200 ? new Run(response) : null;
      if (run) await Promise.race([run.closed(), sleep(100 + draw(600))]);
      run?.leave();
    } catch {
      // The process that served him was killed.
    }
    await sleep(20);
  }
}

/** Kills so many processes by SIGKILL, one after the other; then all visitors have left. */
export async function killAtRandom(site, { kills, seed, visitors = 3 }) {
  const draw = drawing(seed);
  const over = new AbortController();
  const all = Array.from({ length: visitors }, () => visitor(site, over, draw));
  for (let n = 0; n < kills;) {
    await sleep(10 + draw(60));
    const living = [...site.ours(), ...programsOf(site)];
    if (living.length > 0 && proc.kill(living[draw(living.length)], 'SIGKILL')) n++;
  }
  over.abort();
  await Promise.all(all);
}
