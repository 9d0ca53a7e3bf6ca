// A recipe is written on the page: live, section by section, word for word.

import { ORDER, SIX, TEXTS, assert, everywhere, recipes, table, test } from './lib.mjs';

everywhere('type, Generate, and six sections fill', {}, async ({ page, provider }) => {
  provider.auto();
  assert.equal(await page.status(), 'Ready when you are.');
  await page.cook();
  await page.run('done');
  for (const part of ['int', 'add', 'ste', 'sde', 'ing']) assert.equal(await page.textOf(part), TEXTS[part], part);
  for (const part of SIX) assert.match(await page.stateOf(part), /^done in \d/, part);
  assert.match(await page.status(), /^Finished in [\d.]+ s with all 6 sections\.$/);
  assert.match(await page.text('#total'), /^Written in [\d.]+ s, the first word after [\d.]+ s, .*tokens/);
  const { prompt } = provider.exchanges.find((x) => x.part === 'init');
  assert.ok(prompt.includes(ORDER) && prompt.includes('45'), prompt);
  assert.equal(await page.visible('#frontispiece'), false);
});

test('each fragment shows before the next is sent', table({}, async ({ page, provider }) => {
  provider.auto({ init: (x) => x.answer(TEXTS.init), int: false, add: false, sde: false, ing: false });
  await page.cook();
  const open = {};
  const seen = { ing: '', add: '', int: '', sde: '' };
  for (const part of Object.keys(seen)) open[part] = await provider.next(part);
  for (let n = 1; n <= 6; n++) {
    for (const part of Object.keys(seen)) {
      const piece = n % 3 ? `${part} ${n}, ` : '\n';
      open[part].text(piece);
      await page.shows(part, (seen[part] += piece));
      assert.equal(await page.stateOf(part), 'writing');
    }
  }
  assert.match(await page.stateOf('ste'), /waiting for the ingredients/);
  for (const x of Object.values(open)) x.finish('stop').done();
  await page.run('done');
  assert.equal(await page.textOf('ste'), TEXTS.ste);
}));

test('name, introduction and other ideas come from the list of recipes', table({}, async ({ page, provider }) => {
  provider.auto({ init: false });
  await page.cook();
  const init = await provider.next('init');
  const list = recipes(3);
  await page.until('a word in place of the name', () => /Choosing a recipe/.test(document.querySelector('#name').textContent));
  init.text(JSON.stringify(list).slice(0, -1));
  await page.until('a name', () => /^Dish \d$/.test(document.querySelector('#name').textContent));
  const name = await page.text('#name');
  const pick = list.find((r) => r.name === name);
  assert.equal(await page.text('#intro'), pick.intro);
  assert.match(await page.tab.title(), new RegExp(`^${name}`));
  assert.equal(await page.tab.locator('#ideas li').count(), 0, 'the list has not ended');
  init.text(']').finish('stop').done();
  await page.run('done');
  const ideas = await page.tab.locator('#ideas li').evaluateAll((items) => items.map((li) => [...li.children].map((e) => e.textContent)));
  assert.deepEqual(ideas, list.filter((r) => r !== pick).map((r) => [r.name, r.intro]));
}));

test('newlines of every kind and spaces are kept', table({}, async ({ page, provider }) => {
  provider.auto({ add: false, ste: '1. One.\n\n\n2. Two.\n   indented\ttabbed  twice\n10) Ten.\nfree line\n' });
  await page.cook();
  const add = await provider.next('add');
  for (const piece of ['a\r', '\nb\n', '\n', 'c\r\n', '\rd', '⮑e', '\n\n']) add.text(piece);
  add.finish('stop').done();
  await page.run('done');
  assert.equal(await page.textOf('add'), 'a\nb\n\nc\n\nd\ne\n\n');
  assert.equal(await page.textOf('ste'), '1. One.\n\n\n2. Two.\n   indented\ttabbed  twice\n10) Ten.\nfree line\n');
  const tops = await page.tab.locator('[data-part=add] .line:not(.blank)').evaluateAll((lines) => lines.map((l) => l.getBoundingClientRect().top));
  assert.deepEqual([...tops].sort((a, b) => a - b), tops);
  assert.equal(new Set(tops).size, 5, 'a line each');
}));

test('what a section says of itself, from waiting to done', table({}, async ({ page, provider }) => {
  provider.auto((x) => x.part === 'alt');
  await page.cook();
  const init = await provider.next('init');
  const ing = await provider.next('ing');
  await page.says('ing', /^asked$/);
  for (const part of ['add', 'int', 'sde']) assert.equal(await page.stateOf(part), 'waiting for a name');
  assert.equal(await page.stateOf('ste'), 'waiting for the ingredients');
  assert.equal(await page.stateOf('alt'), 'waiting for the other ideas');
  ing.text('Beef');
  await page.says('ing', /^writing$/);
  assert.equal(await page.tab.locator('[data-part=ing]').getAttribute('aria-busy'), 'true');
  assert.match(await page.text('[data-part=ing] .by'), /70b · model-70b/);
  ing.finish('length').done();
  await page.says('ing', /^cut short by the length limit$/);
  assert.equal(await page.tab.locator('[data-part=ing]').getAttribute('aria-busy'), 'false');
  init.answer(TEXTS.init);
  await page.says('alt', /^done/);
  for (const part of ['add', 'int', 'sde']) (await provider.next(part)).answer('Good.');
  (await provider.next('ste')).answer('Well.');
  await page.run('done');
  assert.match(await page.status(), /with all 6 sections/);
}));

test('a second run begins with an empty page', table({}, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  provider.auto(() => false);
  await page.press('generate');
  const ing = await provider.next('ing');
  await page.run('running');
  for (const part of ['int', 'add', 'ste', 'sde', 'ing']) assert.equal(await page.textOf(part), '', part);
  assert.equal(await page.text('#total'), '');
  assert.equal(await page.tab.title(), 'recipe.fcgi');
  ing.text('Again');
  await page.shows('ing', 'Again');
}));

test('Korean and emoji arrive at the model and come back', table({}, async ({ page, provider }) => {
  provider.auto({ ing: (x) => x.answer(/소고기, 🌶️ "양파" {a\|b}/.test(x.prompt) ? '소고기에는 철분이 🌶️ 많다. {a|b}' : x.prompt) });
  await page.cook('소고기, 🌶️ "양파" {a|b}');
  await page.run('done');
  assert.equal(await page.textOf('ing'), '소고기에는 철분이 🌶️ 많다. {a|b}');
}));

test('the time that was chosen is the time that is sent', table({}, async ({ page, provider }) => {
  provider.auto();
  await page.tab.locator('label', { hasText: '15' }).click();
  await page.cook();
  await page.run('done');
  assert.match(provider.exchanges.find((x) => x.part === 'init').prompt, /\b15\b/);
}));

test('Ctrl and Enter send; too little is not sent and says why', table({}, async ({ page, provider }) => {
  provider.auto();
  for (const [text, why] of [['', /fill this in/], ['x', /2 characters/], ['!!!', /a letter/], ['x'.repeat(2001), /2,001 characters/]]) {
    await page.fill(text);
    await page.tab.keyboard.press('Control+Enter');
    await page.until('a complaint', (s) => new RegExp(s).test(document.querySelector('#ingredients-error').textContent), why.source);
    assert.match(await page.status(), /^Not sent/);
    assert.equal(await page.focus(), 'ingredients');
  }
  assert.equal(provider.requests, 0);
  await page.fill();
  await page.tab.keyboard.press('Control+Enter');
  await page.run('done');
  assert.equal(await page.visible('#ingredients-error'), false);
}));

test('no demo notice where a model cooks', table({}, async ({ page, provider }) => {
  provider.auto();
  await page.cook();
  await page.run('done');
  assert.equal(await page.visible('#demo'), false);
}));

test('the demo cook says what it is, and how to have a model instead', table({ config: {} }, async ({ page, provider }) => {
  await page.tab.locator('#demo').waitFor();
  assert.match(await page.text('#demo'), /Demo.*(FIREWORKS|GROQ|OPENAI)_API_KEY/s);
  await page.cook('rhubarb, smoked quail');
  await page.run('done');
  assert.equal(await page.visible('#demo'), true);
  for (const part of ['add', 'ing']) assert.match(await page.textOf(part), /smoked quail/);
  for (const part of SIX) assert.match(await page.stateOf(part), /^done/);
  assert.equal(provider.requests, 0);
}));
