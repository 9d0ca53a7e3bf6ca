// A run, a stop and a failure in each engine. What else is tried in all of them
// is in tests/engines, which is longer.

import { TYPICAL } from './texts.mjs';
import { TEXTS, assert, inEach, run, shows, stateOf, textOf } from '../engines/lib.mjs';

const SIX = ['int', 'add', 'ste', 'sde', 'ing', 'alt'];

async function cook(tab) {
  await tab.fill('#ingredients', 'beef flank, onions, peppers');
  await tab.click('#generate');
}

inEach('a recipe is written', {}, async ({ tab, provider }) => {
  provider.auto(TYPICAL);
  await cook(tab);
  await run(tab, 'done');
  for (const part of ['int', 'add', 'ste', 'sde', 'ing']) assert.equal(await textOf(tab, part), TYPICAL[part], part);
  for (const part of SIX) assert.match(await stateOf(tab, part), /^done in \d/, part);
  await tab.picture(`engine-${tab.engine}`, { full: true });
});

inEach('a stop keeps what came and stops who wrote', { width: 360, height: 740, scheme: 'dark' }, async ({ tab, provider }) => {
  provider.auto({ ste: false });
  await cook(tab);
  const ste = await provider.next('ste');
  ste.text('1. Slice');
  await shows(tab, 'ste', '1. Slice');
  await tab.click('#stop');
  await ste.closed;
  await run(tab, 'stopped');
  assert.equal(await textOf(tab, 'ste'), '1. Slice');
  assert.equal(await stateOf(tab, 'ste'), 'stopped');
  assert.equal(await textOf(tab, 'add'), TEXTS.add);
  await tab.picture(`engine-${tab.engine}-stopped`, { full: true });
});

inEach('what fails says so, and the others go on', {}, async ({ tab, provider }) => {
  provider.auto({ add: (x) => x.error(400, { error: { message: 'the oven is cold' } }) });
  await cook(tab);
  await run(tab, 'done');
  assert.match(await stateOf(tab, 'add'), /^failed/);
  assert.match(await stateOf(tab, 'ste'), /^skipped/);
  for (const part of ['int', 'sde', 'ing']) assert.equal(await textOf(tab, part), TEXTS[part]);
  assert.equal(await tab.visible('[data-part=add] .note'), true);
});
