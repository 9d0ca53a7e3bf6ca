/**
 * guarded: a site with limits of what it spends, and what its book says.
 */

import assert from 'node:assert/strict';
import path from 'node:path';
import { readBook } from './book.mjs';
import { command } from './harness.mjs';
import { folderOf } from './laps.mjs';
import { stage } from './prompts.mjs';

export const guarded = (guard, more = {}, options = {}) => ({
  ...options,
  site: ({ provider }) => ({
    config: {
      services: { '70b': { ...provider.service('m'), ...more.service }, 'groq-8b': { ...provider.service('n'), ...more.service } },
      guard, trusted_proxies: ['127.0.0.1'], ...more.config,
    },
  }),
});

/** One stage, which names its limit of tokens. */
export const one = (edit) => async (graph) => {
  graph.stages = [{ ...stage('ing'), service: ['70b'], max_tokens: 100, ...edit }];
};

export const folder = (site) => folderOf(path.join(site.dir, 'recipe'));
export const book = (site) => readBook(folder(site));
export const from = (address, more = {}) => ({ headers: { 'x-forwarded-for': address, ...more } });

/** A command of the site's operator. */
export const ofCommand = (site, words) => command(words, { prompts: null, env: { RECIPE_CONFIG: site.configFile, RECIPE_PROMPTS: site.prompts, XDG_STATE_HOME: site.dir } });

/** What the site says that it has spent today. */
export async function spent(site) {
  const said = await ofCommand(site, ['spend', '--json']);
  assert.equal(said.status, 0, said.stderr);
  return JSON.parse(said.stdout).days[0];
}

export async function refused(response) {
  assert.equal(response.status, 429);
  const { error } = await response.json();
  assert.equal(response.headers['retry-after'], String(error.retry_s));
  return error;
}
