// From the form to the printed sheet with the keyboard alone. The focus always
// shows, and no step of the way loses it; see keys.mjs.

import { readFileSync } from 'node:fs';
import { SIZES, TEXTS, assert, recipes, table, test } from './lib.mjs';
import { Keys } from './keys.mjs';

/** The form filled, options and all, and sent. */
async function order(keys) {
  const { keyboard } = keys;
  await keys.to('textbox', 'Ingredients on hand');
  await keyboard.type('leeks and eggs');
  await keys.to('radio', '45 min');
  await keys.press('ArrowRight');
  await keys.stays('radio', '60 min');
  await keys.press('Tab');
  await keys.press('Enter');
  await keys.to('field', 'Servings');
  await keyboard.type('4');
  await keys.to('field', 'Diet');
  await keyboard.type('vegan');
  await keys.to('field', 'Allergies');
  await keyboard.type('peanuts');
  await keys.to('field', 'Language');
  await keyboard.type('English');
  await keys.to('button', 'Generate');
  await keys.press('Enter');
}

/** Enter on that button, and what it saves. */
async function saved(keys, name) {
  await keys.stays('button', 'More');
  await keys.press('Enter');
  await keys.to('button', name);
  const [file] = await Promise.all([keys.page.tab.waitForEvent('download'), keys.press('Enter')]);
  return readFileSync(await file.path(), 'utf8');
}

for (const width of SIZES) {
  test(`from form to print, ${width} px`, table({ width, still: true }, async ({ page, provider }) => {
    const { tab } = page;
    const keys = new Keys(page);
    await page.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await tab.evaluate(() => {
      window.printed = 0;
      window.print = () => window.printed++;
    });

    provider.auto({ init: JSON.stringify(recipes(3)), ing: false, sde: false });
    await order(keys);
    const [ing, sde] = [await provider.next('ing'), await provider.next('sde')];
    ing.text('Leeks');
    await page.shows('ing', 'Leeks');
    await keys.stays('button', 'Generate');
    await page.says('ste', /^done/);
    const { prompt } = provider.exchanges.find((x) => x.part === 'ste');
    for (const word of ['4 people', 'vegan', 'peanuts', 'English', '60 minutes']) assert.ok(prompt.includes(word), `${word}: ${prompt}`);
    await keys.stays('button', 'Generate');

    // What is written can be used while the rest is still being written.
    await keys.to('checkbox', /Slice everything/);
    await keys.press('Space');
    assert.equal(await tab.getByRole('checkbox', { name: /Slice everything/ }).isChecked(), true);
    ing.finish('stop').done();
    sde.answer(TEXTS.sde);
    await page.run('done');
    await keys.stays('checkbox', /Slice everything/);
    await keys.to('checkbox', /Heat the oil/);
    await keys.press('Space');

    provider.auto(() => false);
    await keys.back('button', 'Write Steps again');
    await keys.press('Enter');
    const ste = await provider.next('ste');
    ste.text('1. Anew.');
    await page.shows('ste', '1. Anew.');
    await keys.stays('button', 'Write Steps again');
    ste.text('\n2. Once more.').finish('stop').done();
    await page.run('done');
    await keys.stays('button', 'Write Steps again');

    provider.auto({ ste: '1. One.\n2. Two.\n3. Three.' });
    const other = (await tab.getByRole('region', { name: 'Other ideas' }).getByRole('button').last().textContent()).trim();
    await keys.to('button', other);
    await keys.press('Enter');
    await page.until('the other dish', (name) => document.querySelector('#name').textContent === name, other);
    await page.run('done');
    await keys.stays('heading', other);

    await keys.back('button', 'Cook it');
    await keys.press('Enter');
    const step = () => page.text('#step');
    await page.until('the first step', () => document.querySelector('#step').textContent === 'One.');
    await keys.stays('button', 'Next');
    await keys.press('Enter');
    assert.equal(await step(), 'Two.');
    await keys.press('ArrowRight');
    assert.equal(await step(), 'Three.');
    await keys.back('button', 'Back');
    await keys.press('Space');
    assert.equal(await step(), 'Two.');
    await keys.to('button', 'Close');
    await keys.press('Enter');
    await keys.stays('button', 'Cook it');
    await keys.press('Enter');
    await keys.press('Escape');
    await keys.stays('button', 'Cook it');

    await keys.to('button', 'More');
    await keys.press('Enter');
    await keys.to('button', 'Copy');
    await keys.press('Enter');
    await page.until('a word about it', () => /^Copied/.test(document.querySelector('[role=status]').textContent));
    assert.match(await tab.evaluate(() => navigator.clipboard.readText()), new RegExp(`^# ${other}\\n.*1\\. One\\.`, 's'));
    await keys.stays('button', 'More');
    assert.match(await saved(keys, 'Markdown'), /1\. One\./);
    assert.equal(JSON.parse(await saved(keys, 'Recipe JSON')).name, other);

    await keys.press('Enter');
    await keys.to('button', 'Print');
    await keys.press('Enter');
    assert.equal(await tab.evaluate(() => window.printed), 1);

    await keys.back('button', 'Generate');
    await page.picture(`${width}-keyboard`);
    page.requests.splice(0, Infinity, ...page.requests.filter((url) => !url.startsWith('blob:')));
  }));
}

test('what was kept is opened, and forgotten', table({ still: true }, async ({ page, provider }) => {
  const keys = new Keys(page);
  provider.auto();
  await page.cook();
  await page.run('done');
  await page.tab.reload();
  await page.run('kept');
  const [{ name }] = await page.kept();
  await keys.to('summary', 'Cookbook');
  await keys.press('Enter');
  await page.until('what is in it', () => document.querySelectorAll('#kept li').length === 1);
  await keys.to('button', name);
  await keys.press('Enter');
  assert.equal(await page.textOf('ste'), TEXTS.ste);
  await keys.stays('button', name);
  await keys.back('button', `Star ${name}`);
  await keys.press('Enter');
  await keys.stays('button', `Star ${name}`);
  assert.equal(await page.tab.getByRole('button', { name: `Star ${name}` }).getAttribute('aria-pressed'), 'true');
  await keys.to('button', `Delete ${name}`);
  await keys.press('Enter');
  await keys.stays('button', 'Undo');
  assert.equal(await page.status(), `Deleted: ${name}`);
  await page.shelf(0);
  await keys.press('Enter');
  await keys.stays('button', name);
  await page.shelf(1);
}));

test('the rest of a broken run is asked for, and Stop ends it', table({ still: true, limits: { idle_ms: 100_000 } }, async ({ page, provider }) => {
  const keys = new Keys(page);
  provider.auto({ add: (x) => x.error(401) });
  await page.cook();
  await page.run('done');
  provider.auto({ ste: false });
  await keys.to('button', 'Finish');
  await keys.press('Enter');
  await keys.stays('button', 'Generate');
  const ste = await provider.next('ste');
  ste.text('1. Cut');
  await page.shows('ste', '1. Cut');
  await keys.press('Tab');
  await keys.stays('button', 'Stop');
  await keys.press('Enter');
  await page.run('stopped');
  await ste.closed;
  await keys.stays('button', 'Generate');
  assert.equal(await page.textOf('ste'), '1. Cut');
}));
