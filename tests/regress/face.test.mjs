// GET /graph: what a page must know of the application, and nothing else; and
// the inputs that take one of some values. The graph is ../graphs/forms.

import path from 'node:path';
import { PROJECT, TINY, assert, check, run, scene, test, waitFor } from '../lib/harness.mjs';

const FORMS = path.join(PROJECT, 'tests/graphs/forms');
const HTDOCS = { RECIPE_HTDOCS: path.join(PROJECT, 'htdocs') };
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const forms = (body, more = {}) => scene({
  prompts: FORMS, site: ({ provider }) => ({ services: { pen: provider.service('a-secret-model', { key: 'env:A_KEY' }) } }), env: { ...HTDOCS, A_KEY: 'sk-never-told' }, ...more,
}, body);
const graphOf = async (site) => (await site.get('/graph')).json();

test('title, inputs and parts, in the order of the file', forms(async ({ site }) => {
  const response = await site.get('/graph');
  assert.equal(response.status, 200);
  assert.equal(response.headers['content-type'], 'application/json; charset=utf-8');
  assert.equal(response.headers['cache-control'], 'no-cache, no-transform');
  assert.equal(response.headers['x-content-type-options'], 'nosniff');
  const { version, title, inputs, parts } = await response.json();
  assert.equal(version, 1);
  assert.deepEqual(title, { en: 'A day out', ko: '하루 여행' });
  assert.deepEqual(inputs.map(({ name, type, min, max, required }) => [name, type, min, max, required]), [
    ['place', 'text', 2, 60, true], ['hours', 'integer', 0, 2147483647, true], ['pace', 'text', 0, 2000, false],
    ['people', 'integer', 1, 12, false], ['wishes', 'text', 0, 1000, false],
  ]);
  assert.deepEqual([inputs[0].label, inputs[0].hint, inputs[0].letter], [{ en: 'Where to', ko: '어디로' }, { en: 'A town, in any language', ko: '도시 이름, 어떤 언어든' }, true]);
  assert.deepEqual(inputs[1].choices, [{ value: 3, label: { en: 'a morning', ko: '오전' } }, { value: 8, label: { en: 'a day', ko: '하루' } }, { value: 24 }]);
  assert.deepEqual(inputs[2].choices, [{ value: 'slow' }, { value: 'quick', label: { en: 'quick', ko: '빠르게' } }]);
  assert.deepEqual(parts.map(({ name, form, needs, each, list }) => [name, form, needs, each, list?.pick]), [
    ['themes', 'list', [], undefined, 'theme'], ['others', 'choice', [], 'themes', undefined], ['story', 'prose', ['theme'], undefined, undefined],
    ['bag', 'lines', ['theme'], undefined, undefined], ['route', 'steps', ['theme', 'bag'], undefined, undefined], ['sights', 'list', [], undefined, undefined],
    ['meals', 'choice', ['route'], undefined, 'meal'], ['toast', 'prose', ['meal'], undefined, undefined],
  ]);
  assert.deepEqual(parts[0].list, { items: 3, fields: ['name', 'why'], pick: 'theme' });
  assert.deepEqual(parts[0].title, { en: 'Theme', ko: '주제' });
}));

test('no template, service, model, address or key is in it, as JSON or HTML', forms(async ({ site, provider }) => {
  for (const headers of [{}, HTML]) {
    const text = await (await site.get('/graph', headers)).text();
    for (const secret of ['pen', 'secret', 'sk-never', 'Three themes', '{{', 'as a JSON array', String(provider.port), 'max_tokens', 'temperature', site.dir]) {
      assert.ok(!text.includes(`"${secret}"`) && (secret === 'pen' || !text.includes(secret)), `${secret} in ${text}`);
    }
  }
}));

test('a graph that says nothing of itself: names stand for words', scene({
  prompts: TINY, site: ({ provider }) => ({ services: { pen: provider.service('p'), brush: provider.service('b') } }),
}, async ({ site }) => {
  const { title, inputs, parts } = await graphOf(site);
  assert.equal(title, 'recipe.fcgi');
  assert.deepEqual(Object.keys(inputs[0]).sort(), ['max', 'min', 'name', 'required', 'type']);
  assert.deepEqual(parts.map(({ title: t }) => t), ['The keeper', 'By day', 'By night', 'The log', 'Names', 'Other names', 'The sign']);
  assert.deepEqual(parts.map(({ form }) => form), ['prose', 'prose', 'prose', 'prose', 'list', 'choice', 'prose']);
}));

test("every graph's page without JavaScript: tiny has a template of nobody", scene({
  prompts: TINY, env: HTDOCS, site: ({ provider }) => ({ services: { pen: provider.service('p'), brush: provider.service('b') } }),
}, async ({ site, provider }) => {
  provider.auto({ names: '[{"title":"Beam","motto":"We see."},{"title":"Salt","motto":"Mind."}]', day: '<b>Gulls</b> {{night}}' });
  assert.doesNotMatch(await site.stderr?.() ?? '', /plain\.html/, 'and nobody is warned of it');
  const html = await (await site.post({ place: 'Skye' }, { headers: { accept: 'text/html' } })).text();
  assert.match(html, /<h2>By day<\/h2><div class="text" dir="auto">&lt;b&gt;Gulls&lt;\/b&gt; \{\{night\}\}<\/div>/);
  assert.match(html, /<h2>Names<\/h2><div class="text" dir="auto"><p><b>(Beam|Salt)<\/b><\/p><p>(We see|Mind)\.<\/p><\/div>/);
  assert.match(html, /<dl class="text" dir="auto"><dt>(Beam|Salt)<\/dt>/);
  assert.match(html, /This is all of it/);
}));

test('methods and origins as of /services', forms(async ({ site }) => {
  for (const method of ['POST', 'HEAD', 'PUT', 'DELETE']) {
    const [ours, theirs] = [await site.request({ method, path: '/graph' }), await site.request({ method, path: '/services' })];
    assert.deepEqual([ours.status, ours.headers.allow], [405, theirs.headers.allow], method);
  }
  const origin = { origin: 'https://my.page' };
  const answer = await site.get('/graph', origin);
  assert.equal(answer.headers['access-control-allow-origin'], 'https://my.page');
  assert.match(answer.headers.vary, /Origin/);
  assert.equal((await site.get('/graph', { origin: 'https://evil.page' })).headers['access-control-allow-origin'], undefined);
  assert.equal((await site.request({ method: 'OPTIONS', path: '/graph', headers: origin })).headers['access-control-allow-methods'], 'GET, OPTIONS');
}, { cors: ['https://my.page'] }));

// ---- the form

const LANGUAGES = [
  ['ko', '어디로'], ['ko-KR', '어디로'], ['ko-KR,ko;q=0.9,en;q=0.5', '어디로'], ['de,ko;q=0.5', '어디로'], ['en-US,ko;q=0.5', 'Where to'],
  ['', 'Where to'], ['de', 'Where to'], ['KO', '어디로'], ['en;q=0,ko;q=0.1', '어디로'], [`${'x-'.repeat(3000)}`, 'Where to'],
];
test('HTML for who prefers it, in the best of the languages', async (t) => {
  await forms(async ({ site }) => {
    for (const [languages, label] of LANGUAGES) {
      await t.test(languages.slice(0, 40), async () => {
        const response = await site.get('/graph', { ...HTML, ...(languages ? { 'accept-language': languages } : {}) });
        assert.equal(response.headers['content-type'], 'text/html; charset=utf-8');
        assert.match(response.headers.vary, /Accept, Accept-Language/);
        assert.ok((await response.text()).includes(`<span>${label}</span><input name="place" dir="auto" minlength="2" maxlength="120" required>`));
      });
    }
    for (const accept of ['*/*', 'application/json', 'application/json, text/html;q=0.5', 'image/png']) {
      assert.match((await site.get('/graph', { accept })).headers['content-type'], /json/, accept);
    }
  })(t);
});

test('words of the graph are never markup', forms(async ({ site }) => {
  const html = await (await site.get('/graph', HTML)).text();
  assert.ok(html.includes('<title>&lt;b&gt;&#123;&#123;place}}&quot;</title>'), html);
  assert.ok(html.includes('<option value="&quot;&gt;&lt;">&lt;i&gt;</option>'), html);
  const answer = await (await site.post({ place: 'Bern', hours: 8 }, { headers: { accept: 'text/html' } })).text();
  assert.ok(answer.includes('<h2>&lt;u&gt;{{bag}}</h2>'), answer);
}, {
  config: {}, site: undefined,
  edit: (graph) => {
    graph.title = '<b>{{place}}"';
    graph.inputs.pace.choices = [{ value: '"><', label: '<i>' }];
    graph.stages.find(({ part }) => part === 'story').title = '<u>{{bag}}';
  },
}));

// ---- choices

const COSTS = [
  [{ hours: 8 }, 200], [{ hours: '8' }, 200], [{ hours: 24, pace: 'slow' }, 200], [{ hours: 3, pace: '' }, 200],
  [{ hours: 7 }, 400, '"hours" takes one of 3, 8, 24'], [{}, 400, '"hours" is missing'], [{ hours: '' }, 400, '"hours" must be a whole number'],
  [{ hours: 8, pace: 'fast' }, 400, '"pace" takes one of "slow", "quick"'], [{ hours: 8, pace: 'Slow' }, 400, '"pace" takes one of'], [{ hours: 8, pace: 'slow ' }, 400, '"pace" takes one of'],
];
test('an input with choices takes these values and no other', async (t) => {
  await forms(async ({ site, provider }) => {
    provider.auto({ themes: '[{"name":"a","why":"b"}]', meals: '[{"dish":"c"}]' });
    for (const [more, status, says] of COSTS) {
      await t.test(JSON.stringify(more), async () => {
        const response = await site.post({ place: 'Bern', ...more });
        const text = await response.text();
        assert.equal(response.status, status, text);
        if (says) assert.ok(JSON.parse(text).error.message.startsWith(says), text);
      });
    }
  })(t);
});

test('many and long choices are named as far as there is room', forms(async ({ site }) => {
  const { error } = await (await site.post({ place: 'Bern', hours: 8, pace: 'x' })).json();
  assert.match(error.message, /^"pace" takes one of "가{13}", .* and others$/);
}, { edit: (graph) => (graph.inputs.pace.choices = Array.from({ length: 100 }, (_, i) => `${'가'.repeat(50)}${i}`)) }));

// ---- what is wrong in stages.json is named with its line

const WRONG = [
  ['a title that is a number', (g) => (g.title = 7), /stages\.json:\d+: "title" must be a string with text/],
  ['a label with a control character', (g) => (g.inputs.pace.label = 'How\u0007fast'), /"inputs\.pace\.label" must be a string with text in it and no control characters/],
  ['an empty hint in one language', (g) => (g.inputs.pace.hint = { en: '', de: 'x' }), /"inputs\.pace\.hint\.en" must be a string with text/],
  ['an empty title of a stage', (g) => (g.stages[1].title = ''), /"stages\.\w+\.title" must be a string with text/],
  ['an empty title', (g) => (g.title = ''), /a string with text/],
  ['a title of no language', (g) => (g.title = {}), /"title" has no language; write it as/],
  ['a language that is none', (g) => (g.title = { english_: 'x' }), /"english_" in "title" is no language/],
  ['a label whose language has a number', (g) => (g.inputs.place.label = { en: 3 }), /"inputs\.place\.label\.en" must be a string/],
  ['a hint with a control character', (g) => (g.inputs.place.hint = 'a\u0007'), /a string with text/],
  ['choices that are no array', (g) => (g.inputs.pace.choices = 'slow'), /"choices" must be an array of 1 to 100/],
  ['no choice', (g) => (g.inputs.pace.choices = []), /"choices" must be an array/],
  ['101 choices', (g) => (g.inputs.pace.choices = Array.from({ length: 101 }, (_, i) => `c${i}`)), /1 to 100/],
  ['a choice twice', (g) => (g.inputs.pace.choices = ['a', { value: 'a', label: 'b' }]), /is a choice already/],
  ['a number for a text', (g) => (g.inputs.pace.choices = [3]), /a choice must be a text/],
  ['a text for a number', (g) => (g.inputs.hours.choices = ['3']), /a choice must be a whole number/],
  ['a choice out of bounds', (g) => (g.inputs.people.choices = [13]), /within "min" and "max"/],
  ['a choice that is too long', (g) => Object.assign(g.inputs.pace, { max: 3, choices: ['slow'] }), /within "min" and "max"/],
  ['a choice without a letter', (g) => Object.assign(g.inputs.pace, { letter: true, choices: ['12'] }), /with a letter/],
  ['a choice without a value', (g) => (g.inputs.pace.choices = [{ label: 'x' }]), /a choice must be/],
  ['a choice with more', (g) => (g.inputs.pace.choices = [{ value: 'x', colour: 'red' }]), /colour/],
  ['a form that there is not', (g) => (g.stages[2].form = 'table'), /"form" must be prose, lines, list, steps or choice/],
  ['a title of a stage that is a list', (g) => (g.stages[2].title = ['x']), /a string with text/],
];
test('what is wrong is named by check, with file and line', async (t) => {
  for (const [name, edit, says] of WRONG) {
    await t.test(name, async () => {
      const { status, output } = await check({}, { prompts: FORMS, edit });
      assert.notEqual(status, 0, output);
      assert.match(output, says);
      assert.match(output, /stages\.json:\d+: /);
    });
  }
});

test("a plain.html that names this graph's parts, and one that nothing has, is complained of", async (t) => {
  const { mkdtemp, writeFile, copyFile, rm } = await import('node:fs/promises');
  const dir = await mkdtemp('/tmp/recipe-htdocs-');
  try {
    await copyFile(path.join(PROJECT, 'htdocs/any.html'), path.join(dir, 'any.html'));
    await writeFile(path.join(dir, 'plain.html'), '<p>{{toast}} {{tost}}');
    await forms(async ({ site }) => {
      assert.equal((await site.get('/graph', HTML)).headers['content-type'], 'text/html; charset=utf-8', 'the form is there');
      assert.match(await site.stderr(), /plain\.html:1: \{\{tost\}\} is no input/);
      const answer = await site.post({ place: 'Bern', hours: 8 }, { headers: { accept: 'text/html' } });
      assert.match(answer.headers['content-type'], /^text\/plain/);
      await answer.text();
    }, { config: {}, site: undefined, env: { RECIPE_HTDOCS: dir } })(t);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test('a template that is saved is used', async (t) => {
  const { mkdtemp, writeFile, rm } = await import('node:fs/promises');
  const dir = await mkdtemp('/tmp/recipe-htdocs-');
  const save = (text) => writeFile(path.join(dir, 'any.html'), text);
  try {
    await save('<p>old {{fields}}');
    await forms(async ({ site }) => {
      const form = async () => (await site.get('/graph', HTML)).text();
      assert.match(await form(), /^<p>old <label/);
      await save('<p>new {{fields}}');
      await waitFor(async () => /^<p>new <label/.test(await form()), 'the new template');
    }, { config: {}, site: undefined, env: { RECIPE_HTDOCS: dir } })(t);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

test("the name of the site heads every page without JavaScript, the recipe's too", scene({
  config: { name: 'Tom.<i>Cat' }, env: HTDOCS,
}, async ({ site }) => {
  const sign = '<p>Tom<b>.</b>&lt;i&gt;Cat</p>';
  const title = '<title>Tom.&lt;i&gt;Cat</title>';
  const form = await (await site.get('/graph', HTML)).text();
  const answer = await (await site.post(undefined, { headers: { accept: 'text/html' } })).text();
  for (const html of [form, answer]) assert.ok(html.includes(sign) && html.includes(title), html);
}));

test('a run of it: every part is done', forms(async ({ site }) => {
  const r = await run(site, { place: 'Bern', hours: 8 });
  assert.deepEqual(Object.values(r.states).map((all) => all.at(-1).state), Array(8).fill('done'));
}, { config: {}, site: undefined }));
