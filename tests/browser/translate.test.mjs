// A browser translates the page while a recipe is written. What a visitor sees
// is the browser's; nothing is lost of it, and all that the page does next it
// does with the words of the models.

import { readFileSync } from 'node:fs';
import { SIX, TEXTS, assert, recipes, table, test } from './lib.mjs';

/**
 * Translations are in capitals. Where they stand: in elements of the browser's own,
 * as Chrome and Edge do it; in new nodes, as Firefox does; or in the nodes that were there, as Safari does.
 */
const WAYS = ['elements', 'nodes', 'place'];

/** Runs in the page: translates it now and, where `goesOn`, all that comes. */
function translate({ way, goesOn }) {
  const isDone = (text) => text.data === text.data.toUpperCase() || text.parentElement?.closest('font, script, style');
  const put = {
    elements(text, words) {
      const [outer, inner] = [document.createElement('font'), document.createElement('font')];
      inner.textContent = words;
      outer.append(inner);
      text.replaceWith(outer);
    },
    nodes: (text, words) => text.replaceWith(words),
    place: (text, words) => (text.data = words),
  }[way];
  const all = () => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walk.nextNode()) if (!isDone(walk.currentNode)) texts.push(walk.currentNode);
    for (const text of texts) put(text, text.data.toUpperCase());
  };
  all();
  if (goesOn) new MutationObserver(all).observe(document.body, { childList: true, characterData: true, subtree: true });
}

const LIST = recipes(3).map(({ name, intro }) => ({ name: `${name} of leeks`, intro }));
const PARTS = SIX.filter((part) => part !== 'alt');
const ANSWERS = { int: 'A pan, and some fire.', add: '2 leeks\n1 egg', ste: '1. Cut them.\n2. Fry [b].\nServe.', sde: 'Rice\n\nBread', ing: 'Leeks are green.' };

/** What stands there, whatever the translation has made of it. */
const shown = async (page, part) => (await page.textOf(part)).toUpperCase();

/** Whole texts, in pieces that end in the middle of lines and numbers; translated after the first. */
async function written(page, provider, way) {
  provider.auto({ init: JSON.stringify(LIST), ...Object.fromEntries(PARTS.map((part) => [part, false])) });
  await page.cook('leeks, eggs');
  const open = {};
  const come = Object.fromEntries(PARTS.map((part) => [part, '']));
  for (const part of PARTS.filter((p) => p !== 'ste')) open[part] = await provider.next(part);
  const write = async (part, piece) => {
    open[part].text(piece);
    come[part] += piece;
    await page.until(`${part} to show what came`, ([p, text]) => document.querySelector(`[data-part=${p}] .text`).textContent.toUpperCase() === text, [part, come[part].toUpperCase()]);
  };
  const end = (part) => open[part].finish('stop').done();
  await write('int', 'A pan');
  await page.tab.evaluate(translate, way);
  for (const part of ['int', 'add', 'sde', 'ing']) {
    while (come[part].length < ANSWERS[part].length) await write(part, ANSWERS[part].slice(come[part].length).slice(0, 3));
    end(part);
  }
  open.ste = await provider.next('ste');
  // A bracket may begin the tag of a thought: alone it is held until more comes.
  for (const piece of ANSWERS.ste.match(/\[.|[^\n[]{1,2}|\n/g)) await write('ste', piece);
  end('ste');
  await page.run('done');
  provider.exchanges.length = 0;
}

const saved = async (page, button) => {
  const [file] = await Promise.all([page.tab.waitForEvent('download'), page.press(button)]);
  return readFileSync(await file.path(), 'utf8');
};

for (const way of WAYS) for (const goesOn of [false, true]) {
  test(`translated into ${way}, ${goesOn ? 'all the time' : 'once'}`, table({}, async ({ page, provider }) => {
    await written(page, provider, { way, goesOn });
    for (const part of PARTS) assert.equal(await shown(page, part), ANSWERS[part].toUpperCase(), part);
    const kept = () => page.kept();
    const [recipe] = await kept();
    assert.deepEqual(recipe.texts, { ...ANSWERS, alt: '' });
    const chosen = LIST.find(({ name }) => name === recipe.name);
    assert.equal(recipe.intro, chosen.intro);
    assert.deepEqual(recipe.ideas, LIST.filter((dish) => dish !== chosen));
    for (const [part, { by }] of recipe.laps) assert.equal(by, part === 'alt' ? '' : part === 'init' ? 'groq-8b · model-8b' : '70b · model-70b');

    assert.equal(await page.tab.locator('[data-part=ste] .step').count(), 2, 'numbers are set apart');
    assert.deepEqual(await page.tab.locator('[data-part=ste] .tick').evaluateAll((all) => all.map((e) => e.labels[0].textContent.toUpperCase())), ANSWERS.ste.toUpperCase().split('\n'));
    assert.match(await saved(page, 'markdown'), /^# Dish \d of leeks\n\nIntro of \d\.\n\n.*45 minutes.*\n\nA pan, and some fire\.\n\n## Ingredients\n\n- 2 leeks\n- 1 egg\n\n## Steps\n\n1\. Cut them\.\n2\. Fry \\\[b\]\.\n3\. Serve\./);
    assert.deepEqual(JSON.parse(await saved(page, 'jsonld')).recipeIngredient, ['2 leeks', '1 egg']);
    await page.press('cook');
    for (const step of ['CUT THEM.', 'FRY [B].', 'SERVE.']) {
      assert.equal((await page.text('#step')).toUpperCase(), step);
      await page.press('next');
    }
    await page.press('close');
    await page.leavesCooking();

    provider.auto({ ste: '1. Anew.' });
    await page.tab.locator('[data-part=ste] .acts button').last().click();
    await page.until('the new steps', () => document.querySelector('[data-part=ste] .text').textContent.toUpperCase() === '1. ANEW.');
    await page.run('done');
    const [{ prompt }] = provider.exchanges;
    for (const words of [chosen.name, ANSWERS.add]) assert.ok(prompt.includes(words), `${words} in ${prompt}`);
    assert.equal((await kept()).length, 1, 'in the place of the same recipe');
    assert.equal((await kept())[0].laps.length, recipe.laps.length, 'the race stays with it');

    await page.shelf(1);
    await page.tab.locator('#kept .idea').click();
    for (const part of PARTS) assert.equal(await shown(page, part), (part === 'ste' ? '1. Anew.' : ANSWERS[part]).toUpperCase(), part);
    assert.deepEqual((await kept())[0].texts, { ...ANSWERS, ste: '1. Anew.', alt: '' });
    page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
  }));
}

test('translated before a name is there, and broken off', table({}, async ({ page, provider }) => {
  provider.auto({ init: false, ing: 'Good.' });
  await page.cook('leeks, eggs');
  await provider.next('init');
  await page.says('ing', /^done/);
  await page.tab.evaluate(translate, { way: 'elements', goesOn: true });
  await page.press('stop');
  await page.run('stopped');
  const [recipe] = await page.kept();
  assert.equal(recipe.name, '', 'what the page says in place of a name is no name');
  provider.exchanges.length = 0;
  provider.auto();
  await page.press('finish');
  await page.run('done');
  assert.deepEqual(provider.exchanges.map((x) => x.part).sort(), ['add', 'init', 'int', 'sde', 'ste']);
  for (const part of PARTS) assert.equal(await shown(page, part), (part === 'ing' ? 'Good.' : TEXTS[part]).toUpperCase(), part);
}));
