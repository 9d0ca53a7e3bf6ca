// Kills at random: workers, stages, programs, listeners and CGI processes of a site whose
// stages run programs that are hard to end. After each storm the visitors have left, and no
// process of a program is left.
//
// SOAK_KILLS=500 in all, in storms of 25; SEED=N repeats one. Ends with "N passed, N failed".

import { cgid, fcgid } from '../lib/apache.mjs';
import { HARD, noneLeft, script, writePrograms } from '../lib/programs.mjs';
import { startSite } from '../lib/site.mjs';
import { killAtRandom } from '../lib/storm.mjs';

const KILLS = Number(process.env.SOAK_KILLS ?? 500);
const STORM = 25;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

async function storms(server, count) {
  const stages = Object.entries(HARD).map(([part, [lines]]) => script(part, lines));
  const config = { limits: { max_runs: 3, stage_bytes: 1 << 30 } };
  const site = await startSite({ server, config, mark: false, prompts: await writePrograms(stages) });
  try {
    for (let n = 0; n < count; n++) {
      await killAtRandom(site, { kills: STORM, seed: seed + n });
      await noneLeft(site);
    }
  } finally {
    await site.stop();
  }
}

const MODES = { 'lighttpd, which starts it': 'lighttpd', 'mod_fcgid': fcgid, 'plain CGI': cgid };
const seen = { passed: 0, failed: 0 };
const count = Math.max(1, Math.ceil(KILLS / STORM / Object.keys(MODES).length));
console.log(`seed ${seed}; ${count} storms of ${STORM} kills each`);
for (const [name, server] of Object.entries(MODES)) {
  try {
    await storms(server, count);
    seen.passed++;
    console.log(`ok: ${name}: no program left`);
  } catch (e) {
    seen.failed++;
    console.log(`FAILED: ${name}: ${e.message}`);
  }
}
console.log(`${seen.passed} passed, ${seen.failed} failed`);
process.exit(seen.failed > 0 ? 1 : 0);
