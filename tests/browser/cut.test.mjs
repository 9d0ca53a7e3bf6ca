// A stream that ends before _done, at every event that is not text: after it,
// and in the middle of it. What came is kept, and the rest can be had.

import { TEXTS, assert, recipes, table, test } from './lib.mjs';
import { startCutter } from './cutter.mjs';

const WRITTEN = ['int', 'add', 'ste', 'sde', 'ing'];

/** A run in which all goes well, and one with everything that can happen to a part. */
const WELL = { init: JSON.stringify(recipes(3)) };
const ILL = {
  ...WELL,
  add: (x) => x.error(400, { error: { message: 'the oven is cold' } }),
  int: (x) => x.text('A p').finish('content_filter').done(),
  sde: (x) => x.text('Rice').finish('length').done(),
  ing: (x) => (x.body.model === 'model-70b' ? x.text('Beef h').cut() : x.answer(TEXTS.ing)),
};
/** `ing` goes on at another service when one breaks. */
const edit = (graph) => Object.assign(graph.stages.find((s) => s.part === 'ing'), { service: ['70b', 'groq-8b'] });

/** Every control event of a stream: {key, from, end}, key saying what it is wherever it stands. */
function controls(stream) {
  return [...stream.matchAll(/data: (_\w+)\|([^\n]*)\n(?:.+\n)*\n/g)].map(({ 0: whole, 1: name, 2: json, index }) => {
    const { part, state, attempt } = JSON.parse(json);
    return { name, part, state, key: [name, part, state, attempt].filter((x) => x !== undefined).join(' '), from: index, end: index + whole.length };
  });
}

/** What a section shows of a stream that began like this: its text since it last began again. */
function shown(stream, part) {
  const own = [...stream.matchAll(/data: ([^|\n]*)\|([^\n]*)\n(?:.+\n)*\n/g)].map((m) => [m[1], m[2]]);
  let text = '';
  for (const [name, data] of own) {
    if (name === part) text += data.replaceAll('⮑', '\n');
    else if (name === '_part' && JSON.parse(data).part === part && JSON.parse(data).state === 'reset') text = '';
  }
  return text;
}

/** Parts that a stream says are written, whole or cut short. */
const finished = (stream) => new Set(controls(stream).filter((c) => c.name === '_part' && /^(done|cut)$/.test(c.state) && c.part !== 'init').map((c) => c.part));

/** Whether something is missing that can still be had: other ideas come with the choice of a recipe alone. */
const lacks = (stream) => WRITTEN.some((part) => !finished(stream).has(part)) || !/data: _pick\|.*\n(?:.+\n)*\n/.test(stream);

async function keptAll(page, stream) {
  for (const part of WRITTEN) assert.equal(await page.textOf(part), shown(stream, part), `${part} after ${stream.slice(-80)}`);
  assert.equal(await page.tab.locator('[aria-busy=true]').count(), 0);
}

// The site does not know this run, and says so to who has not heard yet whether it is kept.
for (const [what, answers, most] of [['that goes well', WELL, 20], ['in which much goes wrong', ILL, 25]]) {
  test(`cut after every control event, and within one of each name, of a run ${what}`, table({ edit, expect: /status of 404/ }, async ({ page, provider, site }) => {
    provider.auto(answers);
    const whole = await (await site.post({ ingredientsOnHand: 'beef', prepTime: 45 })).text();
    const all = controls(whole);
    assert.ok(all.length > most, String(all.length));
    let body = '';
    await page.tab.route('**/generate', (route) => route.fulfill({ status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body }));
    const within = all.filter((c, i) => all.findIndex((d) => d.name === c.name) === i).map((c) => (c.from + c.end) >> 1);
    const after = all.filter((c) => c.name !== '_done').map((c) => c.end);
    for (const end of [...within, ...after, whole.length - 1]) {
      body = whole.slice(0, end);
      await page.cook();
      if (controls(body).length === 0) { // no answer at all, as far as a page can see
        await page.until('an end', () => /^(broken|refused)$/.test(document.body.dataset.run));
        continue;
      }
      await page.run('broken');
      await keptAll(page, body);
      assert.match(await page.status(), new RegExp(`with ${finished(body).size} of 6 done`));
      assert.equal(await page.visible('#finish'), lacks(body));
    }
  }));
}

const BREAKS = /ERR_(INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|EMPTY|CONNECTION)/;

test('the connection breaks again and again in a run that is kept: the page reads on, and nobody sees it', table({ edit, through: startCutter, expect: BREAKS }, async ({ page, provider, before }) => {
  provider.auto();
  for (const cutAt of [200, 700, 1300, 2500]) {
    let cut = false;
    before.hold = (stream) => (cut || stream.length < cutAt ? -1 : cutAt);
    const asked = provider.requests;
    await page.cook();
    await before.held();
    cut = true;
    before.hold = null;
    before.cut();
    await page.run('done');
    for (const part of WRITTEN) assert.equal(await page.textOf(part), TEXTS[part], `${part}, cut after ${cutAt} bytes`);
    assert.equal(provider.requests - asked, 6, 'nothing is asked twice');
  }
}));

/** Until the page shows that this event has come: of this run, so not before it has begun. */
function arrived(page, { name, part, state }) {
  return page.until(`the page to have seen ${name} ${part} ${state}`, ([n, p, s]) => {
    if (document.body.dataset.run !== (n === '_done' ? 'done' : 'running')) return false;
    if (n === '_part') return document.querySelector(`[data-part=${p}]`).dataset.state === s;
    if (n === '_pick') return /^Dish/.test(document.querySelector('#name').textContent);
    if (n === '_alternates') return document.querySelectorAll('#ideas li').length === 2;
    return true;
  }, [name, part, state]);
}

/** What has been cut already; of the second run only what the first did not have. */
const known = new Set();

for (const [what, answers] of [['that goes well', WELL], ['in which much goes wrong', ILL]]) {
  test(`the connection breaks at every control event of a run ${what}, and the rest can be had`, table({ edit, through: startCutter, expect: BREAKS, journal: false }, async ({ page, provider, before, site }) => {
    provider.auto(answers);
    const all = controls(await (await site.post({ ingredientsOnHand: 'beef', prepTime: 45 })).text());
    for (const event of all.filter((c) => !known.has(c.key))) {
      const { key, name } = event;
      known.add(key);
      let came = '';
      before.hold = (stream) => {
        const found = controls(stream).find((c) => c.key === key);
        came = found ? stream.slice(0, found.end) : stream;
        return found ? found.end : -1;
      };
      provider.auto(answers);
      await page.cook();
      await before.held();
      await arrived(page, event);
      before.cut();
      if (name === '_done') {
        await page.run('done');
      } else {
        await page.run('broken');
        await keptAll(page, came);
        provider.auto(WELL);
        assert.equal(await page.visible('#finish'), lacks(came));
        if (lacks(came)) {
          await page.press('finish');
          await page.run('done');
        }
        for (const part of WRITTEN) assert.ok(finished(came).has(part) || (await page.textOf(part)) === TEXTS[part], `${part}, broken after ${key}`);
        assert.equal(await page.visible('#finish'), false, `nothing is missing, broken after ${key}`);
      }
    }
  }));
}
