// The outer walls of the shipped files, which are commented out there: switched on they
// keep a flood from one address away, and leave twenty visitors behind one address alone.

import path from 'node:path';
import { COOK, PROJECT, Run, assert, scene, sleep, test, waitFor } from '../lib/harness.mjs';
import { cgid, fcgid, proxy } from '../lib/apache.mjs';
import { nginx } from '../lib/nginx.mjs';
import { stage } from '../lib/prompts.mjs';

const WALL = 60;
const FLOOD = 90;
const ROOM = 20;

const LUA = path.join(PROJECT, 'hosts/lighttpd/wall.lua');
const switchOn = (text) => text.replace(/^(\s*)#(?=limit_|server\.modules \+=|magnet\.|QS_)/gm, '$1').replaceAll('/etc/lighttpd/wall.lua', LUA);

const KINDS = {
  nginx: { server: nginx('listen') },
  lighttpd: { server: 'lighttpd' },
  'mod_fcgid': { server: fcgid, modules: ['qos'] },
  'plain CGI': { server: cgid, modules: ['qos'] },
  'mod_proxy_fcgi': { server: proxy('listen'), modules: ['qos'] },
};

const site = (options) => ({
  ...options, change: switchOn, limits: { max_runs: 200, stage_requests: 1 },
  edit: async (graph) => {
    graph.stages = [{ ...stage('ing'), service: ['70b'] }];
  },
});

/** The status of one visit that begins, 0 if its connection was closed; `leave` ends it. */
async function visit(server, flood) {
  try {
    const response = await server.post(COOK, { signal: flood.signal });
    return response.status;
  } catch {
    return 0;
  }
}

for (const [name, options] of Object.entries(KINDS)) {
  test(`${name}: twenty behind one address are served, with a second request each`, scene(site(options), async ({ site: server, provider }) => {
    provider.auto((x) => setTimeout(() => x.answer('Text.'), 300));
    const all = Array.from({ length: ROOM }, async () => {
      const run = new Run(await server.post(COOK));
      assert.equal((await server.get('/services')).status, 200);
      return run.over();
    });
    for (const run of await Promise.all(all)) assert.equal(run.stateOf('ing'), 'done');
  }));

  test(`${name}: a flood from one address meets a wall, and nothing is left of it`, scene(site(options), async ({ site: server, provider }) => {
    provider.auto(() => false);
    const flood = new AbortController();
    const seen = [];
    for (let n = 0; n < FLOOD; n++) void visit(server, flood).then((status) => seen.push(status));
    await waitFor(() => seen.filter((status) => status !== 200).length >= 1, () => `one to be refused: ${seen}`);
    await sleep(300);
    const served = seen.filter((status) => status === 200).length;
    assert.ok(served <= WALL, `${served} are served`);
    flood.abort();
    await provider.allClosed();
    provider.auto((x) => x.answer('Text.'));
    // While the old connections still count, a next one may be refused, and reset as well.
    await waitFor(() => server.post(COOK).then(async (r) => (await r.text(), r.status === 200), () => false), 'the next one to be served');
  }));
}
