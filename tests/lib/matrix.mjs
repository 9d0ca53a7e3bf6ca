// Runs the behaviours on the hosts of one server, and keeps what came out for
// the matrix that the test run prints.

import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { BEHAVIOURS, SCENES } from './behaviours.mjs';
import { makeAuthority } from './ca.mjs';
import { scene } from './harness.mjs';
import { HOSTS, nameOf } from './hosts.mjs';
import { PROJECT } from './site.mjs';

const results = path.join(PROJECT, 'build', process.env.RECIPE_BUILD ?? 'test', 'hosts');

async function certificate() {
  const authority = await makeAuthority();
  return { authority, tls: await authority.files() };
}

/** The site of a host in a scene. */
function optionsOf(host, name, tls) {
  const { limits, pages } = SCENES[name];
  const extra = name === 'silent' ? host.silence : name === 'full' ? host.full : '';
  return { server: host.start, tls, extra, pages, limits: { ...limits, ...(host.pad ? { pad: host.pad } : {}) }, ...host.site };
}

async function checkScene(t, host, name, tls, record) {
  const checks = BEHAVIOURS.filter(([, where]) => where === name);
  await scene(optionsOf(host, name, tls), async (set) => {
    for (const [what, , check] of checks) {
      const reason = host.not?.[what];
      if (reason) {
        record[what] = reason;
        continue;
      }
      await t.test(`${nameOf(host)}: ${what}`, async () => {
        record[what] = 'failed';
        await check({ ...set, host });
        record[what] = 'ok';
      });
    }
  })(t);
}

/** All tests of one server's hosts, or of some of them, one after the other. */
export function testHosts(server, which = () => true) {
  for (const host of HOSTS.filter((h) => h.server === server && which(h))) {
    if (process.env.HOST && !nameOf(host).includes(process.env.HOST)) continue;
    test(nameOf(host), async (t) => {
      const record = {};
      const { authority, tls } = await certificate();
      try {
        for (const name of Object.keys(SCENES)) await checkScene(t, host, name, tls, record);
      } finally {
        await authority.remove();
        fs.mkdirSync(results, { recursive: true });
        fs.writeFileSync(path.join(results, `${nameOf(host).replace(/\W+/g, '-')}.json`), JSON.stringify({ name: nameOf(host), record }));
      }
    });
  }
}
