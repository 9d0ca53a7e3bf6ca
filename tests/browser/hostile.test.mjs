// Whatever a model writes is shown as the text it is. That no dialog opened,
// nothing was asked of another host and the console stayed silent is part of
// every test here: see Kitchen.assertClean.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT, SIZES, assert, everywhere, table, test } from './lib.mjs';

const MARKUP = `<script>alert(1)</script><img src=x onerror="alert(2)"><svg/onload=alert(3)>
<iframe src="https://evil.example/"></iframe><link rel=stylesheet href=//evil.example/x.css>
<a href="javascript:alert(4)">x</a><style>*{display:none}</style></div></section><!-- ]]> &amp; &lt; &#60;`;
const MARKDOWN = `# No heading
[click](javascript:alert(1)) ![x](https://evil.example/x.png) **not bold** <https://evil.example/>
\`\`\`html
<b>fenced</b>
\`\`\``;
const WIRE = 'data: x|y\n\nid: 9\nevent: z\n_done|{}\n|pipe|| add|no ⮑⮑ : hb \\n \\u0041';
const ODD = 'a\u0000b\u0007\u001b[31m \u2028\u2029\u0085\ufeff\ufffd\u200b\u00ad \u{1F468}\u200d\u{1F469}\u200d\u{1F467} \u{10FFFF}';
const RTL = 'בצל ועגבניות 2 כוסות\n\u202eoverride\u202c و فلفل أحمر ٣\n\u2067isolated\u2069 english עברית 45';
const MARKS = `Z${'\u0351\u0323\u0489'.repeat(300)}algo e\u0301 한국어 ก็\u0e48\u0e48\u0e48\u0e48`;
const recipe = (name, intro) => ({ name, intro });
const three = (one) => JSON.stringify([one, one, one]);

/** Texts for the five parts, and a list of recipes; checks that each is shown exactly. */
async function serves(page, provider, texts, one) {
  provider.auto({ ...texts, init: three(one) });
  await page.cook();
  await page.run('done');
  for (const [part, text] of Object.entries(texts)) assert.equal(await page.textOf(part), text.replaceAll('⮑', '\n'), part);
  assert.equal(await page.text('#name'), one.name);
  assert.equal(await page.text('#intro'), one.intro);
  const ideas = await page.tab.locator('#ideas li').evaluateAll((items) => items.map((li) => [...li.children].map((e) => e.textContent)));
  assert.deepEqual(ideas, [[one.name, one.intro], [one.name, one.intro]]);
  const made = await page.tab.evaluate(() => [...new Set([...document.querySelectorAll('#recipe *, #notes *')].map((e) => e.localName))].sort());
  assert.deepEqual(made.filter((name) => !['article', 'b', 'button', 'div', 'h2', 'h3', 'header', 'input', 'label', 'li', 'ol', 'p', 'section', 'span', 'ul'].includes(name)), [], 'no element but our own');
  assert.deepEqual(await page.overflow(), [], 'nothing sticks out');
}

/** No element is in there that a model could have written. */
const noneOf = async (page, selector) => assert.equal(await page.tab.locator(selector).locator('script, img, iframe, a, style, link, svg:not(#bars), form, object, embed').count(), 0, selector);

for (const width of SIZES) {
  test(`markup is text, ${width} px`, table({ width }, ({ page, provider }) =>
    serves(page, provider, { int: MARKUP, add: MARKUP, ing: MARKDOWN, sde: MARKDOWN, ste: `1. ${MARKUP}\n2. ${MARKDOWN}` },
      recipe('<script>alert(5)</script>', `<img src=x onerror=alert(6)> & "it's" </title><h1>`))));

  test(`words without end, ${width} px`, table({ width }, async ({ page, provider }) => {
    const word = 'Rindfleischetikettierung'.repeat(60);
    await serves(page, provider, { int: word, add: `1 ${word}\n2`, ing: `https://evil.example/${word}`, sde: '—'.repeat(900), ste: `1. ${word}\n${'9'.repeat(400)}. ${word}` },
      recipe(word.slice(0, 300), word));
    await page.picture(`${width}-words-without-end`);
  }));

  test(`right to left, and combining marks, ${width} px`, table({ width }, async ({ page, provider }) => {
    await serves(page, provider, { int: RTL, add: RTL, ing: MARKS, sde: MARKS, ste: `1. ${RTL}\n2. ${MARKS}` }, recipe('שקשוקה עם בצל', RTL.split('\n')[0]));
    const directions = await page.tab.locator('[data-part=add] .text').evaluate((e) => getComputedStyle(e).direction);
    assert.equal(directions, 'rtl');
    await page.picture(`${width}-right-to-left`);
  }));
}

test('text that looks like our wire, and odd characters', table({}, ({ page, provider }) =>
  serves(page, provider, { int: WIRE, add: ODD, ing: `${ODD}${WIRE}`, sde: '⮑', ste: `\ufeff1. ${WIRE}` }, recipe('_done|{}', 'data: x'))));

for (const [what, unit] of [['lines', 'A short line of text, as any.\n'], ['one word', 'abcdefgh'], ['words', 'pepper ']]) {
  test(`200 KiB in one section: ${what}`, table({ width: 360 }, async ({ page, provider }) => {
    const text = unit.repeat(Math.ceil(200 * 1024 / unit.length));
    provider.auto({ ste: false, add: 'A\nB' });
    await page.cook();
    const ste = await provider.next('ste');
    for (let at = 0; at < text.length; at += 4000) ste.text(text.slice(at, at + 4000));
    ste.finish('stop').done();
    await page.run('done');
    assert.equal(await page.textOf('ste'), text);
    assert.deepEqual(await page.overflow(), []);
    assert.equal(await page.textOf('add'), 'A\nB');
    await page.press('cook');
    assert.equal(await page.text('#step'), text.split('\n')[0].trim());
    await page.tab.keyboard.press('Escape');
    await page.leavesCooking();
    await page.tab.reload();
    await page.run('kept');
    await page.shows('ste', text);
    assert.deepEqual(await page.overflow(), []);
  }));
}

test("a provider's error is text too", table({ env: { RECIPE_LOCAL: '1' } }, async ({ page, provider }) => {
  provider.auto({ sde: (x) => x.error(400, { error: { message: MARKUP } }) });
  await page.cook();
  await page.run('done');
  assert.match(await page.noteOf('sde'), /<script>alert\(1\)/);
  assert.equal(await page.tab.locator('#recipe :is(script, img, iframe, a, style)').count(), 0);
}));

test("a visitor's own ingredients are text, from the demo cook too", table({ config: {} }, async ({ page }) => {
  await page.cook('<img src=x onerror=alert(1)>, "quotes" \\ {{recipe.name}} [[a|b]], 양파');
  await page.run('done');
  assert.match(await page.textOf('add'), /<img src=x onerror=alert\(1\)>/);
  assert.match(await page.textOf('ing'), /양파/);
  assert.equal(await page.tab.locator('#recipe img, #notes img').count(), 0);
}));

/** A whole recipe of it: every field that a model fills. */
const EVIL = { int: MARKUP, add: `1 onion ${MARKUP.split('\n')[0]}\n${RTL.split('\n')[0]}`, ing: MARKDOWN, sde: MARKS, ste: `1. ${MARKUP.replaceAll('\n', ' ')}\n2. ${MARKDOWN.split('\n')[1]}\n3. ${MARKS}\n4. ${RTL.split('\n')[0]}` };
const NAME = '</title><script>alert(5)</script><img src=x onerror=alert(6)>';
const evil = (provider) => provider.auto({ ...EVIL, init: three(recipe(NAME, MARKDOWN.split('\n')[1])) });
const MODEL = '<img src=x onerror=alert(7)>';

everywhere('the cooking view shows every step as text', {}, async ({ page, provider, look }) => {
  evil(provider);
  await page.cook();
  await page.run('done');
  await page.press('cook');
  for (const [n, line] of EVIL.ste.split('\n').entries()) {
    assert.equal(await page.text('#step'), line.slice(3));
    const box = await page.tab.locator('#step').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= page.options.width, 'it fits');
    await noneOf(page, '#cooking');
    await look(n === 0 ? 'hostile-cooking' : '');
    await page.tab.keyboard.press('ArrowRight');
  }
});

test("the race and its table show a model's name as text", table({ site: ({ provider }) => ({ services: { '70b': provider.service(MODEL), 'groq-8b': provider.service(MODEL) } }) }, async ({ page, provider }) => {
  evil(provider);
  await page.cook();
  await page.run('done');
  await page.tab.locator('#race summary').click();
  const cells = await page.tab.locator('#race td').allTextContents();
  assert.ok(cells.some((text) => text.includes(MODEL)), String(cells));
  await noneOf(page, '#race');
  await noneOf(page, '#recipe');
}));

test('what was kept is text when it comes back', table({ width: 360 }, async ({ page, provider }) => {
  evil(provider);
  await page.cook();
  await page.run('done');
  await page.tab.reload();
  await page.shelf(1);
  const kept = page.tab.locator('#kept').getByRole('button', { name: NAME, exact: true });
  await noneOf(page, '#shelf');
  await kept.click();
  for (const [part, text] of Object.entries(EVIL)) await page.shows(part, text);
  assert.equal(await page.text('#name'), NAME);
  assert.equal(await page.tab.title(), `${NAME} \u00b7 recipe.fcgi`);
  for (const place of ['#recipe', '#notes', '#shelf']) await noneOf(page, place);
  assert.deepEqual(await page.overflow(), []);
}));

test('a shelf that another page has written is no harm', table({}, async ({ page, provider }) => {
  evil(provider);
  await page.cook();
  await page.run('done');
  const [whole] = await page.kept();
  // As an older page or a newer one may have kept it: each thing missing once, or nothing.
  const odd = Object.keys(whole).flatMap((key) => [{ ...whole, [key]: undefined }, { ...whole, [key]: null }]);
  const list = [null, 7, 'x', {}, ...odd, { ...whole, texts: { ste: { x: 1 }, int: null, add: ['a'] } }, whole];
  await page.tab.evaluate((all) => localStorage.setItem('recipes', JSON.stringify(all)), list);
  await page.tab.reload();
  const read = () => localStorage.recipes === undefined;
  await page.until('the old list to be moved', read);
  await page.shelf(1 + odd.length + 2);
  for (const button of await page.tab.locator('#kept .idea').all()) await button.click();
  for (const place of ['#recipe', '#notes', '#shelf']) await noneOf(page, place);
  await page.shows('ste', EVIL.ste);
  await page.tab.evaluate(() => localStorage.setItem('recipes', '{"not": ['));
  await page.tab.reload();
  await page.shelf(1 + odd.length + 2);
}));

test('what is saved holds the text and nothing that runs', table({}, async ({ page, provider }) => {
  evil(provider);
  await page.cook();
  await page.run('done');
  const saved = async (button) => {
    const [file] = await Promise.all([page.tab.waitForEvent('download'), page.press(button)]);
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };
  const json = await saved('jsonld');
  assert.match(json.name, /^[^\p{C}\\/:*?"<>|.]+\.json$/u, 'a name that harms no file system');
  const { name, recipeIngredient, recipeInstructions } = JSON.parse(json.text);
  assert.equal(name, NAME);
  assert.deepEqual(recipeIngredient, EVIL.add.split('\n'));
  assert.deepEqual(recipeInstructions.map((step) => step.text), EVIL.ste.split('\n').map((line) => line.slice(3)));
  assert.doesNotMatch(json.text, /<\/?script/i, 'it may stand in a script element, where such files are put');
  const markdown = await saved('markdown');
  assert.match(markdown.name, /^[^\p{C}\\/:*?"<>|.]+\.md$/u);
  for (const line of EVIL.add.split('\n')) assert.ok(plainText(markdown.text).includes(line), line);
  assert.doesNotMatch(markdown.text, /(?<!\\)(\\\\)*[<[]/, 'no tag and no link for whoever renders it');
  page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
}));

/** Markdown whose backslashes have done their work. */
const plainText = (markdown) => markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1');

test('without JavaScript too', table({ env: { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') } }, async ({ page, provider }) => {
  evil(provider);
  await page.fill(MARKUP);
  await Promise.all([page.tab.waitForURL('**/generate'), page.tab.evaluate(() => HTMLFormElement.prototype.submit.call(document.querySelector('form')))]);
  await page.tab.waitForLoadState();
  for (const [part, text] of Object.entries(EVIL)) assert.equal((await page.textOf(part)).trim(), text.trim(), part);
  assert.equal(await page.text('h1'), NAME);
  assert.equal(await page.tab.locator('article :is(script, img, iframe, a, style, link, svg), .notes :is(script, img, iframe, a, style, link, svg)').count(), 0);
  assert.deepEqual(await page.overflow(), []);
}));
