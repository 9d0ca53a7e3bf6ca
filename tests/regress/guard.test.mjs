// Limits of what visitors may spend: who is refused, and what is written down.

import path from 'node:path';
import { readBook } from '../lib/book.mjs';
import { folderOf } from '../lib/laps.mjs';
import { COOK, assert, run, scene, servicesOf, start, test, waitFor } from '../lib/harness.mjs';

const guarded = (guard, more = {}) => ({
  site: ({ provider }) => ({ config: { services: servicesOf(provider), default_service: '70b', guard, ...more } }),
});

test('runs of a day', scene(guarded({ site: { runs_day: 2 } }), async ({ site, provider }) => {
  provider.auto();
  await run(site);
  await run(site);
  const response = await site.post(COOK);
  assert.equal(response.status, 429);
  console.log(await response.text(), response.headers);
  console.log(await site.stderr());
  console.log((await import('node:child_process')).execFileSync(process.env.RECIPE_FCGI, ['spend'], { env: { ...process.env, RECIPE_CONFIG: path.join(site.dir, 'recipe.json'), XDG_STATE_HOME: site.dir } }).toString());
}));
