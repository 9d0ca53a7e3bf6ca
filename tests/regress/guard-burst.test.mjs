// A burst of visitors on a budget of a few runs, with workers killed in the middle. The
// numbers of the whole are those of tests/soak/guard.mjs.

import { test, underAsan } from '../lib/harness.mjs';
import { cgid, fcgid } from '../lib/apache.mjs';
import { burst, drawer } from '../lib/burst.mjs';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const MODES = { 'lighttpd, which starts it': 'lighttpd', mod_fcgid: fcgid, 'plain CGI': cgid };

for (const [name, server] of Object.entries(MODES)) {
  test(`${name}: never over, and all of it at last`, async (t) => {
    t.diagnostic(`SEED=${seed}`);
    const seen = await burst(server, { visitors: (await underAsan()) ? 20 : 60, budget: 8, kills: 3, draw: drawer(seed) });
    t.diagnostic(JSON.stringify(seen));
  });
}
