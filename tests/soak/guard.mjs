// Bursts on a budget: 500 visitors at once on a site that may begin 20 runs today, while
// workers are killed. Never do more than 20 runs ask anything, and after each burst the
// rest can be had, to the last one.
//
// SOAK_BURSTS=100 of each web server; SEED=N repeats one. Ends with "N passed, N failed".

import { cgid, fcgid } from '../lib/apache.mjs';
import { burst, drawer } from '../lib/burst.mjs';

const BURSTS = Number(process.env.SOAK_BURSTS ?? 100);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const draw = drawer(seed);
const MODES = { 'lighttpd, which starts it': 'lighttpd', mod_fcgid: fcgid, 'plain CGI': cgid };
const seen = { passed: 0, failed: 0 };

console.log(`seed ${seed}; ${BURSTS} bursts each`);
for (const [name, server] of Object.entries(MODES)) {
  const sums = { bursts: 0, begun: 0, refused: 0, killed: 0 };
  let failure = null;
  for (let n = 0; n < BURSTS && !failure; n++) {
    try {
      const one = await burst(server, { visitors: 500, budget: 20, kills: 10, draw });
      sums.bursts++;
      for (const key of Object.keys(one)) sums[key] += one[key];
    } catch (e) {
      failure = e;
    }
  }
  seen[failure ? 'failed' : 'passed']++;
  console.log(`${failure ? 'FAILED' : 'ok'}: ${name}: ${sums.bursts} bursts, ${sums.begun} runs begun in them, ${sums.killed} processes killed, ${sums.refused} visitors refused${failure ? `: ${failure.message}` : ''}`);
}
console.log(`${seen.passed} passed, ${seen.failed} failed`);
process.exit(seen.failed > 0 ? 1 : 0);
