// What a visitor reads if he, or the site, may ask no more: plain words, when it will be
// possible again, and the demo, plainly marked, if the operator wants that.

import { ko, words } from './htdocs.mjs';
import { assert, everywhere, table, test } from './lib.mjs';

const guarded = (guard, more = {}) => ({
  expect: /status of 429/, ...more,
  site: ({ provider }) => ({ config: { services: { '70b': provider.service('m'), 'groq-8b': provider.service('n') }, guard } }),
});

everywhere('no more today', guarded({ site: { runs_day: 0 } }), async ({ page, look }) => {
  await page.cook();
  await page.run('refused');
  const said = await page.text('#problem');
  assert.ok(said.includes(words.why.limit), said);
  // Until midnight, which may be near, or 429 minutes away.
  const pause = /Asking again makes sense in (about \d+ minutes|\d+ s)\./;
  assert.match(said, pause);
  assert.doesNotMatch(said.replace(pause, ''), /limit_|429|undefined|NaN/);
  await look('limit');
});

test('the same in Korean', table(guarded({ site: { runs_day: 0 } }, { locale: 'ko-KR' }), async ({ page }) => {
  await page.cook();
  await page.run('refused');
  const said = await page.text('#problem');
  assert.ok(said.includes(ko.words.why.limit), said);
  assert.match(said, /(약 \d+분|\d+초) 뒤에/);
}));

test('the demo writes for those who are over, and says so', table(guarded({ site: { runs_day: 1 }, over: 'demo' }), async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.equal(await page.visible('#demo'), false);
  await page.cook();
  await page.run('done');
  assert.ok(await page.visible('#demo'));
  assert.equal(await page.text('#demo-hint'), `${words.why.limit} ${words.demoWrote}`);
  assert.match(await page.stateOf('ste'), /^done/);
}));
