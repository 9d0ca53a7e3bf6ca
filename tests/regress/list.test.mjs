// The list that init writes, in the shapes that models really give it, and
// those that nobody can read.

import { ASKING, assert, recipes, run, scene, start, test } from '../lib/harness.mjs';

const json = (value) => JSON.stringify(value);
const three = json(recipes(3));

const READABLE = [
  ['plain', three, 3],
  ['spread over lines', JSON.stringify(recipes(3), null, 2), 3],
  ['fenced', '```json\n' + three + '\n```', 3],
  ['fenced without a language', '```\n' + three + '\n```\n', 3],
  ['wrapped in an object', `{"recipes": ${three}}`, 3],
  ['wrapped in an object with more beside it', `{"count": 3, "note": "[three]", "recipes": ${three}, "ok": true}`, 3],
  ['wrapped and fenced', '```json\n{"recipes": ' + three + '}\n```', 3],
  ['after a prologue', `Here are three ideas for you:\n\n${three}`, 3],
  ['before an epilogue', `${three}\n\nEnjoy {all} of [them]!`, 3],
  ['with a trailing comma', three.replace(/\]$/, ',]'), 3],
  ['with trailing commas inside', three.replaceAll('}', ',}'), 3],
  ['one element', json(recipes(1)), 1],
  ['two elements', json(recipes(2)), 2],
  ['five elements', json(recipes(5)), 5],
  ['brackets and quotes inside strings', json([
    { name: 'A "]}" dish', intro: 'With [brackets], {braces} and \\ back\\slashes.' },
    { name: 'B [', intro: '{' }, { name: 'C }', intro: ']' },
  ]), 3],
  ['fields in another order', json(recipes(3).map(({ name, intro }) => ({ intro, name }))), 3],
  ['more fields than asked', json(recipes(3).map((r) => ({ id: 7, tags: ['a', { b: [] }], ...r, time: null }))), 3],
  ['one with an inch mark in a name', three.replace('"Dish 0"', '"9" Dish"'), 3],
  ['one with an inch mark at its end', three.replace('Intro of 1.', 'A pan of 9"'), 3],
  ['„German quotes" that are half ASCII', three.replace('Dish 1', '„Beste" Suppe'), 3],
  ['quotes inside strings, with commas', three.replace('Intro of 2.', 'Say "yes", and "no", or "so".'), 3],
  ['a string without an end', three.replace('Intro of 1."', 'Intro of 1.'), 3],
  ['single quotes', three.replaceAll('"', "'").replace('Intro of 1', "It's of 1"), 3],
  ['no commas between the objects', three.replaceAll('},{', '}\n{'), 3],
  ['no brace after one', three.replace('"},', '",'), 3],
  ['comments', three.replaceAll('},{', '}, // the "next"\n{'), 3],
  ['raw newlines in strings', three.replaceAll('Intro of', 'Intro\nof'), 3],
  ['a map of objects', json(Object.fromEntries(recipes(3).map((r, n) => [`dish${n}`, r]))), 3],
  ['a map in an object', json({ recipes: Object.fromEntries(recipes(3).map((r, n) => [n, r])) }), 3],
  ['an example before it', `For example: [{"name": "Name", "intro": "Sentence"}]\n\n${three}`, 3],
  ['an example object before it', `Each is {"name": "...", "intro": "..."}.\n\`\`\`json\n${three}\n\`\`\``, 3],
  ['escapes and other scripts', '[{"name":"\\uae40\\uce58 \\ud83c\\udf72","intro":"a\\tb \\/ \\"c\\""},{"name":"된장","intro":"좋다"}]', 2],
];

for (const [name, text, n] of READABLE) {
  test(`a list ${name} is read`, scene({}, async ({ site, provider }) => {
    provider.auto({ init: text });
    const r = await run(site);
    assert.equal(r.stateOf('init'), 'done', r.summary());
    assert.ok(r.pick.index < Math.min(n, 3), 'the pick is one of the first three');
    assert.equal(r.alternates.length, n - 1);
    for (const { name: dish, intro } of [r.pick, ...r.alternates]) assert.ok(dish && intro);
    for (const part of ['alt', 'add', 'int', 'sde', 'ste']) assert.equal(r.stateOf(part), 'done', part);
  }));
}

test('a list that comes byte by byte is read the same', scene({}, async ({ site, provider }) => {
  provider.auto({
    init: (x) => {
      for (const char of '```json\n' + JSON.stringify(recipes(4), null, 1) + '\n```') x.text(char);
      x.finish('stop').done();
    },
  });
  const r = await run(site);
  const [pick, ...others] = [r.pick.index, ...r.alternates.map((a) => Number(a.name.at(-1)))];
  assert.deepEqual([pick, ...others].sort(), [0, 1, 2, 3]);
}));

test('names and intros arrive exactly', scene({}, async ({ site, provider }) => {
  const odd = { name: 'A "]}" | dish\\', intro: 'Two\nlines, a tab\t and 🍲 <b>&amp;</b>' };
  provider.auto({ init: json([odd]), add: (x) => x.answer(x.prompt.includes(odd.name) ? 'unharmed' : 'harmed') });
  const r = await run(site);
  assert.deepEqual(r.pick, { index: 0, ...odd });
  assert.equal(r.parts.add, 'unharmed');
}));

test('no example is cooked, whichever was drawn', scene({}, async ({ site, provider }) => {
  provider.auto({ init: `For example: [{"name": "Name", "intro": "Sentence"}]\n\n${three}` });
  for (let n = 0; n < 6; n++) {
    const r = await run(site);
    for (const { name } of [r.pick, ...r.alternates]) assert.match(name, /^Dish \d$/);
  }
}));

test('of a list without end the first hundred are kept', scene({}, async ({ site, provider }) => {
  provider.auto({ init: (x) => {
    x.text('[');
    for (let n = 0; n < 100; n++) x.text(json(recipes(20)).slice(1, -1) + ',');
    x.finish('stop').done();
  } });
  const r = await run(site);
  assert.equal(r.alternates.length, 99);
  assert.equal(r.stateOf('alt'), 'done', r.summary());
}));

test('the pick is drawn anew when the array is shorter than three', scene({}, async ({ site, provider }) => {
  provider.auto({ init: json(recipes(1)) });
  // Two of three first draws lie beyond the one element there is.
  for (let n = 0; n < 6; n++) {
    const r = await run(site);
    assert.equal(r.pick.index, 0);
    assert.deepEqual(r.alternates, []);
  }
}));

const UNREADABLE = [
  ['prose', 'I am sorry, I cannot think of any recipe today.'],
  ['nothing', ''],
  ['an empty list', '[]'],
  ['strings, not objects', '["Stew", "Soup", "Salad"]'],
  ['elements without a name', '[{"intro": "a"}, {"intro": "b"}]'],
  ['half an element', '[{"name": "Stew", "intro": "It nev'],
  ['names that are no text', '[{"name": {}, "intro": []}]'],
];
for (const [name, text] of UNREADABLE) {
  test(`a list that is ${name} fails init with a clear message`, scene({}, async ({ site, provider }) => {
    provider.auto({ init: text });
    const r = await run(site);
    assert.equal(r.stateOf('init'), 'failed', r.summary());
    const { code, message } = r.errorOf('init');
    if (text) assert.equal(code, 'bad_list', message);
    assert.ok(message.length > 10, message);
    for (const part of ['alt', 'add', 'int', 'sde', 'ste']) {
      assert.equal(r.stateOf(part), 'skipped', part);
      assert.equal(r.errorOf(part).code, 'skipped');
    }
    assert.match(r.states.add.at(-1).why, /init/);
    assert.equal(r.stateOf('ing'), 'done', 'ing needs no list');
    assert.equal(provider.exchanges.filter((x) => x.part === 'ste').length, 0);
  }));
}

test('a closed pick is final: init failing later costs alt alone', scene({}, async ({ site, provider }) => {
  provider.auto({ init: false });
  const r = await start(site);
  const init = await provider.next('init');
  init.text(json(recipes(3)).slice(0, -1));
  await r.until(() => r.pick, '_pick');
  init.cut();
  await r.over();
  assert.equal(r.stateOf('init'), 'failed');
  assert.equal(r.stateOf('alt'), 'skipped');
  for (const part of ASKING.filter((p) => p !== 'init')) assert.equal(r.stateOf(part), 'done', part);
}));

test('a list cut by max_tokens keeps the elements that closed', scene({}, async ({ site, provider }) => {
  const text = json(recipes(3));
  provider.auto({ init: (x) => x.answer(text.slice(0, text.lastIndexOf('{') + 9), { reason: 'length' }) });
  const r = await run(site);
  assert.ok(r.pick.index <= 1, 'the pick is one of the two that closed');
  assert.equal(r.stateOf('init'), 'cut', r.summary());
  assert.equal(r.stateOf('ste'), 'done');
}));
