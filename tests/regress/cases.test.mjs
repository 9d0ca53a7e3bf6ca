// Every case of tests/cases, three ways: whole, a byte at a time, over HTTPS.
// Two dozen cases share a site and a run: each is a stage with a service of its own,
// so that one visitor sees two dozen odd servers at once. CASE=c12 runs only those
// whose name contains it.

import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PROJECT, makeAuthority, run, startSite, test } from '../lib/harness.mjs';
import { judgeRequests, judgeRun, judgeSecrets, readCases } from '../lib/cases.mjs';
import { ASK, listStages, stage, writePrompts } from '../lib/prompts.mjs';
import { startScript } from '../lib/script.mjs';

const TOGETHER = 28; // stages; a graph may have 32
const WAYS = [{ name: 'whole' }, { name: 'bytewise', bytewise: true }, { name: 'https', https: true }];
const cases = readCases(path.join(PROJECT, 'tests/cases'), process.env.CASE);

/** Cases with the same limits, as many as one graph holds; those that are tried again share their waits. */
function batches(list) {
  const made = [];
  const waits = (it) => it.replies.some((reply) => reply.repeat);
  for (const it of [...list].sort((a, b) => waits(a) - waits(b))) {
    const limits = JSON.stringify(it.limits);
    const size = it.list ? 3 : 1;
    let open = made.find((batch) => batch.limits === limits && batch.size + size <= TOGETHER);
    if (!open) made.push((open = { limits, size: 0, cases: [] }));
    open.size += size;
    open.cases.push(it);
  }
  return made.map((batch) => batch.cases);
}

function serviceOf(it, index, server, env) {
  const { base_url = '/v1', key, ...rest } = it.service;
  const secret = key === undefined ? {} : { key: `env:CASE_KEY_${index}` };
  if (key !== undefined) env[`CASE_KEY_${index}`] = key;
  const ca = server.tls ? { ca_file: server.tls.caFile } : {};
  return { model: 'scripted', ...rest, ...secret, ...ca, base_url: server.talk(it.name, it.replies) + base_url };
}

/** One site, one run, all of these cases. */
async function play(list, way, credentials) {
  const dir = await fs.mkdtemp(path.join(tmpdir(), 'recipe-cases-'));
  const server = await startScript({ bytewise: way.bytewise, tls: way.https ? credentials : null });
  let site;
  try {
    const env = {};
    const services = Object.fromEntries(list.map((it, n) => [it.name, serviceOf(it, n, server, env)]));
    const stages = list.flatMap((it) => (it.list ? listStages : (...args) => [stage(...args)])(it.name, it.name, it.stage));
    const limits = { run_ms: 40000, ...list[0].limits };
    site = await startSite({ config: { services, limits }, env, prompts: await writePrompts(dir, stages) });
    const seen = await run(site, ASK);
    const requests = new Map(list.map((it) => [it.name, server.requests(it.name)]));
    return { run: seen, requests, stderr: await site.stderr() };
  } finally {
    await server.stop();
    await fs.rm(dir, { recursive: true });
    await site?.stop();
  }
}

// A batch that breaks as a whole has failed, and is played again one by one to
// tell whose fault it was: `together` resolves to its run or its error.
function playerOf(batch, way, authority) {
  let outcome;
  const credentials = async () => (way.https ? authority.certificate() : null);
  const together = () => (outcome ??= credentials().then((leaf) => play(batch, way, leaf)).catch((e) => e));
  const alone = async (it) => play([it], way, await credentials());
  return {
    together,
    async one(it) {
      const run = await together();
      return run instanceof Error ? alone(it) : run;
    },
  };
}

const made = makeAuthority();
const authority = { certificate: async () => (authority.leaf ??= await (await made).certificate()) };

for (const way of WAYS) {
  for (const batch of batches(cases)) {
    const played = playerOf(batch, way, authority);
    test(`${batch.length} from ${batch[0].name} together, ${way.name}`, async () => {
      const outcome = await played.together();
      if (outcome instanceof Error) throw outcome;
    });
    for (const it of batch) {
      test(`${it.name}, ${way.name}`, async () => {
        const outcome = await played.one(it);
        judgeRun(it, outcome.run);
        judgeRequests(it, outcome.requests.get(it.name));
        judgeSecrets(it, outcome.run, outcome.stderr);
      });
    }
  }
}

test('the authority goes', async () => (await made).remove());
