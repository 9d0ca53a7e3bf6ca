// The runs of tests/golden/runs, as data. One entry is one request that is
// played in all four forms; golden.mjs says how.
//
//   { name, about,
//     stages      of a graph with one input, "what"; or
//     shipped     a function that edits the shipped graph, whose page is used too
//     services    {ID: members of its own}; the model of ID is "model-ID"
//     demo        {PART: the demo's words}     limits, cors, env
//     configText  recipe.json itself, instead of services, limits and cors
//     request     {method, path, headers, body, length (null: none is said)}
//     steps       the script, see conduct() in golden.mjs
//     clock       the script ends before a clock fires, and is played again if
//                 the clock was faster
//     unanswered  requests that the script leaves untaken }
//
// A list's pick is drawn at random, so lists here pick among one.

const SEEN = { what: 'onions' };

const part = (name, service = 'one', more = {}) => ({
  part: name, title: `The ${name}`, service, max_tokens: 72, temperature: 0.25, template: `Part: ${name}\nWrite of {{what}}.`, ...more,
});
const after = (name, needs, service = 'one') => part(name, service, { needs: [needs], template: `Part: ${name}\nMore of {{${needs}}}` });
const list = (name, service = 'one', items = 1) => part(name, service, { list: { items, fields: ['name', 'intro'], pick: 'dish' } });
const rest = (name, from) => ({ part: name, title: 'Others', each: from, template: '<li>{{name}}: {{intro}}' });
const about = (name) => part(name, 'one', { needs: ['dish'], template: `Part: ${name}\nOf {{dish.name}}: {{dish.intro}}` });

// Steps. What a part says in one step comes at once; the pieces of a list come
// one by one, since its pick starts other parts while it goes on.
const STOP = [['finish', 'stop'], ['done']];
const COUNTED = [['finish', 'stop', { prompt_tokens: 30, completion_tokens: 9 }], ['done']];
const saying = (pieces) => pieces.map((text) => ['text', text]);
const texts = (name, ...pieces) => [[name, 'play', saying(pieces)]];
const whole = (name, ...pieces) => [[name, 'play', [...saying(pieces), ...STOP]]];
/** The service counts the tokens: the shipped prompts may change. */
const counted = (name, ...pieces) => [[name, 'play', [...saying(pieces), ...COUNTED]]];
const apart = (name, ...pieces) => pieces.map((text) => [name, 'text', text]);
const wholeList = (name, ...pieces) => [...apart(name, ...pieces), [name, 'play', STOP]];
const fault = (name, status, message, headers = {}) => [name, 'error', status, { error: { message } }, headers];

/** A run of one part, whose script is these steps. */
const solo = (name, said, steps, more = {}) => ({
  name, about: said, stages: [part('soup')], services: { one: {} }, request: { body: SEEN }, steps, ...more,
});
/** One part that writes these pieces, and another after it: what was held shows in its turn. */
const words = (name, said, ...pieces) => ({
  name, about: said, stages: [part('soup'), part('salad')], services: { one: {} }, request: { body: SEEN },
  steps: [...texts('salad', ...pieces), ...whole('soup', ...pieces), ['salad', 'play', STOP]],
});
const LIST = [list('ideas'), rest('others', 'ideas'), about('cook')];
const lists = (name, said, steps, more = {}) => ({
  name, about: said, stages: LIST, services: { one: {} }, request: { body: SEEN }, steps, ...more,
});
const DISHES = JSON.stringify([{ name: 'Stew', intro: 'Slow.' }, { name: 'Pie & <i>', intro: 'Crisp "edge".' }, { name: 'Tea', intro: '' }]);
const cutAt = (text, ...ends) => ends.map((end, i) => text.slice(ends[i - 1] ?? 0, end)).concat(text.slice(ends.at(-1)));

const WHOLE = [
  solo('good', 'One part, in three pieces.', whole('soup', 'A pan, ', 'some ', 'fire.')),
  {
    name: 'good-two', about: 'Two parts whose pieces alternate; the second ends first.',
    stages: [part('soup'), part('salad')], services: { one: {} }, request: { body: SEEN },
    steps: [...texts('soup', 'Cut '), ...texts('salad', 'Wash '), ...texts('soup', 'them.'), ...whole('salad', 'them.\nTwice.'), ['soup', 'play', STOP]],
  },
  {
    name: 'chain', about: 'Each part needs the one before; one text ends in no newline, one in two.',
    stages: [part('soup'), after('bread', 'soup'), after('wine', 'bread')], services: { one: {} }, request: { body: SEEN },
    steps: [...whole('soup', 'Hot.'), ...whole('bread', 'Warm.\n\n'), ...whole('wine', 'Red.\n')],
  },
  {
    name: 'recipe', about: 'The shipped graph and page, whole; the list picks among one.',
    shipped: (graph) => (graph.stages.find((s) => s.part === 'init').list.items = 1),
    services: { '70b': {}, 'groq-8b': {} },
    request: { body: { ingredientsOnHand: 'onions & beef', prepTime: 45, language: 'English' } },
    steps: [
      ...texts('ing', 'Beef has iron.'), ...apart('init', ...cutAt(DISHES, 3, 30, 60)),
      ...texts('add', '1 onion\n'), ...counted('sde', 'Rice'), ...texts('int', 'A pan. '), ...counted('init'),
      ...counted('add', '2 steaks'), ...texts('ste', '1. Slice.'), ...counted('int', 'Some fire.'), ...counted('ing', '\nOnions have fibre.'), ...counted('ste', '\n2. Fry.'),
    ],
  },
  {
    name: 'recipe-form', about: 'The fields of a form, with an origin that is allowed.', shipped: () => {},
    services: { '70b': {}, 'groq-8b': {} }, cors: ['https://cook.example'],
    request: { headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://cook.example' }, body: 'ingredientsOnHand=leeks&prepTime=5&servings=&diet=&allergies=&language=' },
    steps: [
      ...counted('ing', 'Leeks.'), ...apart('init', JSON.stringify([{ name: 'Leek', intro: 'One.' }])), ...counted('init'),
      ...counted('add', '1 leek'), ...counted('int', 'Green.'), ...counted('sde', 'Rice'), ...counted('ste', '1. Boil.'),
    ],
  },
  solo('usage', 'The service counts its tokens itself.', [...texts('soup', 'Hot.'), ['soup', 'finish', 'stop', { prompt_tokens: 31, completion_tokens: 7 }], ['soup', 'done']]),
];

const DEMO = [
  {
    name: 'demo', about: 'No service: the demo writes, with words of the graph.',
    stages: [part('soup'), after('bread', 'soup')], demo: { soup: 'Boil {{what}}\nfor an hour.\n', bread: 'With {{soup}}' }, request: { body: SEEN },
  },
  solo('demo-bare', 'A graph without words for the demo.', [], { services: undefined }),
  lists('demo-list', 'The demo writes a list; only that and its others are wanted, since two at once have no order.', [], {
    services: undefined, demo: { ideas: '[{"name": "{{what}}", "intro": "Hot."},\n {"name": "Pie", "intro": "Of {{what}}."}]' }, request: { body: { ...SEEN, want: ['others'] } },
  }),
  solo('demo-cut', 'The demo runs into the limit of tokens.', [], { services: undefined, stages: [part('soup', 'one', { max_tokens: 5 })], demo: { soup: 'One two three four five six seven eight.' } }),
];

const FAILED = [
  solo('failed-401', 'The key is refused; nobody else is there.', [fault('soup', 401, 'Incorrect API key provided')]),
  solo('failed-404', 'The model is unknown; the second one is, too.', [fault('soup', 404, 'no such model'), fault('soup', 404, 'no such model either')], { services: { one: { model: ['model-one', 'model-two'] } } }),
  solo('failed-429', 'A limit that lasts longer than anybody waits.', [fault('soup', 429, 'Rate limit reached for org-AbCdEf123456', { 'retry-after': '60' })]),
  solo('failed-500', 'The same error until nobody asks again.', Array.from({ length: 8 }, () => fault('soup', 500, 'oops at 10.1.2.3:8000'))),
  solo('failed-html', 'A page for people instead of an answer.', Array.from({ length: 8 }, () => ['soup', 'error', 502, '<html><body><h1>Bad gateway</h1></body></html>'])),
  solo('failed-event', 'An error in the stream, after text.', [...texts('soup', 'Half'), ['soup', 'event', { error: { message: 'overloaded', code: 529 } }], ['soup', 'end']]),
  solo('failed-no-stream', 'Something that is no completion.', [['soup', 'head', 200, { 'content-type': 'application/json' }], ['soup', 'raw', '{"hello":"world"}'], ['soup', 'end']]),
  solo('failed-cut-off', 'The connection breaks after text, and nobody else is there.', [...texts('soup', 'Half a '), ['soup', 'cut']]),
  solo('failed-too-big', 'More text than stage_bytes.', texts('soup', 'x'.repeat(3000), 'y'.repeat(3000)), { limits: { stage_bytes: 4096 } }),
  solo('failed-first-token', 'A service that says nothing.', [], { limits: { first_token_ms: 200 }, unanswered: 1 }),
  solo('failed-idle', 'A service that falls silent in the middle.', texts('soup', 'Half a sen'), { limits: { idle_ms: 200 } }),
  solo('refused', 'Nobody listens where the service should be.', [], { services: { one: { base_url: 'http://127.0.0.1:1/v1' } } }),
  {
    name: 'failed-middle', about: 'The second of three parts fails, before the first has ended.',
    stages: [part('soup'), part('salad'), part('tea')], services: { one: {} }, request: { body: SEEN },
    steps: [...texts('soup', 'Hot'), fault('salad', 400, 'no <b>salad</b> today'), ...whole('tea', 'Mint.'), ...whole('soup', '.')],
  },
];

const AGAIN = [
  solo('retried', 'Two errors that pass, then an answer.', [fault('soup', 503, 'busy'), fault('soup', 503, 'busy'), ...whole('soup', 'Hot.')]),
  solo('next-service', 'The first service refuses, the second writes.', [fault('soup@one', 401, 'no key'), ...whole('soup@two', 'Hot.')], { stages: [part('soup', ['one', 'two'])], services: { one: {}, two: {} } }),
  solo('next-unreachable', 'The first service is not there, the second writes.', whole('soup@two', 'Hot.'), { stages: [part('soup', ['one', 'two'])], services: { one: { base_url: 'http://127.0.0.1:1/v1' }, two: {} } }),
  solo('parameter', 'A parameter is refused, and left out.', [['soup', 'error', 400, { error: { message: "Unsupported parameter: 'temperature'", param: 'temperature', code: 'unsupported_parameter' } }], ...whole('soup', 'Hot.')]),
  solo('reset', 'The stream breaks after text; the next service begins again.', [...texts('soup@one', 'Half a sen'), ['soup@one', 'cut'], ...whole('soup@two', 'Hot.')], { stages: [part('soup', ['one', 'two'])], services: { one: {}, two: {} } }),
  {
    name: 'reset-held', about: 'The part that begins again is not the one whose turn it is.',
    stages: [part('soup'), part('salad', ['one', 'two'])], services: { one: {}, two: {} }, request: { body: SEEN },
    steps: [...texts('soup', 'Hot'), ...texts('salad@one', 'Half a le'), ['salad@one', 'cut'], ...texts('salad@two', 'Green'), ...whole('soup', '.'), ...whole('salad@two', '.')],
  },
  {
    name: 'reset-twice', about: 'Three services for one part, while another waits for its text.',
    stages: [part('soup', ['one', 'two', 'three']), after('bread', 'soup')], services: { one: {}, two: {}, three: {} }, request: { body: SEEN },
    steps: [...texts('soup@one', 'First\n'), ['soup@one', 'cut'], ...texts('soup@two', 'Second'), ['soup@two', 'cut'], ...whole('soup@three', 'Third'), ...whole('bread', 'Warm.')],
  },
  solo('raced', 'Two begin together; the first to give text wins.', [['soup@one', 'asked'], ...whole('soup@two', 'Hot', '.')], { stages: [part('soup', ['one', 'two'], { race: 2 })], services: { one: {}, two: {} } }),
  solo('raced-one-fails', 'One of two in a race is refused; the other writes.', [['soup@two', 'asked'], fault('soup@one', 401, 'no key'), ...whole('soup@two', 'Hot.')], { stages: [part('soup', ['one', 'two'], { race: 2 })], services: { one: {}, two: {} } }),
  solo('raced-both-fail', 'Both in a race are refused.', [['soup@two', 'asked'], fault('soup@one', 401, 'no key'), fault('soup@two', 402, 'no money')], { stages: [part('soup', ['one', 'two'], { race: 2 })], services: { one: {}, two: {} } }),
];

const ENDS = [
  solo('cut', 'The model runs into its length limit.', [...texts('soup', 'A pan, some'), ['soup', 'finish', 'length'], ['soup', 'done']]),
  {
    name: 'cut-needed', about: 'A part that was cut is good enough for the next.',
    stages: [part('soup'), after('bread', 'soup')], services: { one: {} }, request: { body: SEEN },
    steps: [...texts('soup', 'Hot\n'), ['soup', 'finish', 'length'], ['soup', 'done'], ...whole('bread', 'Warm.')],
  },
  solo('filtered', 'The provider withholds the rest.', [...texts('soup', 'A knife'), ['soup', 'finish', 'content_filter'], ['soup', 'done']]),
  solo('filtered-prompt', 'The provider refuses the prompt by its content.', [['soup', 'error', 400, { error: { message: 'The response was filtered', code: 'content_filter' } }]]),
  {
    name: 'skipped', about: 'A needed part failed; what needs that is skipped as well.',
    stages: [part('soup'), after('bread', 'soup'), after('wine', 'bread'), part('tea')], services: { one: {} }, request: { body: SEEN },
    steps: [...texts('tea', 'Mint'), fault('soup', 400, 'no soup'), ...whole('tea', '.')],
  },
  lists('skipped-list', 'The list failed, and so its pick and the others.', [fault('ideas', 400, 'no ideas')]),
  {
    name: 'stopped', about: 'run_ms is over: one part has ended, a list has only its pick, one was asked, one waits.',
    stages: [part('soup'), ...LIST, after('tea', 'cook')], services: { one: {} }, request: { body: SEEN }, limits: { run_ms: 2500 }, clock: true,
    steps: [...whole('soup', 'Hot.'), ...apart('ideas', '[{"name":"Stew","intro":"Slow."},'), ['cook', 'asked'], ['', 'clock']],
  },
  {
    name: 'stopped-midline', about: 'run_ms is over in the middle of two texts.',
    stages: [part('soup'), part('salad')], services: { one: {} }, request: { body: SEEN }, limits: { run_ms: 2500 }, clock: true,
    steps: [...texts('soup', 'Hot and'), ...texts('salad', 'Green\nand'), ['', 'clock']],
  },
];

const PARTIAL = [
  {
    name: 'want', about: 'One part is wanted, and what it needs.',
    stages: [part('soup'), after('bread', 'soup'), part('tea')], services: { one: {} }, request: { body: { ...SEEN, want: ['bread'] } },
    steps: [...whole('soup', 'Hot.'), ...whole('bread', 'Warm.')],
  },
  {
    name: 'given', about: 'A text is given; all else runs.',
    stages: [part('soup'), after('bread', 'soup'), part('tea')], services: { one: {} }, request: { body: { ...SEEN, given: { soup: 'Cold & <raw>.' } } },
    steps: [...whole('tea', 'Mint.'), ...whole('bread', 'Warm.')],
  },
  {
    name: 'want-given', about: 'One part is wanted, and what it needs is given.',
    stages: [part('soup'), after('bread', 'soup'), part('tea')], services: { one: {} }, request: { body: { ...SEEN, want: ['bread'], given: { soup: 'Cold.' } } },
    steps: whole('bread', 'Warm.'),
  },
  {
    name: 'given-list', about: 'The pick is given: the list does not run, nor its others.',
    stages: [...LIST, part('tea')], services: { one: {} }, request: { body: { ...SEEN, given: { dish: { name: 'Stew <3', intro: 'Slow.' } } } },
    steps: [...whole('tea', 'Mint.'), ...whole('cook', 'Boil.')],
  },
  {
    name: 'recipe-given', about: 'The shipped graph with a recipe and its ingredients given: only the steps.', shipped: () => {},
    services: { '70b': {}, 'groq-8b': {} },
    request: { body: { ingredientsOnHand: 'onions', prepTime: 45, want: ['ste'], given: { recipe: { name: 'Stew', intro: 'Slow.' }, add: '1 onion\n2 pans' } } },
    steps: counted('ste', '1. Slice.\n', '2. Fry.'),
  },
  lists('given-failed', 'With a pick that is given, what needs it fails.', [fault('cook', 400, 'no fire')], { request: { body: { ...SEEN, given: { dish: { name: 'Stew', intro: '' } } } } }),
];

// CR and CRLF of a model are in these runs and in no others, so that a change of
// how they are passed on touches no other file.
const BREAKS = [
  words('breaks-cr', 'A model writes CR for a newline.', 'one\rtwo', '\r', 'three\r\rfour'),
  words('breaks-crlf', 'A model writes CRLF.', 'one\r\ntwo\r\n', '\r\nthree'),
  words('breaks-crlf-cut', 'CR and LF come in two chunks; also a CR and then no LF.', 'one\r', '\ntwo\r', 'three\r', '\r', '\n', 'four'),
  words('breaks-cr-last', 'A CR is the last of a text.', 'one\r', '\ntwo\r'),
  {
    name: 'breaks-needed', about: 'A text with CRLF is needed by another part.',
    stages: [part('soup'), after('bread', 'soup')], services: { one: {} }, request: { body: SEEN },
    steps: [...whole('soup', 'Hot\r\nand\r', '\nred\r'), ...whole('bread', 'Warm.')],
  },
  solo('breaks-reset', 'A CR is the last of a text that is void; a LF begins the next.', [...texts('soup@one', 'Half\r'), ['soup@one', 'cut'], ...whole('soup@two', '\nHot.')], { stages: [part('soup', ['one', 'two'])], services: { one: {}, two: {} } }),
  lists('breaks-list', 'CRLF between the elements of a list, and CR, LF and CRLF inside its strings.', [
    ...apart('ideas', '[\r\n', JSON.stringify({ name: 'Stew\r\nof\rleeks', intro: 'Slow\nand\r\nlow.' }), ',\r', '\n', JSON.stringify({ name: 'Pie\r', intro: '\r\nCrisp.' }), '\r\n]'),
    ...whole('cook', 'Boil.'), ['ideas', 'play', STOP],
  ]),
  lists('breaks-list-raw', 'CR and CRLF as they are inside the strings of a list, which is not JSON then.', [...wholeList('ideas', '[{"name":"Stew\r\nof\rleeks","intro":"Slow.\r', '\n"},{"name":"Pie","intro":"\rCrisp."}]'), ...whole('cook', 'Boil.')]),
];

const PIZZA = 'Crème brûlée, 寿司, 🍕 and e\u0301.';
const event = (content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;

const TEXTS = [
  words('blank-lines', 'Blank lines before, between and after.', '\n\none\n', '\n\n', 'two\n\n\n'),
  words('trailing', 'Spaces and newlines at the end, and a line of spaces.', 'one  \n   \n', 'two \t', ' \n ', '\n'),
  words('leading', 'Blanks before the first word.', ' ', '\n', '\t one'),
  words('sign', 'The sign that stands for a newline, as a model\'s own.', 'one⮑two', '⮑', '⮑three\n⮑'),
  words('multibyte', 'Letters of two, three and four bytes.', PIZZA, '寿', '司', '🍕'),
  solo('multibyte-bytes', 'The same, each byte on its own.', [['soup', 'pieces', event(PIZZA) + event('🍕⮑é'), 1], ['soup', 'play', STOP]]),
  solo('multibyte-halves', 'A character as two escapes, in two chunks; then one half alone.', [
    ['soup', 'raw', 'data: {"choices":[{"index":0,"delta":{"content":"a \\ud83c"}}]}\n\n'],
    ['soup', 'raw', 'data: {"choices":[{"index":0,"delta":{"content":"\\udf55 b \\ud83c"}}]}\n\n'],
    ['soup', 'raw', 'data: {"choices":[{"index":0,"delta":{"content":" c"}}]}\n\n'], ['soup', 'play', STOP],
  ]),
  words('controls', 'Characters that a terminal obeys, and C1.', 'a\u001b[31mred\u0007', '\b\u007f\u009b2J\u0085', '\u0000z\t.'),
  words('html', 'Markup in a text.', '</section><script>alert("1")</script>', '&amp; <b', '> \'q\' {{what}}'),
  words('json-text', 'A text that is JSON, with quotes and backslashes.', '{"a": "b\\n', '\\", "c": [1]}'),
  words('pipes', 'What would mean something on the wire.', 'data: soup|x\n', '\nid: 7\n: hb\n', '_done|{}|'),
  words('long', 'A piece longer than a frame, then many short ones.', 'é'.repeat(9000), ...Array.from({ length: 40 }, (_, i) => `w${i} `)),
  solo('empty', 'An answer without text; nobody else is there.', [['soup', 'play', STOP]]),
  solo('blank', 'An answer of blanks.', whole('soup', ' \n', '\n ')),
  solo('empty-next', 'An answer of blanks; the next service writes.', [...whole('soup@one', ' \n'), ...whole('soup@two', 'Hot.')], { stages: [part('soup', ['one', 'two'])], services: { one: {}, two: {} } }),
  solo('thoughts-apart', 'Thoughts in a member of their own.', [['soup', 'chunk', { reasoning_content: 'Hm, ' }], ['soup', 'chunk', { reasoning_content: 'soup?' }], ...whole('soup', 'Hot.')]),
  words('thoughts', 'Thoughts between tags that are cut.', '<thi', 'nk>Hm, soup', '?</th', 'ink>\n\nHot', ' < cold.'),
  solo('thoughts-void', 'A closing tag that nothing opened: the text before was a thought.', whole('soup', 'Okay, ', 'first this.\n', '</think>', '\n\nHot.')),
  solo('key', 'A model that says the key of its service.', whole('soup', 'The key is sk-gol', 'den-1234567890', ', hush.'), { services: { one: { key: 'env:GOLDEN_KEY' } }, env: { GOLDEN_KEY: 'sk-golden-1234567890' } }),
  solo('whole-json', 'A whole completion instead of a stream.', [['soup', 'error', 200, { choices: [{ index: 0, message: { role: 'assistant', content: 'Hot.\nAnd good.' }, finish_reason: 'stop' }], usage: { prompt_tokens: 30, completion_tokens: 6 } }]]),
  solo('comments', 'Comments and events without text between the text.', [['soup', 'comment', 'OPENROUTER PROCESSING'], ['soup', 'chunk', { role: 'assistant', content: '' }], ...texts('soup', 'A '), ['soup', 'comment', 'x'], ...whole('soup', 'pan.')]),
];

const LISTS = [
  lists('list', 'A list in pieces: the pick comes early, two others at its end.', [
    ...apart('ideas', ...cutAt(DISHES, 5, 33, 50)), ...texts('cook', 'Boil.\n'), ['ideas', 'play', STOP], ...whole('cook', 'Eat.'),
  ]),
  lists('list-one', 'A list with nothing but its pick.', [...wholeList('ideas', '[{"name":"Stew","intro":"Slow."}]'), ...whole('cook', 'Boil.')]),
  lists('list-short', 'Three are asked for and one comes.', [...wholeList('ideas', '[{"name":"Stew","intro":"Slow."}]'), ...whole('cook', 'Boil.')], { stages: [list('ideas', 'one', 3), rest('others', 'ideas'), about('cook')] }),
  lists('list-prose', 'A list with words around it, in a fence, and a field too many.', [...wholeList('ideas', 'Here you are:\n```json\n', '[{"name":"Stew","x":1,"intro":"Slow."},{"name":"Pie"}]', '\n```\nEnjoy!'), ...whole('cook', 'Boil.')]),
  lists('list-cut', 'The list is cut after its pick.', [...apart('ideas', '[{"name":"Stew","intro":"Slow."},{"name":"Pi'), ...texts('cook', 'Boil.'), ['ideas', 'finish', 'length'], ['ideas', 'done'], ...whole('cook', ' Eat.')]),
  lists('list-broken', 'The stream breaks after the pick, which stays.', [...apart('ideas', '[{"name":"Stew","intro":"Slow."},{"name":"Pi'), ...texts('cook', 'Boil.'), ['ideas', 'cut'], ...whole('cook', ' Eat.')]),
  lists('list-bad', 'No list, with a format asked for and without; nobody else is there.', [...wholeList('ideas', 'I would cook stew.'), ...wholeList('ideas', 'Stew.')]),
  lists('list-bad-next', 'No list at all; the next service writes one.', [...wholeList('ideas@one', 'I would cook stew.'), ...wholeList('ideas@one', 'Stew.'), ...wholeList('ideas@two', DISHES), ...whole('cook', 'Boil.')], { stages: [list('ideas', ['one', 'two']), rest('others', 'ideas'), about('cook')], services: { one: {}, two: {} } }),
  lists('list-texts', 'Signs, markup and controls in the strings of a list.', [...wholeList('ideas', JSON.stringify([{ name: 'Ste⮑w\nof <b>', intro: 'é\u001b[0m & 🍕' }, { name: 'Pi⮑e', intro: '<i>\u009b' }])), ...whole('cook', 'Boil.')]),
];

/** Requests that begin no run. */
const asked = (name, said, request, more = {}) => ({ name: `no-run-${name}`, about: said, stages: [part('soup'), ...LIST], services: { one: {} }, request, ...more });
const CORS = { cors: ['https://cook.example'] };
const HIDDEN = { services: { one: { model: ['model-a', 'model-b'] }, two: { key: 'env:NOT_THERE' } } };

const BEFORE = [
  asked('bad-json', 'The body is no JSON.', { body: '{"what": ' }),
  asked('not-an-object', 'The body is no object.', { body: '[1]' }),
  asked('missing', 'A field is missing.', { body: {} }),
  asked('short', 'A field is too short, and has markup in its name.', { body: { what: 'x' } }),
  asked('unknown-field', 'A field that is none, with markup in it.', { body: { ...SEEN, '<b>': 1 } }),
  asked('control', 'A control character in a field.', { body: { what: 'on\u0007ions' } }),
  asked('want-unknown', 'A part is wanted that is none.', { body: { ...SEEN, want: ['pudding'] } }),
  asked('given-unknown', 'A text is given that no part writes.', { body: { ...SEEN, given: { pudding: 'x' } } }),
  asked('404', 'A path where nothing is.', { path: '/elsewhere', body: SEEN }),
  asked('405', 'GET where POST is taken.', { method: 'GET' }),
  asked('405-services', 'POST where GET is taken.', { path: '/services', body: SEEN }),
  asked('head', 'HEAD where POST is taken.', { method: 'HEAD' }),
  asked('head-services', 'HEAD of the services.', { method: 'HEAD', path: '/services' }),
  asked('head-404', 'HEAD where nothing is.', { method: 'HEAD', path: '/elsewhere' }),
  asked('411', 'No length is said.', { body: SEEN, length: null }),
  asked('413', 'More than body_bytes.', { body: { what: 'x'.repeat(2000) } }, { limits: { body_bytes: 1024 } }),
  asked('415', 'A body of another type.', { body: 'onions', headers: { 'content-type': 'text/plain' } }),
  asked('415-coded', 'A body that is compressed.', { body: 'onions', headers: { 'content-encoding': 'gzip' } }),
  asked('403', 'A form of another site.', { body: 'what=onions', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example', host: 'cook.example', 'sec-fetch-site': 'cross-site' } }),
  asked('error-cors', 'An error for an origin that is allowed.', { body: '{', headers: { origin: 'https://cook.example' } }, CORS),
  asked('services', 'What there is: one service that is usable, one without its key.', { method: 'GET', path: '/services' }, HIDDEN),
  asked('services-demo', 'Nothing is there but the demo.', { method: 'GET', path: '/services', headers: { origin: 'https://cook.example' } }, { services: {}, ...CORS }),
  asked('options', 'OPTIONS without an origin.', { method: 'OPTIONS' }),
  asked('preflight', 'A preflight of an origin that is allowed.', { method: 'OPTIONS', headers: { origin: 'https://cook.example', 'access-control-request-method': 'POST' } }, CORS),
  asked('preflight-services', 'The same for the services.', { method: 'OPTIONS', path: '/services', headers: { origin: 'https://cook.example' } }, CORS),
  asked('preflight-other', 'A preflight of an origin that is not.', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }, CORS),
  asked('repeated', 'A request that was answered before: Last-Event-ID.', { body: SEEN, headers: { 'last-event-id': '7' } }),
  asked('repeated-query', 'The same, in the query.', { path: '/generate?lastEventId=7', body: SEEN }),
  asked('503', 'The configuration is bad.', { body: SEEN }, { configText: '{"services": 7}' }),
];

export const RUNS = [...WHOLE, ...DEMO, ...FAILED, ...AGAIN, ...ENDS, ...PARTIAL, ...BREAKS, ...TEXTS, ...LISTS, ...BEFORE];
