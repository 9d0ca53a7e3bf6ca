// A run of some parts only, with texts that an earlier run wrote: nothing of it
// is kept on the server. And the options that cooks ask for.

import { COOK, TEXTS, TINY, assert, partNames, run, scene, start, test } from '../lib/harness.mjs';

const PIE = { name: 'Leek Pie', intro: 'Soft <leeks> & butter.' };
const ADD = '2 leeks\n1 egg';
const with_ = (more) => ({ ...COOK, ...more });
/** The parts that a model was asked for. */
const asked = (provider) => provider.exchanges.map((x) => x.part).sort();

test('one section again, from what is given', scene({}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site, with_({ want: ['ste'], given: { recipe: PIE, add: ADD } }));
  assert.deepEqual(asked(provider), ['ste']);
  const { prompt } = provider.exchanges[0];
  for (const text of [PIE.name, PIE.intro, ADD]) assert.ok(prompt.includes(text), prompt);
  assert.deepEqual(partNames(r), ['ste']);
  assert.deepEqual(r.run.given, ['recipe', 'add']);
  assert.equal(r.parts.ste, TEXTS.ste.replaceAll('\n', '⮑'));
  assert.deepEqual(Object.keys(r.states), ['ste'], 'no event of a part that does not run');
  assert.deepEqual([r.pick, r.alternates, r.errors], [null, null, []]);
}));

test('another dish by its name: all but the choice', scene({}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site, with_({ given: { recipe: PIE } }));
  assert.deepEqual(partNames(r), ['add', 'int', 'ing', 'sde', 'ste']);
  assert.deepEqual(r.run.given, ['recipe']);
  for (const part of partNames(r)) assert.equal(r.stateOf(part), 'done');
  for (const part of ['add', 'int', 'sde', 'ste']) assert.ok(provider.exchanges.find((x) => x.part === part).prompt.includes(PIE.name));
}));

test('what a wanted part needs runs too, and a failure there skips it', scene({}, async ({ site, provider }) => {
  provider.auto({ add: (x) => x.error(401) });
  const r = await run(site, with_({ want: ['ste'], given: { recipe: PIE } }));
  assert.deepEqual(partNames(r), ['add', 'ste']);
  assert.deepEqual(['add', 'ste'].map(r.stateOf), ['failed', 'skipped']);
}));

test('a wanted part without anything given has the whole chain run', scene({}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site, with_({ want: ['sde'] }));
  assert.deepEqual(partNames(r), ['init', 'sde']);
  assert.deepEqual(r.run.given, []);
  assert.ok(r.pick.name);
}));

test('the other forms show what runs, and no more', scene({}, async ({ site, provider }) => {
  provider.auto();
  const body = with_({ want: ['sde', 'ste'], given: { recipe: PIE, add: ADD } });
  const doc = await (await site.post(body, { headers: { accept: 'application/json' } })).json();
  assert.deepEqual(Object.keys(doc.parts), ['sde', 'ste']);
  assert.equal(doc.parts.ste.text, TEXTS.ste);
  const text = await (await site.post(body, { headers: { accept: 'text/plain' } })).text();
  assert.equal(text, `\n\nSide dishes\n-----------\n${TEXTS.sde}\n\nSteps\n-----\n${TEXTS.ste}\n\n(end)\n`);
}));

test('a given text is nothing but text', scene({}, async ({ site, provider }) => {
  provider.auto({ ste: (x) => x.answer(x.prompt.includes('{{prepTime}} [[x]] <b>|</b> \\n "') ? 'unharmed' : x.prompt) });
  const r = await run(site, with_({ want: ['ste'], given: { recipe: PIE, add: '{{prepTime}} [[x]] <b>|</b> \\n "' } }));
  assert.equal(r.parts.ste, 'unharmed');
}));

const WRONG = [
  [{ want: ['soup'] }, /"want" takes no "soup".*init, alt, add, int, ing, sde, ste/],
  [{ want: [] }, /array of the parts/],
  [{ want: 'ste' }, /array of the parts/],
  [{ want: ['add'], given: { add: 'x' } }, /both wanted and given/],
  [{ want: ['alt'], given: { recipe: PIE } }, /only the pick is given/],
  [{ given: { init: '[]' } }, /"given" takes no "init".*recipe, alt, add/],
  [{ given: { recipe: 'Pie' } }, /"recipe" must be an object/],
  [{ given: { recipe: { intro: 'x' } } }, /recipe\.name/],
  [{ given: { add: 'be\u0007ef' } }, /U\+0007/],
  [{ given: { add: ['x'] } }, /"add" must be a string/],
  [{ given: ['add'] }, /"given" must be an object/],
];
test('what is wrong with a partial run is said', async (t) => {
  await scene({}, async ({ site, provider }) => {
    for (const [more, says] of WRONG) {
      await t.test(JSON.stringify(more), async () => {
        const response = await site.post(with_(more));
        const { error } = await response.json();
        assert.equal(response.status, 400);
        assert.equal(error.code, 'bad_input');
        assert.match(error.message, says);
      });
    }
    const long = await site.post(with_({ given: { add: 'x'.repeat(17000) } }));
    assert.equal((await long.json()).error.code, 'too_large', 'the bound of any request');
    assert.equal(provider.requests, 0);
  })(t);
});

test('which names there are follows from stages.json', scene({
  prompts: TINY,
  site: ({ provider }) => ({ services: { pen: provider.service('pen-model'), brush: provider.service('brush-model') } }),
}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site, { place: 'Skye', want: ['sign'], given: { name: { title: 'Old Salt', motto: 'Rocks.' }, keeper: 'Ann.' } });
  assert.deepEqual(asked(provider), ['sign']);
  assert.deepEqual(r.run.given, ['keeper', 'name']);
  assert.deepEqual(partNames(r), ['sign']);
}));

test('the demo cook finishes what is given, too', scene({ config: {} }, async ({ site, provider }) => {
  const r = await run(site, with_({ want: ['ste'], given: { recipe: PIE, add: ADD } }));
  assert.equal(r.run.demo, true);
  assert.match(r.parts.ste, /Leek Pie/);
  assert.equal(provider.requests, 0);
}));

const OPTIONS = { servings: 6, diet: 'vegan', allergies: 'peanuts, sesame', language: 'Korean' };
test('servings, diet, allergies and language are in the prompts', scene({}, async ({ site, provider }) => {
  provider.auto();
  await run(site, with_(OPTIONS));
  for (const { part, prompt } of provider.exchanges) {
    for (const word of ['vegan', 'peanuts, sesame', 'Korean']) assert.ok(prompt.includes(word), `${part}: ${prompt}`);
    assert.doesNotMatch(prompt, /\{\{|two to four/);
  }
  for (const part of ['init', 'add', 'ste']) assert.match(provider.exchanges.find((x) => x.part === part).prompt, /\b6 people\b/);
}));

test('without them, or with empty ones, a prompt says nothing of them', scene({}, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  const plain = Object.fromEntries(provider.exchanges.splice(0).map((x) => [x.part, x.prompt]));
  await run(site, with_({ servings: '', diet: '', allergies: '', language: '' }));
  for (const part of ['init', 'add', 'int', 'ing']) {
    if (part === 'init' || part === 'ing') assert.equal(provider.exchanges.find((x) => x.part === part).prompt, plain[part]);
    assert.doesNotMatch(plain[part], /\{\{|allerg|without exception|Write in \.|\n\n\n/);
    assert.match(plain[part], /language in which the ingredients/);
  }
}));

test('their bounds', async (t) => {
  await scene({}, async ({ site }) => {
    for (const [more, says] of [[{ servings: 0 }, /servings.*1 to 24/], [{ servings: 'x' }, /servings.*whole/], [{ diet: '!!' }, /diet.*letter/], [{ allergies: 'x'.repeat(201) }, /allergies.*200/], [{ language: 7 }, /language.*string/]]) {
      await t.test(JSON.stringify(more).slice(0, 30), async () => {
        const response = await site.post(with_(more));
        assert.equal(response.status, 400);
        assert.match((await response.json()).error.message, says);
      });
    }
  })(t);
});

test('the demo cook is honest about what it cannot do', scene({ config: {} }, async ({ site }) => {
  const r = await run(site, with_({ ...OPTIONS, servings: 3 }));
  assert.match(r.parts.add, /no peanuts: read every label.*no sesame: read every label/s);
  assert.match(r.parts.int, /for 3\..*vegan.*look twice.*Korean/s);
}));

test('one who leaves a partial run leaves nothing', scene({}, async ({ site, provider }) => {
  const r = await start(site, with_({ want: ['ste'], given: { recipe: PIE, add: ADD } }));
  const ste = await provider.next('ste');
  r.leave();
  await ste.closed;
}));
