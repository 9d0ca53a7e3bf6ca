// The page of any graph: what GET /graph says is drawn and runs. The graph is
// ../graphs/forms, which has every kind of input and every form of a part.

import path from 'node:path';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { PROJECT, SCHEMES, SIZES, assert, table, test } from './lib.mjs';

const FORMS = path.join(PROJECT, 'tests/graphs/forms');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LAWS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const THEMES = [{ name: 'Water "wide"', why: 'A boat.' }, { name: 'Stone', why: '<b>Walls</b>.' }, { name: 'Green', why: 'Gardens.' }];
const MEALS = [{ dish: 'Trout' }, { dish: 'Soup' }];
const WORDS = {
  themes: JSON.stringify(THEMES), meals: JSON.stringify(MEALS), story: 'A river.\n\nA <i>bridge</i>.', bag: '- a hat\n- two apples',
  route: '1. Walk.\n2. Rest.', sights: '* The mill\n* The ferry', toast: 'Cheers!',
};

const app = (options, body) => table({
  prompts: FORMS, site: ({ provider }) => ({ services: { pen: provider.service('pen') } }), ...options,
}, async (set) => {
  await set.page.tab.goto(`${set.page.url}app.html`);
  await set.page.tab.locator('#input-place, #input-ingredientsOnHand').waitFor();
  await body(set);
});

/** A whole run. */
async function write({ page, provider }, words = WORDS) {
  provider.auto(words);
  await page.tab.fill('#input-place', 'Bern');
  await page.press('generate');
  await page.run('done');
}

const names = (page, part) => page.tab.locator(`[data-part=${part}] .text b`).allTextContents();
const sections = (page) => page.tab.locator('section').evaluateAll((all) => all.map((e) => e.dataset.part));

test('the form is the inputs of the graph, in their order and in words', app({}, async ({ page }) => {
  assert.equal(await page.text('h1'), 'A day out');
  assert.equal(await page.tab.title(), 'A day out');
  const fields = await page.tab.locator('#order').evaluate((form) => [...form.elements].filter((e) => e.name).map((e) => [e.name, e.type, e.required, e.min ?? '', e.max ?? '']));
  assert.deepEqual(fields, [
    ['place', 'text', true, '', ''], ['hours', 'radio', false, '', ''], ['hours', 'radio', false, '', ''], ['hours', 'radio', false, '', ''],
    ['pace', 'select-one', false, '', ''], ['people', 'number', false, '1', '12'], ['wishes', 'textarea', false, '', ''],
  ]);
  for (const label of ['Where to', 'a morning', 'a day', '24', 'Pace', 'How many', 'Wishes']) assert.equal(await page.tab.getByLabel(label, { exact: true }).count(), 1, label);
  assert.equal(await page.tab.getByLabel('Where to').evaluate((e) => document.getElementById(e.getAttribute('aria-describedby')).textContent), 'A town, in any language');
  assert.deepEqual(await page.tab.locator('select option').allTextContents(), ['', 'slow', 'quick']);
}));

test('what is written into it is what the models are asked', app({}, async ({ page, provider }) => {
  provider.auto({ ...WORDS, themes: false });
  await page.tab.fill('#input-place', 'Bern');
  await page.tab.getByText('a day', { exact: true }).click();
  await page.tab.selectOption('#input-pace', 'quick');
  await page.tab.fill('#input-people', '3');
  await page.tab.fill('#input-wishes', 'shade\nwater');
  await page.press('generate');
  const themes = await provider.next('themes');
  assert.equal(themes.prompt, 'Part: themes\nThree themes for a quick day of 8 hours in Bern for 3, as a JSON array. Wishes: shade\nwater');
  themes.answer(WORDS.themes);
  await page.run('done');
}));

test('each part in its form, and nothing in it is markup', app({}, async (set) => {
  const { page } = set;
  await write(set);
  assert.deepEqual(await sections(page), ['themes', 'others', 'story', 'bag', 'route', 'sights', 'meals', 'toast']);
  assert.equal(await page.textOf('story'), WORDS.story);
  assert.equal(await page.textOf('bag'), 'a hat\ntwo apples', 'without the marks');
  assert.equal(await page.textOf('sights'), 'The mill\nThe ferry');
  assert.deepEqual(await page.tab.locator('.number').allTextContents(), ['1. ', '2. ']);
  assert.equal(await page.tab.locator('[data-part=bag] input[type=checkbox]').count(), 2);
  assert.equal(await page.tab.locator('[data-part=route] input[type=checkbox]').count(), 2);
  const all = [...await names(page, 'themes'), ...await names(page, 'others')];
  assert.deepEqual(all.sort(), THEMES.map(({ name }) => name).sort());
  assert.equal((await names(page, 'themes')).length, 1, 'the pick stands alone');
  assert.equal((await names(page, 'meals')).length, 2, 'the pick and the others, as no part has these');
  assert.equal(await page.tab.locator('.text i, .text span b').count(), 0);
  assert.match(await page.status(), /^Finished in .* with all 8 sections/);
  assert.equal(await page.tab.locator('#laps tr').count(), 8);
}));

test('a long title is one line of the timeline, beside its own bar', app({
  width: 360, edit: (graph) => graph.stages.forEach((s, i) => (s.title = `Stage ${i}, whose title does not fit beside a bar`)),
}, async (set) => {
  await write(set);
  const rows = await set.page.tab.evaluate(() => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector('#runners'));
    const top = document.querySelector('#bars').getBoundingClientRect().top;
    return {
      lines: [...new Set([...range.getClientRects()].map((r) => Math.round(r.top - top)))],
      titles: document.querySelector('#runners').textContent.split('\n').length,
      wide: document.documentElement.scrollWidth > innerWidth,
    };
  });
  assert.deepEqual(rows.lines.map((y) => Math.round(y / 16)), [...Array(rows.titles).keys()]);
  assert.equal(rows.wide, false);
}));

test('another element writes what follows from it, with what is there', app({}, async (set) => {
  const { page, provider } = set;
  await write(set);
  const [old] = await names(page, 'themes');
  const [taken] = await names(page, 'others');
  const sights = provider.exchanges.filter((x) => x.part === 'sights').length;
  await page.tab.locator('[data-part=others] .text button').first().click();
  await page.until('the other theme', (t) => document.querySelector('[data-part=themes] .text b')?.textContent === t, taken);
  await page.run('done');
  assert.ok((await names(page, 'others')).includes(old), 'the old one can be taken again');
  assert.equal(provider.exchanges.filter((x) => x.part === 'sights').length, sights, 'what does not follow stays');
  assert.ok(provider.exchanges.filter((x) => x.part === 'story').at(-1).prompt.includes(taken));
  assert.ok(provider.exchanges.filter((x) => x.part === 'meals').length === 2, 'also what follows from that');
}));

test('the second list: an element in its own section', app({}, async (set) => {
  const { page, provider } = set;
  await write(set);
  const other = page.tab.locator('[data-part=meals] .text button');
  const dish = await other.textContent();
  const asked = provider.requests;
  await other.click();
  await page.until('the toast to it', (d) => document.querySelector('[data-part=meals] .text b')?.textContent === d && document.body.dataset.run === 'done', dish);
  assert.equal(provider.requests, asked + 1, 'the toast alone');
  assert.equal(provider.exchanges.at(-1).prompt, `Part: toast\nA toast with ${dish}.`);
}));

test('a part again, with what it needs from the page; a list again, with what follows', app({}, async (set) => {
  const { page, provider } = set;
  await write(set);
  provider.auto({ ...WORDS, route: '1. Fly.' });
  let asked = provider.requests;
  await page.tab.getByRole('button', { name: 'Write The way again' }).click();
  await page.until('the new way', () => document.querySelector('[data-part=route] .words')?.textContent.trim() === 'Fly.' && document.body.dataset.run === 'done');
  assert.equal(provider.requests, asked + 1);
  assert.match(provider.exchanges.at(-1).prompt, /with this bag: - a hat\n- two apples\./);
  provider.auto({ ...WORDS, meals: '[{"dish":"Cake"}]' });
  asked = provider.requests;
  await page.tab.getByRole('button', { name: 'Write Lunch again' }).click();
  await page.until('the new meal', () => document.querySelector('[data-part=meals] .text')?.textContent.includes('Cake') && document.body.dataset.run === 'done');
  assert.equal(provider.requests, asked + 2, 'the meals and the toast');
}));

test('stop keeps what came, and the rest can be finished', app({}, async ({ page, provider }) => {
  provider.auto({ ...WORDS, story: false, bag: false });
  await page.tab.fill('#input-place', 'Bern');
  await page.press('generate');
  const story = await provider.next('story');
  story.text('A riv');
  await page.shows('story', 'A riv');
  await page.press('stop');
  await story.closed;
  assert.equal(await page.textOf('story'), 'A riv');
  assert.equal(await page.stateOf('story'), 'stopped');
  const [pick] = await names(page, 'themes');
  provider.rest().auto(WORDS);
  const sights = provider.exchanges.filter((x) => x.part === 'sights').length;
  await page.press('finish');
  await page.run('done');
  assert.deepEqual(await names(page, 'themes'), [pick], 'of the same theme');
  assert.equal(await page.textOf('toast'), 'Cheers!');
  assert.equal(provider.exchanges.filter((x) => x.part === 'sights').length, sights);
  assert.equal(await page.visible('#finish'), false);
}));

test('what fails says so in its place, and the others go on', app({}, async (set) => {
  const { page } = set;
  await write(set, { ...WORDS, bag: (x) => x.error(400) });
  assert.equal(await page.stateOf('bag'), 'failed');
  assert.equal(await page.stateOf('route'), 'skipped: What to take failed');
  assert.equal(await page.textOf('story'), WORDS.story);
  assert.equal(await page.visible('#finish'), true);
}));

test('copied as Markdown, whole and one part', app({}, async (set) => {
  const { page } = set;
  await page.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await write(set);
  const copied = async (name) => {
    // It may say so of the copy before.
    await page.tab.evaluate(() => (document.querySelector('#status').textContent = ''));
    await page.tab.getByRole('button', { name, exact: true }).click();
    await page.until('the copy', () => /Copied/.test(document.querySelector('#status').textContent));
    return page.tab.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(await copied('Copy The way'), '## The way\n\n1. Walk.\n2. Rest.');
  const [theme, dish] = [(await names(page, 'themes'))[0], (await names(page, 'meals'))[0]];
  const why = THEMES.find(({ name }) => name === theme).why.replace('<', '\\<').replace('</', '\\</');
  await page.press('more');
  assert.equal(await copied('Copy'), `# A day out\n\n## Theme\n\n${theme}: ${why}\n\n## The day\n\nA river.\n\nA \\<i>bridge\\</i>.\n\n## What to take\n\n- a hat\n- two apples\n\n## The way\n\n1. Walk.\n2. Rest.\n\n## Sights\n\n- The mill\n- The ferry\n\n## Lunch\n\n${dish}\n\n## A toast\n\nCheers!\n`);
}));

test('what is not taken is marked before it is sent, in the words of the page', app({}, async ({ page, provider }) => {
  for (const [field, value, said] of [['place', '!!!', /a letter/], ['place', '', /fill this in/], ['people', '13', /from 1 to 12/], ['people', '1.5', /from 1 to 12/]]) {
    await page.tab.fill('#input-place', 'Bern');
    await page.tab.fill('#input-people', '');
    await page.tab.fill(`#input-${field}`, value);
    await page.press('generate');
    await page.until('the field to be marked', (f) => document.activeElement.id === `input-${f}` && document.activeElement.ariaInvalid === 'true', field);
    assert.match(await page.text(`#input-${field}-error`), said);
    assert.match(await page.status(), /^Not sent: /);
  }
  assert.equal(provider.requests, 0);
}));

test('what the server refuses is said, and the field is found by its name', app({ expect: /status of 400/ }, async ({ page }) => {
  // Past the page's own check, which knows the same bounds.
  await page.tab.evaluate(() => (document.querySelector('#input-place').dataset.min = '0'));
  await page.tab.evaluate(() => delete document.querySelector('#input-place').dataset.letter);
  await page.tab.fill('#input-place', '!!!');
  await page.press('generate');
  await page.run('refused');
  assert.equal(await page.text('#problem-title'), 'Not accepted');
  assert.match(await page.text('#problem-text'), /^Where to: /);
  assert.equal(await page.focus(), 'input-place');
  assert.equal(await page.tab.locator('#input-place').getAttribute('aria-invalid'), 'true');
}));

test('a site that does not answer', table({ prompts: FORMS, expect: /ERR_FAILED/ }, async ({ page }) => {
  await page.tab.route('**/graph', (route) => route.abort());
  await page.tab.goto(`${page.url}app.html`);
  await page.run('refused');
  assert.equal(await page.text('#problem-title'), 'No answer');
}));

test("the recipe's own graph is drawn as any other", app({ prompts: undefined, site: undefined, config: {} }, async ({ page }) => {
  assert.equal(await page.text('h1'), 'recipe.fcgi');
  await page.tab.getByLabel('Ingredients on hand').fill('leeks');
  await page.tab.getByLabel('Minutes you have').fill('30');
  await page.press('generate');
  await page.run('done');
  assert.match(await page.status(), /with all 7 sections/);
}));

// ---- the skin of the recipe and its graph say the same

test("the recipe's page has the forms and titles of its graph", table({}, async ({ page, site }) => {
  const { parts, title } = await (await site.get('/graph')).json();
  assert.equal(await page.text('h1'), title);
  for (const { name, form, title: { en }, list } of parts.filter((p) => !p.list)) {
    const section = page.tab.locator(`section[data-part=${name}]`);
    assert.equal(await section.locator('h3').textContent(), en);
    assert.equal(await section.getAttribute('data-form'), form === 'choice' ? 'elements' : form, name);
    assert.equal(list, undefined);
  }
}));

test("a site's name is one setting", async (t) => {
  const named = (page) => [page.tab.title(), page.text('h1')];
  await table({ config: { name: 'Tom & <Jerry>' } }, async ({ page, site }) => {
    await page.until('its name', () => document.querySelector('h1')?.textContent === 'Tom & <Jerry>');
    assert.deepEqual(await Promise.all(named(page)), ['Tom & <Jerry>', 'Tom & <Jerry>']);
    await page.tab.goto(`${page.url}app.html`);
    await page.until('its name', () => document.querySelector('h1')?.textContent === 'Tom & <Jerry>');
    assert.equal((await (await site.get('/graph')).json()).title, 'Tom & <Jerry>');
  })(t);
});

// ---- for everybody

for (const [locale, title, theme] of [['en-US', 'A day out', 'Theme'], ['ko-KR', '하루 여행', '주제']]) {
  for (const width of SIZES) {
    test(`axe, ${locale}, ${width} px`, app({ locale, width, still: true, inject: AXE }, async (set) => {
      const { page, provider } = set;
      assert.equal(await page.text('h1'), title);
      await page.tab.evaluate(() => document.styleSheets[0].insertRule('*, ::before { background-image: none !important }'));
      const judge = async (state) => {
        for (const colorScheme of SCHEMES) {
          await page.tab.emulateMedia({ colorScheme });
          const found = await page.tab.evaluate(async (values) => (await window.axe.run(document, { runOnly: { type: 'tag', values } })).violations.flatMap((rule) => rule.nodes.map((n) => `${rule.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`)), LAWS);
          assert.deepEqual(found, [], `${state}, ${colorScheme}`);
          assert.deepEqual(await page.overflow(), [], state);
          assert.deepEqual(await page.tooSmall(), [], state);
          await page.picture(`app-${width}-${colorScheme}-${locale}-${state}`);
        }
      };
      await judge('idle');
      provider.auto({ ...WORDS, story: false, bag: (x) => x.error(400) });
      await page.tab.fill('#input-place', '베른');
      await page.press('generate');
      await page.says('bag', /failed|실패/);
      const story = await provider.next('story');
      story.text('A river,');
      await page.shows('story', 'A river,');
      await judge('running');
      story.finish('stop').done();
      await page.run('done');
      assert.equal(await page.text('[data-part=themes] h2'), theme);
      await page.tab.locator('summary').click();
      await judge('done');
    }));
  }
}

test('the language is switched in place, in the middle of a run too', app({}, async ({ page, provider }) => {
  const read = () => page.tab.evaluate(() => [document.title, ...[...document.body.querySelectorAll(':not(noscript, #clock, .text, .text *, .by, #laps td:nth-child(2))')]
    .flatMap((e) => [e.ariaLabel ?? '', ...[...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data)]).filter((text) => text.trim())].join('\n'));
  provider.auto({ ...WORDS, story: false });
  await page.tab.fill('#input-place', 'Bern');
  await page.press('generate');
  const story = await provider.next('story');
  story.text('A ');
  await page.shows('story', 'A ');
  // Nothing else changes while the language does.
  for (const part of Object.keys(WORDS).concat('others').filter((p) => p !== 'story')) await page.says(part, /^done/);
  const before = await read();
  await page.press('lang');
  await page.until('Korean', () => document.documentElement.lang === 'ko');
  const korean = await read();
  for (const words of ['하루 여행', '주제', '쓰는 중']) assert.ok(korean.includes(words), words);
  for (const words of ['writing', 'done', 'Pace', 'a day', 'Write', 'again', 'Where']) assert.equal(korean.includes(words), false, words);
  assert.equal(await page.tab.inputValue('#input-place'), 'Bern');
  await page.press('lang');
  await page.until('English', () => document.documentElement.lang === 'en');
  const english = await read();
  assert.equal(english, before);
  story.text('river.').finish('stop').done();
  await page.run('done');
  assert.equal(await page.textOf('story'), 'A river.');
}));

test('every text of the page is there in Korean', app({ locale: 'ko-KR' }, async ({ page }) => {
  const module = (name) => import(`data:text/javascript,${encodeURIComponent(readFileSync(path.join(PROJECT, 'htdocs', name), 'utf8'))}`);
  const { app: texts, neutral } = await module('ko.js');
  const { neutral: english } = await module('words.js');
  // What the demo says in Korean is the same for both pages.
  assert.deepEqual([...Object.keys(neutral), 'demo'].sort(), Object.keys(english).sort());
  for (const [selector, text] of Object.entries(texts)) {
    const found = await page.tab.locator(selector).count();
    assert.ok(Array.isArray(text) ? found === text.length : found > 0, `${selector}: ${found}`);
  }
  const said = await page.tab.evaluate(() => document.body.innerText);
  assert.deepEqual(said.match(/[A-Za-z]{3,}/g)?.filter((w) => !['English', 'slow', 'FIREWORKS', 'GROQ', 'OPENAI', 'API', 'KEY'].includes(w)) ?? [], []);
}));

// ---- without JavaScript

test('the form and the answer without JavaScript, in the language of the visitor', table({
  prompts: FORMS, env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') }, locale: 'ko-KR', inject: AXE,
  site: ({ provider }) => ({ services: { pen: provider.service('pen') } }),
}, async ({ page, provider, site }) => {
  provider.auto(WORDS);
  const plain = async (state) => {
    await page.tab.evaluate(() => document.styleSheets[0].insertRule('*, ::before { background-image: none !important }'));
    const found = await page.tab.evaluate(async (values) => (await window.axe.run(document, { runOnly: { type: 'tag', values } })).violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`), LAWS);
    assert.deepEqual(found, [], state);
    assert.deepEqual(await page.overflow(), []);
    await page.picture(`app-plain-${state}`);
  };
  const context = await page.context.browser().newContext({ javaScriptEnabled: false, locale: 'ko-KR' });
  try {
    const tab = await context.newPage();
    await tab.goto(`http://127.0.0.1:${site.port}/app.html`);
    await tab.click('noscript a');
    await tab.waitForURL('**/graph');
    await tab.fill('[name=place]', 'Bern');
    await tab.selectOption('[name=hours]', '8');
    await Promise.all([tab.waitForURL('**/generate'), tab.click('#generate')]);
    assert.equal(await tab.textContent('[data-part=toast] .text'), 'Cheers!');
    assert.equal(await tab.textContent('[data-part=story] .text'), WORDS.story);
    assert.equal(await tab.locator('[data-part=others] li').count(), 2);
  } finally {
    await context.close();
  }
  await page.tab.goto(`${page.url}graph`);
  assert.ok(await page.tab.getByText('어디로').count());
  await plain('form');
  await page.tab.fill('[name=place]', 'Bern');
  await Promise.all([page.tab.waitForURL('**/generate'), page.tab.click('#generate')]);
  await plain('answer');
}));
