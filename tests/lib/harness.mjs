// What a test file imports. `scene` makes the body of a test: it starts a
// provider and a site, hands them over, and stops both whatever happened.
//
//   test('a thing holds', scene({ limits: { idle_ms: 200 } }, async ({ site, provider }) => { ... }));

import { makeAuthority } from './ca.mjs';
import { startProvider } from './provider.mjs';
import { startSite } from './site.mjs';

export { default as assert } from 'node:assert/strict';
export { test } from 'node:test';
export { TEXTS, startProvider, textOf } from './provider.mjs';
export { PROGRAM, PROJECT, Site, TINY, boundedGrowth, cleanEnvironment, servicesOf, startSite, underAsan } from './site.mjs';
export { COOK, ENDINGS, Run, checkStream, partNames, run, start } from './run.mjs';
export { LIMIT, sleep, waitFor, within } from './wait.mjs';
export { check, command } from './command.mjs';
export * as proc from './proc.mjs';
export { makeAuthority };

export const PARTS = ['init', 'alt', 'add', 'int', 'ing', 'sde', 'ste'];
/** Stages that ask a model, and those that wait for the pick. */
export const ASKING = ['init', 'add', 'int', 'ing', 'sde', 'ste'];

/** An init answer with these many recipes, told apart by their numbers. */
export const recipes = (n) => Array.from({ length: n }, (_, i) => ({ name: `Dish ${i}`, intro: `Intro of ${i}.` }));

/**
 * Options are those of startSite; `site`, a function of {provider, authority}
 * that returns more of them; `https: true` for a provider behind TLS,
 * or the options of its certificate; `stop`,
 * the options of site.stop.
 */
export function scene(options, body) {
  return async (t) => {
    const set = { t };
    let failure = null;
    try {
      if (options.https) {
        set.authority = await makeAuthority();
        set.provider = await startProvider({ tls: await set.authority.certificate(options.https === true ? {} : options.https) });
      } else {
        set.provider = await startProvider();
      }
      set.site = await startSite({ provider: set.provider, ...options, ...(await options.site?.(set)) });
      await body(set);
    } catch (e) {
      failure = e;
    }
    const said = failure ? await set.site?.stderr().catch(() => '') : '';
    try {
      await set.site?.stop(options.stop);
    } catch (e) {
      failure ??= e;
    }
    await set.provider?.stop();
    await set.authority?.remove();
    if (failure && said) t.diagnostic(`the site said:\n${said.slice(-4000)}`);
    if (failure) throw failure;
  };
}
