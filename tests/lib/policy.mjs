// A site whose stages have an order of services, each a provider of its own:
//   policy({ services: ['a', 'b'] }, async ({ site, a, b, run }) => { ... })
// By default one stage, "one", that asks them in this order.

import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startProvider } from './provider.mjs';
import { ASK, stage, writePrompts } from './prompts.mjs';
import * as runs from './run.mjs';
import { startSite } from './site.mjs';

/**
 * `services`: ids; `more`: members of a service by id, or a function of the
 * providers that resolves to them; `stages`: in place of the one; `race`: its
 * own; `limits`; `env`; `state`: a directory.
 */
export function policy(options, body) {
  return async (t) => {
    const { services = ['a', 'b'], race, limits, env, state } = options;
    const set = { dir: await fs.mkdtemp(path.join(tmpdir(), 'recipe-policy-')), sites: [], t };
    for (const id of services) set[id] = await startProvider();
    const more = typeof options.more === 'function' ? await options.more(set) : options.more ?? {};
    const stages = options.stages ?? [stage('one', services, race ? { race } : {})];
    const prompts = await writePrompts(path.join(set.dir, 'prompts'), stages);
    const config = {
      services: Object.fromEntries(services.map((id) => [id, set[id].service(`model-${id}`, typeof more === 'function' ? more(set)[id] : more[id])])),
      ...(limits ? { limits } : {}),
      ...(state ? { state: path.join(set.dir, 'state') } : {}),
    };
    // One site, however often it is opened: its recipe.json is what tells it from others.
    const configFile = path.join(set.dir, 'recipe.json');
    await fs.writeFile(configFile, JSON.stringify(config));
    set.open = async () => {
      const site = await startSite({ config, prompts, env: { RECIPE_CONFIG: configFile, ...env } });
      set.sites.push(site);
      return site;
    };
    set.run = (site = set.site) => runs.run(site, ASK);
    set.start = (site = set.site) => runs.start(site, ASK);
    let failure = null;
    try {
      set.site = await set.open();
      await body(set);
    } catch (e) {
      failure = e;
    }
    for (const site of set.sites) {
      if (failure) t.diagnostic(`the site said:\n${(await site.stderr()).slice(-3000)}`);
      await site.stop().catch((e) => (failure ??= e));
    }
    for (const id of services) await set[id].stop();
    await fs.rm(set.dir, { recursive: true, force: true });
    if (failure) throw failure;
  };
}

/** Each attempt as the visitor was told of it: "a first", "a reset", "b start". */
export const story = (run, part = 'one') => run.states[part].map((s) => `${s.service} ${s.state}`);

/** Answers the first n requests this way, the others well. */
export function firstly(provider, ways, text = 'All is well.') {
  let n = 0;
  provider.auto((x) => (ways[n] ? ways[n++](x) : (n++, x.answer(text))) ?? true);
}

/** Answers every request this way. */
export const always = (provider, way) => provider.auto((x) => void way(x));
export const well = (text = 'All is well.') => (x) => x.answer(text);
export const refuse = (status, error = { message: `scripted ${status}` }, headers = {}) => (x) => x.error(status, { error }, headers);
