// A full house and a full server, as a visitor sees them.

import { COOK, TEXTS, assert, start, table, test } from './lib.mjs';

/** A run that holds the only place until it is let go. */
async function holder(site, provider) {
  provider.auto({ ing: false });
  const visit = await start(site, { ...COOK, ingredientsOnHand: 'holder' });
  const held = await provider.next((x) => x.part === 'ing' && x.prompt.includes('holder'));
  return async () => (held.answer(TEXTS.ing), visit.over());
}

test('who finds the house full is told how many are before him, and is served', table({ width: 360, height: 740, limits: { max_runs: 1 } }, async ({ page, site, provider }) => {
  const end = await holder(site, provider);
  const second = await start(site, { ...COOK, ingredientsOnHand: 'second' });
  await second.until((r) => r.comments.includes('waiting 0'), 'the second to wait');
  await page.cook();
  await page.until('the number before me', () => document.querySelector('#status').textContent === 'The kitchen is full. 1 before you.');
  provider.auto();
  await end();
  await second.over();
  await page.run('done');
  assert.match(await page.status(), /^Finished in [\d.]+ s with all 6 sections\.$/);
}));

test('beyond the queue the page counts down and asks again by itself', table({ limits: { max_runs: 1, max_waiting: 0 }, expect: /503/ }, async ({ page, site, provider }) => {
  const end = await holder(site, provider);
  await page.cook();
  await page.until('a countdown', () => /Asking again in \d+ s\.$/.test(document.querySelector('#status').textContent));
  provider.auto();
  await end();
  await page.run('done');
}));

test('Stop ends a countdown', table({ limits: { max_runs: 1, max_waiting: 0 }, expect: /503/ }, async ({ page, site, provider }) => {
  const end = await holder(site, provider);
  await page.tab.clock.install();
  await page.cook();
  await page.until('a countdown', () => /Asking again in \d+ s\.$/.test(document.querySelector('#status').textContent));
  await page.press('stop');
  await page.until('it to be over', () => document.querySelector('#stop').disabled);
  const asked = () => page.requests.filter((url) => url.endsWith('/generate')).length;
  const before = asked();
  // Longer than any countdown: it would have asked by then.
  await page.tab.clock.runFor(60_000);
  await end();
  assert.equal(asked(), before);
}));

const names = (page) => page.tab.locator('[data-part=init] li').allTextContents();

test('the names show while they are thought of, and give way to the one that is picked', table({ width: 360, height: 740 }, async ({ page, provider }) => {
  provider.auto(() => false);
  await page.cook();
  const init = await provider.next('init');
  const grown = async (piece, ...shown) => {
    init.text(piece);
    await page.until(`the names ${shown}`, (all) => [...document.querySelectorAll('[data-part=init] li')].map((e) => e.textContent).join() === all.join(), shown);
  };
  await grown('Here you are: [{"na', );
  await grown('me": "Leek', 'Leek');
  await grown(' \\"p', 'Leek "p');
  await grown('ie\\" \\u00', 'Leek "pie" ');
  await grown('e9 \\ud83c', 'Leek "pie" é ');
  await grown('\\udf72 <b>', 'Leek "pie" é 🍲 <b>');
  await grown('", "intro": "Its name: \\"name\\": \\"x\\"', 'Leek "pie" é 🍲 <b>');
  const box = await page.tab.locator('[data-part=init] li').boundingBox();
  assert.ok(box.y > 0 && box.y + box.height < 740, 'on the first screen');
  assert.match(await page.text('#name'), /Choosing/);
  init.text('"}, {"name": "Leek soup", "intro": "Hot."}, {"name": "Tart", "intro": "Crisp."}]').finish('stop').done();
  await page.until('the pick', () => document.querySelector('#intro').textContent !== '');
  assert.deepEqual(await names(page), []);
}));

test('a list that begins anew shows none of the names before', table({
  site: ({ provider }) => ({ services: { '70b': provider.service('first'), 'groq-8b': provider.service('second'), next: provider.service('next') } }),
  edit: (graph) => (graph.stages.find(({ part }) => part === 'init').service = ['groq-8b', 'next']),
}, async ({ page, provider }) => {
  provider.auto(() => false);
  await page.cook();
  const init = await provider.next('init');
  init.text('[{"name": "Old');
  await page.until('the name', () => document.querySelector('[data-part=init] li')?.textContent === 'Old');
  init.cut();
  const second = await provider.next('init');
  await page.until('none', () => document.querySelector('[data-part=init] li') === null);
  second.text('[{"name": "New');
  await page.until('the name', () => document.querySelector('[data-part=init] li')?.textContent === 'New');
  await page.press('stop');
  await page.run('stopped');
  assert.deepEqual(await names(page), [], 'half a name is no recipe');
}));

test('the seconds run beside the status, which tells the first word; neither floods a reader', table({}, async ({ page, provider }) => {
  provider.auto(() => false);
  await page.hear('#status');
  await page.cook();
  const ing = await provider.next('ing');
  await page.until('a second', () => /^[1-9]\d* s$/.test(document.querySelector('#clock').textContent));
  assert.equal(await page.tab.locator('#clock').getAttribute('aria-hidden'), 'true');
  assert.equal(await page.tab.locator('[role=status] #clock, [aria-live] #clock').count(), 0);
  ing.text('Beef');
  await page.until('the first word in the status', () => /^The first words came after [\d.]+ s\.$/.test(document.querySelector('#status').textContent));
  for (const piece of [' has', ' iron', '.']) ing.text(piece);
  await page.shows('ing', 'Beef has iron.');
  const said = await page.tab.evaluate(() => window.said);
  assert.ok(said.length <= 3, String(said));
  ing.finish('stop').done();
  await page.press('stop');
  await page.run('stopped');
  assert.equal(await page.visible('#clock'), false);
}));

test('who waits for a place at the model is told how many are before', table({ width: 360, height: 740, site: ({ provider }) => ({ services: { '70b': provider.service('70b', { parallel: 1 }), 'groq-8b': provider.service('groq-8b', { parallel: 1 }) } }) }, async ({ page, site, provider }) => {
  provider.auto(() => false);
  const visit = await start(site, { ...COOK, ingredientsOnHand: 'holder' });
  await provider.next('init');
  await provider.next('ing');
  await page.cook();
  await page.until('the number', () => /^Waiting for a place at the model\./.test(document.querySelector('#status').textContent));
  visit.leave();
}));
