// prompts/stages.schema.json, by which editors check a stages.json, against the
// program's own checks: what one refuses, the other refuses. What a schema cannot
// say is listed here, with the reason.

import fs from 'node:fs/promises';
import path from 'node:path';
import { PROJECT, TINY, assert, command, test } from '../lib/harness.mjs';

const NAME = 'ajv';
const { default: Ajv } = await import(NAME).catch((e) => {
  if (e.code === 'ERR_MODULE_NOT_FOUND' && e.message.includes(NAME)) return {};
  throw e;
});
const skip = Ajv ? false : `${NAME} is missing: "npm ci" in tests puts it there`;

const read = async (file) => JSON.parse(await fs.readFile(file, 'utf8'));
const schema = await read(path.join(PROJECT, 'prompts/stages.schema.json'));
const validate = Ajv && new Ajv({ allErrors: true, strictTypes: false, strictTuples: false }).compile(schema);
const said = () => (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`).join('; ');

/** What the program refuses and no schema can: its words, and why. */
const CANNOT = {
  order: [/is neither a part nor a pick of a stage further up|is no list stage further up/, 'a name refers to another place, further up'],
  taken: [/is taken by an input or a stage further up|not taken further up/, 'a name is unique over inputs, parts and picks'],
  bounds: [/"inputs\.\w+\.min" is -?\d+, but must be from/, 'one number is compared with another'],
  choice: [/a choice must be .*within|whose length is within|this value is a choice already/, 'a value is compared with bounds and other choices'],
  file: [/\.txt: No such file|no stages\.json|no program ".*" is in \$PATH|cannot be executed/, 'files are elsewhere'],
  template: [/\.txt:\d+: \{\{.*\}\} is neither an input nor/, 'templates are other files'],
  whole: [/must be a whole number, not a (fractional )?number|must be a whole number/, 'JSON has one kind of number: 3.0 is 3'],
};

/** Every member that there is, well set. The templates beside it name nothing. */
const whole = () => ({
  $schema: 'stages.schema.json',
  title: { en: 'A town', ko: '도시', 'pt-BR': 'Uma cidade' },
  inputs: {
    town: { type: 'text', min: 2, max: 60, letter: true, required: true, label: { en: 'Town' }, hint: 'any' },
    days: { type: 'integer', min: -3, max: 30, required: false, label: 'Days', choices: [1, { value: 2, label: { en: 'two' } }] },
    pace: { type: 'text', choices: ['slow', { value: 'quick' }] },
  },
  stages: [
    { part: 'ideas', title: 'Ideas', service: ['70b', 'groq-8b'], race: 2, max_tokens: 300, temperature: 0.5, list: { items: 3, fields: ['name', 'why'], pick: 'idea' } },
    { part: 'others', title: 'Others', each: 'ideas', form: 'choice' },
    { part: 'found', run: ['cat', '-u', ''], title: { en: 'Found' }, needs: 'idea' },
    {
      part: 'plan', form: 'steps', needs: ['idea', 'found'], service: '70b', top_p: 0.5, stop: ['END', 'STOP'], seed: 7,
      presence_penalty: -1, frequency_penalty: 1.5, extra: { top_k: 40, chat_template_kwargs: { a: [1] } },
    },
  ],
});

const TEMPLATES = ['ideas', 'others', 'found', 'plan', 'a'.repeat(32), '0', '-'];

/** What the program says is wrong with a stages.json; '' if nothing is. There are templates for all parts that are named here. */
async function program(doc) {
  const prepare = async (dir) => {
    for (const part of TEMPLATES) await fs.writeFile(path.join(dir, `${part}.txt`), 'x');
    await fs.writeFile(path.join(dir, 'stages.json'), typeof doc === 'string' ? doc : JSON.stringify(doc, null, 1));
    return { env: { RECIPE_PROMPTS: dir } };
  };
  const { status, stdout } = await command(['check'], { prompts: null, prepare });
  const words = stdout.replace(/\n {14}/g, ' ').split('\n').find((line) => /^  wrong /.test(line)) ?? '';
  assert.equal(status, words ? 1 : 0, stdout);
  return words;
}

/** Both verdicts on a document are one, or the difference is one that CANNOT has. */
function agree(doc, words, what) {
  const isGood = validate(doc);
  if (isGood && words) {
    const known = Object.values(CANNOT).some(([says]) => says.test(words));
    assert.ok(known, `${what}: the program refuses it and the schema does not: ${words}`);
  }
  if (!isGood) assert.ok(words, `${what}: the schema refuses it and the program does not: ${said()}`);
  return isGood && !words;
}

const stage = (doc, part) => doc.stages.find((s) => s.part === part);
const GOOD = {
  'everything at once': () => {},
  'the least': (d) => Object.assign(d, { title: undefined, inputs: { town: { type: 'text' } }, stages: [{ part: 'plan' }] }),
  'one string in place of several': (d) => Object.assign(stage(d, 'plan'), { needs: 'idea', stop: 'END' }),
  'the fastest service, and a late race': (d) => Object.assign(stage(d, 'plan'), { service: { fastest: ['70b', 'groq-8b'], by: 'first' }, race: 'late' }),
  'null for what may be left out': (d) => Object.assign(stage(d, 'plan'), { title: null, form: null, needs: null, service: null, race: null, max_tokens: null, list: null, each: null, run: null, extra: null }),
  'a name of 32 letters': (d) => (stage(d, 'plan').part = 'a'.repeat(32)),
  'a name of a digit': (d) => (stage(d, 'plan').part = '0'),
  'a list with one field': (d) => (stage(d, 'ideas').list = { fields: 'name', pick: 'idea' }),
  'a graph without $schema': (d) => delete d.$schema,
};

// [what, edit, the program's words, what the line that it names holds]
const BAD = [
  ['an unknown member at the top', (d) => (d.colour = 1), /"colour" is not known here/, '"colour"'],
  ['an unknown member of an input', (d) => (d.inputs.town.colour = 1), /"colour" is not known/, '"colour"'],
  ['an unknown member of a stage', (d) => (stage(d, 'plan').colour = 1), /"colour" is not known/, '"colour"'],
  ['an unknown member of a list', (d) => (stage(d, 'ideas').list.colour = 1), /"colour" is not known/, '"colour"'],
  ['an unknown member of a choice', (d) => (d.inputs.pace.choices[1].colour = 1), /"colour" is not known/, '"colour"'],
  ['no inputs', (d) => (d.inputs = {}), /must name what a request gives/, '"inputs"'],
  ['no stages', (d) => (d.stages = []), /an array of 1 to 32/, '"stages"'],
  ['33 stages', (d) => (d.stages = Array.from({ length: 33 }, (_, i) => ({ part: `p${i}` }))), /1 to 32/, '"stages"'],
  ['an input called want', (d) => (d.inputs.want = { type: 'text' }), /none of want, given and custom_id/, '"want"'],
  ['an input called custom_id', (d) => (d.inputs.custom_id = { type: 'text' }), /none of want, given and custom_id/, '"custom_id"'],
  ['an input called _x', (d) => (d.inputs._x = { type: 'text' }), /letters, digits/, '"_x"'],
  ['a type that there is not', (d) => (d.inputs.town.type = 'date'), /"text" or "integer"/, '"town"'],
  ['a negative length', (d) => (d.inputs.town.min = -1), /must be from 0/, '"min": -1'],
  ['a part with a dot', (d) => (stage(d, 'plan').part = 'a.b'), /letters, digits/, null],
  ['a part of 33 letters', (d) => (stage(d, 'plan').part = 'a'.repeat(33)), /at most 32/, null],
  ['a form that there is not', (d) => (stage(d, 'plan').form = 'table'), /prose, lines, list, steps or choice/, '"form": "table"'],
  ['a title in no language', (d) => (d.title = {}), /"en"/, '"title"'],
  ['a title in a language that is none', (d) => (d.title = { e: 'x' }), /is no language/, '"title"'],
  ['a label of a number', (d) => (d.inputs.town.label = 5), /a string with text/, '"label": 5'],
  ['nine needs', (d) => (stage(d, 'plan').needs = Array(9).fill('idea')), /at most 8/, '"needs"'],
  ['a race of another kind', (d) => (stage(d, 'ideas').race = 'soon'), /must be 2, or "late"/, '"race": "soon"'],
  ['the fastest of one', (d) => (stage(d, 'plan').service = { fastest: ['70b'] }), /at least two ids/, '"service"'],
  ['the fastest of none', (d) => (stage(d, 'plan').service = {}), /at least two ids/, '"service"'],
  ['the fastest of numbers', (d) => (stage(d, 'plan').service = { fastest: [1, 2] }), /an array of strings/, '"fastest"'],
  ['the fastest by another measure', (d) => (stage(d, 'plan').service = { fastest: ['a', 'b'], by: 'price' }), /must be "total", .* or "first"/, '"by"'],
  ['the fastest with a member nobody knows', (d) => (stage(d, 'plan').service = { fastest: ['a', 'b'], of: 'day' }), /"of"/, '"of"'],
  ['a race of three', (d) => (stage(d, 'ideas').race = 3), /from 1 to 2/, '"race": 3'],
  ['a temperature of 3', (d) => (stage(d, 'ideas').temperature = 3), /from 0 to 2/, '"temperature": 3'],
  ['five stops', (d) => (stage(d, 'plan').stop = ['a', 'b', 'c', 'd', 'e']), /at most 4/, '"stop"'],
  ['a model in extra', (d) => (stage(d, 'plan').extra = { model: 'x' }), /written by the program itself/, '"model"'],
  ['the same in capitals', (d) => (stage(d, 'plan').extra = { Max_Tokens: 5 }), /"max_tokens" of the stage/, '"Max_Tokens"'],
  ['what a profile decides, in extra', (d) => (stage(d, 'plan').extra = { response_format: {} }), /"profile"/, '"response_format"'],
  ['17 members of extra', (d) => (stage(d, 'plan').extra = Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`x${i}`, i]))), /at most 16/, '"extra"'],
  ['a list without a pick', (d) => delete stage(d, 'ideas').list.pick, /"pick" must be/, '"list"'],
  ['a list without fields', (d) => delete stage(d, 'ideas').list.fields, /"fields" must name/, '"list"'],
  ['each with a service', (d) => (stage(d, 'others').service = '70b'), /asks no model/, null],
  ['each with a temperature', (d) => (stage(d, 'others').temperature = 1), /asks no model/, '"temperature"'],
  ['run of a string', (d) => (stage(d, 'found').run = 'cat'), /an array of 1 to 64 strings/, '"run": "cat"'],
  ['run of nothing', (d) => (stage(d, 'found').run = []), /an array of 1 to 64/, '"run"'],
  ['run of numbers', (d) => (stage(d, 'found').run = ['cat', 5]), /only strings/, '5'],
  ['run with a service', (d) => (stage(d, 'found').service = '70b'), /"service"/, null],
  ['run with a seed', (d) => (stage(d, 'found').seed = 7), /"seed"/, null],
  ['run with each', (d) => (stage(d, 'others').run = ['cat']), /"each"|"run"/, null],
];

// [what, edit, which member of CANNOT]
const BEYOND = [
  ['a need of a stage further down', (d) => (stage(d, 'found').needs = ['plan']), 'order'],
  ['each of what is no list', (d) => (stage(d, 'others').each = 'found'), 'order'],
  ['two stages of one name', (d) => (stage(d, 'plan').part = 'found'), 'taken'],
  ['a pick called as an input', (d) => (stage(d, 'ideas').list.pick = 'town'), 'taken'],
  ['a max below its min', (d) => (d.inputs.town.max = 1), 'bounds'],
  ['a min above the max that is not set', (d) => (d.inputs.town = { type: 'text', min: 2001 }), 'bounds'],
  ['a choice out of bounds', (d) => (d.inputs.days.choices = [31]), 'choice'],
  ['a choice twice', (d) => (d.inputs.pace.choices = ['slow', { value: 'slow' }]), 'choice'],
  ['a program that is not there', (d) => (stage(d, 'found').run = ['./not-there']), 'file'],
  ['a program that is not in PATH', (d) => (stage(d, 'found').run = ['no-such-program-here']), 'file'],
  ['a template that is not there', (d) => (stage(d, 'plan').part = 'gone'), 'file'],
];

const edited = (edit) => {
  const doc = whole();
  edit(doc);
  return JSON.parse(JSON.stringify(doc));
};

test('what is good, is good to both', { skip }, async (t) => {
  for (const [name, edit] of Object.entries(GOOD)) {
    await t.test(name, async () => {
      const doc = edited(edit);
      assert.ok(validate(doc), Ajv && said());
      assert.equal(await program(doc), '');
    });
  }
});

test('what is bad, is bad to both, and the program names file, line and remedy', { skip }, async (t) => {
  for (const [name, edit, says, holds] of BAD) {
    await t.test(name, async () => {
      const doc = edited(edit);
      assert.equal(validate(doc), false, 'the schema takes it');
      const words = await program(doc);
      assert.match(words, says);
      const line = /stages\.json:(\d+): /.exec(words);
      assert.ok(line, words);
      if (holds) assert.ok(JSON.stringify(doc, null, 1).split('\n')[line[1] - 1].includes(holds), `${words}\n${JSON.stringify(doc, null, 1).split('\n')[line[1] - 1]}`);
    });
  }
});

test('what no schema can say', { skip }, async (t) => {
  for (const [name, edit, why] of BEYOND) {
    await t.test(`${name}: ${CANNOT[why][1]}`, async () => {
      const doc = edited(edit);
      assert.ok(validate(doc), Ajv && said());
      assert.match(await program(doc), CANNOT[why][0]);
    });
  }
  await t.test(`a number with a fraction of zero: ${CANNOT.whole[1]}`, async () => {
    const text = JSON.stringify(whole()).replace('"seed":7', '"seed":7.0');
    assert.ok(validate(JSON.parse(text)));
    assert.match(await program(text), CANNOT.whole[0]);
  });
  await t.test(`a name that is not needed: ${CANNOT.template[1]}`, async () => {
    const { output } = await command(['check'], { prompts: TINY, mark: false, edit: (graph, dir) => fs.writeFile(path.join(dir, 'day.txt'), 'Hi {{night}}') });
    assert.match(output, CANNOT.template[0]);
  });
});

/** Every place in a document, as the names that lead to it. */
function* places(value, at = []) {
  if (at.length > 0) yield at;
  if (value !== null && typeof value === 'object') for (const key of Object.keys(value)) yield* places(value[key], [...at, key]);
}

const VALUES = [null, true, 0, -1, 1, 2.5, 1e12, '', 'x', 'a\u0000b', 'a\u0007b', [], ['x'], [1], [null], {}, { en: 'x' }, { x: null }];

// Most of these are refused by both. Of each place every value is tried, or those
// of a third, by the place, as all of them take minutes.
test('every value at every place: no verdict of one alone', { skip }, async () => {
  const work = [];
  for (const at of places(whole())) {
    const tried = VALUES.filter((_, i) => (i + at.join().length) % 3 === 0);
    for (const value of [undefined, ...tried]) {
      const doc = whole();
      const inside = at.slice(0, -1).reduce((o, key) => o[key], doc);
      if (value !== undefined) inside[at.at(-1)] = value;
      else if (Array.isArray(inside)) inside.splice(at.at(-1), 1);
      else delete inside[at.at(-1)];
      work.push([`${at.join('.')} = ${JSON.stringify(value)}`, doc]);
    }
  }
  let good = 0;
  const queue = work[Symbol.iterator]();
  const lane = async () => {
    for (const [what, doc] of queue) good += agree(doc, await program(doc), what);
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  assert.ok(work.length > 300 && good > 20, `${good} of ${work.length} were good`);
});

test('the graphs of the project', { skip }, async () => {
  const apps = (await fs.readdir(path.join(PROJECT, 'apps'))).map((name) => path.join('apps', name));
  const graphs = (await fs.readdir(path.join(PROJECT, 'tests/graphs'))).map((name) => path.join('tests/graphs', name));
  for (const dir of ['prompts', ...apps, ...graphs]) assert.ok(validate(await read(path.join(PROJECT, dir, 'stages.json'))), `${dir}: ${Ajv && said()}`);
});
