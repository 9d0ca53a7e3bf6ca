// Bad input gets a clear answer: its status, its code, a message in words. One
// site serves all cases of a table, as it would serve all those visitors.

import { COOK, assert, run, scene, test } from '../lib/harness.mjs';

const JSON_TYPE = { 'content-type': 'application/json' };
const with_ = (more) => ({ ...COOK, ...more });
const without = (name) => Object.fromEntries(Object.entries(COOK).filter(([key]) => key !== name));
const text = (value) => JSON.stringify(with_({ ingredientsOnHand: value }));

/** Name, body, status, code, and what the message must say. */
const BODIES = [
  ['no JSON', 'beef and onions', 400, 'bad_json'],
  ['an empty body', '', 400, 'bad_json'],
  ['half a JSON object', '{"ingredientsOnHand": "beef', 400, 'bad_json'],
  ['something after the object', `${JSON.stringify(COOK)} {}`, 400, 'bad_json'],
  ['single quotes', "{'ingredientsOnHand': 'beef', 'prepTime': 45}", 400, 'bad_json'],
  ['a comment', `/* hi */ ${JSON.stringify(COOK)}`, 400, 'bad_json'],
  ['deep JSON', '['.repeat(8000) + ']'.repeat(8000), 400, 'bad_json'],
  ['deep objects', '{"a":'.repeat(2500) + '1' + '}'.repeat(2500), 400, /bad_json|bad_input/],
  ['an array', '["beef", 45]', 400, /bad_json|bad_input/],
  ['null', 'null', 400, /bad_json|bad_input/],
  ['a string', '"beef"', 400, /bad_json|bad_input/],
  ['over 16 KiB', text('a'.repeat(17000)), 413, 'too_large', /16384/],
  ['no ingredients', without('ingredientsOnHand'), 400, 'bad_input', /ingredientsOnHand/],
  ['no time', without('prepTime'), 400, 'bad_input', /prepTime/],
  ['nothing in it', {}, 400, 'bad_input'],
  ['a field too many', with_({ portions: 4 }), 400, 'bad_input', /portions/],
  ['ingredients of one letter', text('a'), 400, 'bad_input', /ingredientsOnHand.*2/s],
  ['empty ingredients', text(''), 400, 'bad_input', /ingredientsOnHand/],
  ['ingredients too long', text('a'.repeat(2001)), 400, 'bad_input', /ingredientsOnHand.*2000/s],
  ['ingredients too long in code points', text('🍲'.repeat(2000) + 'a'), 400, 'bad_input', /2000/],
  ['ingredients without a letter', text('12 + 3, 4!'), 400, 'bad_input', /letter/],
  ['ingredients that are emoji alone', text('🍲🍲🍲'), 400, 'bad_input', /letter/],
  ['ingredients as a list', with_({ ingredientsOnHand: ['beef'] }), 400, 'bad_input', /ingredientsOnHand/],
  ['ingredients as a number', with_({ ingredientsOnHand: 12 }), 400, 'bad_input', /ingredientsOnHand/],
  ['ingredients null', with_({ ingredientsOnHand: null }), 400, 'bad_input', /ingredientsOnHand/],
  ['NUL in the text', text('be\0ef'), 400, 'bad_input', /control/i],
  ['a control character', text('be\x07ef'), 400, 'bad_input', /control/i],
  ['DEL', text('be\x7fef'), 400, 'bad_input', /control/i],
  ['a raw NUL byte', Buffer.from(text('beXef').replace('X', '\0')), 400, /bad_json|bad_input/],
  ['a raw control character', Buffer.from(text('beXef').replace('X', '\x01')), 400, /bad_json|bad_input/],
  ['invalid UTF-8', Buffer.from(text('be\xffef'), 'latin1'), 400, 'bad_encoding'],
  ['an overlong sequence', Buffer.concat([Buffer.from('{"ingredientsOnHand":"be'), Buffer.from([0xc0, 0xaf]), Buffer.from('","prepTime":45}')]), 400, 'bad_encoding'],
  ['an encoded surrogate', Buffer.concat([Buffer.from('{"ingredientsOnHand":"be'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('","prepTime":45}')]), 400, 'bad_encoding'],
  ['a cut code point', Buffer.concat([Buffer.from('{"ingredientsOnHand":"be'), Buffer.from([0xf0, 0x9f, 0x8d]), Buffer.from('","prepTime":45}')]), 400, 'bad_encoding'],
  ...[0, -1, 'abc', 1e9, 1441, 1.5, '', ' 45', '45 min', '-5', '1e2', '0x10', '4294967341', '18446744073709551661', true, null, [45], {}].map((value) =>
    [`prepTime ${JSON.stringify(value)}`, with_({ prepTime: value }), 400, 'bad_input', /prepTime/]),
  ['prepTime as a huge number', '{"ingredientsOnHand":"beef","prepTime":1e999}', 400, /bad_json|bad_input/],
];

// run_ms ends soon what should never have begun.
test('bad bodies', async (t) => {
  await scene({ limits: { run_ms: 5000 } }, async ({ site, provider }) => {
    for (const [name, body, status, code, says] of BODIES) {
      await t.test(name, async () => {
        const response = await site.post(body);
        const answer = await response.text();
        assert.equal(response.status, status, answer);
        assertError(response, answer, code, says);
      });
    }
    assert.equal(provider.requests, 0, 'no model was asked');
    provider.auto();
    assert.equal((await run(site)).stateOf('ste'), 'done', 'and the site still works');
  })(t);
});

/** The recipe's inputs, each with what it does not take; and what is no input. */
const FIELDS = [
  ['ingredientsOnHand', '!'], ['ingredientsOnHand', undefined], ['prepTime', 'soon'], ['prepTime', 0], ['servings', 25], ['servings', '2.5'],
  ['diet', 'v'.repeat(61)], ['allergies', 'nuts '.repeat(50)], ['language', 'be\x07ef'], ['language', 7],
  [null, 'portions', 4], [null, 'want', []], [null, 'given', { ste: '' }],
];
test('an error names the input that is wrong, and no other member', async (t) => {
  await scene({}, async ({ site, provider }) => {
    for (const [field, ...rest] of FIELDS) {
      const [name, value] = field ? [field, ...rest] : rest;
      const { error } = await (await site.post(with_({ [name]: value }))).json();
      assert.deepEqual([error.code, error.field], ['bad_input', field ?? undefined], `${name}: ${JSON.stringify(value)}`);
    }
    assert.equal(provider.requests, 0);
  })(t);
});

const GOOD = [
  ['two letters', text('ei')],
  ['two Korean letters', text('계란')],
  ['2000 code points of four bytes with one letter', text('🍲'.repeat(1999) + 'a')],
  ['2000 code points', text('é'.repeat(2000))],
  ['tabs, newlines and CR', text('beef\n\tonions\r\npeppers')],
  ...[1, 1440, '1', '1440', 45].map((value) => [`prepTime ${JSON.stringify(value)}`, with_({ prepTime: value })]),
];

test('good bodies at the edges', async (t) => {
  await scene({}, async ({ site, provider }) => {
    provider.auto();
    for (const [name, body] of GOOD) {
      await t.test(name, async () => assert.equal((await run(site, body)).stateOf('ste'), 'done'));
    }
  })(t);
});

const UNHARMED = [
  'braces {{prepTime}} and {{ingredientsOnHand}} {x} }} {{',
  'quotes " \' ` and back\\slashes \\n \\u0041',
  'bars | a|b || and % %s %n $HOME',
  'emoji 👩‍🍳🍲 and Korean 된장찌개 and é\u0301',
  'new\nlines\nand\ttabs',
  '<b>markup</b> &amp; <script>alert(1)</script>',
  'data: x|y : hb id: 3',
];

test('odd ingredients reach the model and come back unharmed', async (t) => {
  await scene({}, async ({ site, provider }) => {
    for (const ingredients of UNHARMED) {
      await t.test(JSON.stringify(ingredients), async () => {
        provider.auto({
          ing: (x) => x.answer(x.prompt.includes(ingredients) ? ingredients : `harmed: ${x.prompt}`),
          add: (x) => x.answer(`${ingredients} again`),
          ste: (x) => x.answer(x.prompt.includes(`${ingredients} again`) ? 'unharmed' : `harmed: ${x.prompt}`),
        });
        const r = await run(site, with_({ ingredientsOnHand: ingredients, prepTime: 77 }));
        assert.equal(r.parts.ing, ingredients.replaceAll('\n', '⮑'));
        assert.equal(r.parts.ste, 'unharmed');
      });
    }
  })(t);
});

const TYPES = [
  ['application/json', 200],
  ['application/json; charset=utf-8', 200],
  ['Application/JSON;charset="UTF-8"', 200],
  ['text/plain', 415],
  ['application/jsonx', 415],
  ['multipart/form-data; boundary=x', 415],
  [undefined, 415],
];

// What no UTF-8 can hold is refused, or arrives as the sign that stands for it.
test('a lone surrogate escape never reaches a model', scene({}, async ({ site, provider }) => {
  provider.auto();
  const response = await site.post('{"ingredientsOnHand":"beef \\ud83c and leeks","prepTime":45}');
  const answer = await response.text();
  if (response.status === 400) assertError(response, answer, /bad_(json|input|encoding)/);
  else assert.ok(provider.exchanges.every((x) => x.part !== 'ing' || x.prompt.includes('beef \ufffd and leeks')), answer);
}));

test('content types', async (t) => {
  await scene({}, async ({ site, provider }) => {
    provider.auto();
    for (const [type, status] of TYPES) {
      await t.test(String(type), async () => {
        const headers = type ? { 'content-type': type } : {};
        const response = await site.request({ method: 'POST', path: '/generate', headers, body: JSON.stringify(COOK) });
        const answer = await response.text();
        assert.equal(response.status, status, answer);
        if (status === 415) assertError(response, answer, 'bad_type', /application\/json/);
      });
    }
  })(t);
});

test('methods', async (t) => {
  await scene({}, async ({ site }) => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
      await t.test(method, async () => {
        const response = await site.request({ method, path: '/generate', headers: JSON_TYPE });
        const answer = await response.text();
        assert.equal(response.status, 405, answer);
        assert.match(response.headers.allow, /\bPOST\b/);
        if (method === 'HEAD') assert.equal(answer, '');
        else assertError(response, answer, 'method_not_allowed', /POST/);
      });
    }
  })(t);
});

function assertError(response, answer, code, says = /\w{3}/) {
  assert.match(response.headers['content-type'], /^application\/json/);
  const { error } = JSON.parse(answer);
  if (code instanceof RegExp) assert.match(error.code, code);
  else assert.equal(error.code, code, error.message);
  assert.match(error.message, says);
  assert.ok(error.message.length < 400, 'a message is a sentence or two');
}

// Who closes a socket with something unread in it resets it, and the answer is lost.
test('an answer given before the body was read arrives', async (t) => {
  await scene({}, async ({ site }) => {
    const body = JSON.stringify(with_({ ingredientsOnHand: 'a'.repeat(60000) }));
    const cases = [
      ['too long', { method: 'POST', path: '/generate', headers: JSON_TYPE, body }, 413],
      ['wrong type', { method: 'POST', path: '/generate', headers: { 'content-type': 'text/plain' }, body }, 415],
      ['wrong method', { method: 'PUT', path: '/generate', headers: JSON_TYPE, body }, 405],
      ['wrong method for services', { method: 'POST', path: '/services', headers: JSON_TYPE, body }, 405],
    ];
    for (const [name, request, status] of cases) {
      await t.test(name, async () => {
        for (let n = 0; n < 10; n++) {
          const response = await site.request(request);
          await response.text();
          assert.equal(response.status, status);
        }
      });
    }
  })(t);
});

test('the web server asks for a length, and unchunks a chunked body', scene({}, async ({ site, provider }) => {
  provider.auto();
  const head = 'POST /generate HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n';
  const none = site.raw().send(`${head}\r\n`);
  await none.until((c) => c.ended, 'an answer');
  assert.equal(none.status, 411, none.text);
  const body = JSON.stringify(COOK);
  const chunked = site.raw().send(`${head}Transfer-Encoding: chunked\r\n\r\n`);
  for (const half of [body.slice(0, 20), body.slice(20), '']) chunked.send(`${half.length.toString(16)}\r\n${half}\r\n`);
  await chunked.until((c) => c.ended, 'an answer');
  assert.equal(chunked.status, 200, chunked.text);
  assert.match(chunked.text, /data: _done\|/);
}));
