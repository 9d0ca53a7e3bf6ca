// Reads tests/cases/*.json and judges what came of one: the requests that a
// provider got and what a visitor saw. The format: tests/cases/README.md.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { GOOD_TEXT } from './script.mjs';

const MEMBERS = {
  case: ['name', 'about', 'service', 'stage', 'list', 'limits', 'replies', 'request', 'requests', 'see'],
  reply: ['status', 'headers', 'body', 'events', 'base64', 'fill', 'wire', 'framing', 'segments', 'end', 'repeat'],
  request: ['path', 'body', 'keys', 'absent', 'notBoth', 'headers', 'absentHeaders', 'prompt'],
  see: ['text', 'state', 'states', 'error', 'message', 'why', 'retryable', 'tokens', 'requests', 'never', 'pick', 'others', 'reset'],
};

function known(object, what, where) {
  for (const name of Object.keys(object)) assert.ok(MEMBERS[what].includes(name), `${where}: no such member of a ${what}: "${name}"`);
}

function readCase(file) {
  const it = JSON.parse(fs.readFileSync(file, 'utf8'));
  const where = path.basename(file);
  assert.equal(it.name, path.basename(file, '.json'), `${where} is named as its file`);
  known(it, 'case', where);
  known(it.see ?? {}, 'see', where);
  for (const reply of it.replies) if (reply !== 'good') known(reply, 'reply', where);
  const requests = it.requests ?? (it.request ? [it.request] : []);
  for (const request of requests) known(request, 'request', where);
  return { service: {}, see: {}, limits: {}, ...it, requests };
}

/** Every case whose name contains `wanted`, in the order of their names. */
export function readCases(dir, wanted = '') {
  const files = fs.readdirSync(dir).filter((name) => name.endsWith('.json')).sort();
  return files.map((name) => readCase(path.join(dir, name))).filter((it) => it.name.includes(wanted));
}

/** A string between slashes is a regular expression. */
export function meets(actual, wanted) {
  const found = typeof wanted === 'string' && /^\/(.*)\/([a-z]*)$/s.exec(wanted);
  return found ? new RegExp(found[1], found[2]).test(actual ?? '') : actual === wanted;
}

/** Does `actual` have all that `wanted` names? Objects by member, arrays by place. */
export function holds(actual, wanted) {
  if (wanted === null || typeof wanted !== 'object') return meets(actual, wanted);
  return actual !== null && typeof actual === 'object' && Object.entries(wanted).every(([name, value]) => holds(actual[name], value));
}

function judgeRequest(request, wanted, at) {
  const said = (what) => `request ${at + 1} ${what}\n${request.path}\n${JSON.stringify(request.headers)}\n${request.bytes}`;
  const { body, headers } = request;
  if (wanted.path !== undefined) assert.equal(request.path, wanted.path, said('goes to its path'));
  assert.ok(holds(body, wanted.body ?? {}), said(`has ${JSON.stringify(wanted.body)}`));
  if (wanted.keys) assert.deepEqual(Object.keys(body).sort(), [...wanted.keys].sort(), said('has these members and no others'));
  for (const name of wanted.absent ?? []) assert.ok(!(name in body), said(`has no ${name}`));
  if (wanted.notBoth) assert.ok(wanted.notBoth.some((name) => !(name in body)), said(`has not both of ${wanted.notBoth}`));
  assert.ok(holds(headers, wanted.headers ?? {}), said(`has the headers ${JSON.stringify(wanted.headers)}`));
  for (const name of wanted.absentHeaders ?? []) assert.ok(!(name in headers), said(`has no header ${name}`));
  if (wanted.prompt) assert.ok(meets(body.messages.map((m) => m.content).join('\n'), wanted.prompt), said(`asks ${wanted.prompt}`));
}

/** What holds of every request, and what the case wants of each. */
export function judgeRequests(it, requests) {
  for (const { headers, body, bytes } of requests) {
    assert.match(headers['content-type'], /^application\/json/, 'requests are JSON');
    assert.equal(Number(headers['content-length']), Buffer.byteLength(bytes), 'and say how long they are');
    assert.equal(headers['transfer-encoding'], undefined, 'chunked uploads are refused by some servers');
    assert.equal(body.stream, true);
  }
  it.requests.forEach((wanted, at) => {
    assert.ok(requests[at], `request ${at + 1} comes`);
    judgeRequest(requests[at], wanted, at);
  });
  const wanted = it.see.requests ?? (it.replies.some((r) => r.repeat) ? null : it.replies.length);
  const allowed = Array.isArray(wanted) ? wanted : [wanted ?? requests.length, wanted ?? requests.length];
  assert.ok(requests.length >= allowed[0] && requests.length <= allowed[1], `${requests.length} requests, wanted ${wanted}`);
}

const visible = (text) => /[^ \t⮑]/.test(text);

// "first" comes with the first visible text, once per attempt that shows any.
function judgeFirst(it, run) {
  let told = false;
  for (const event of run.events) {
    const object = event.part === '_part' ? JSON.parse(event.text) : null;
    if (object?.part === it.name && ['start', 'reset'].includes(object.state)) told = false;
    if (object?.part === it.name && object.state === 'first') {
      assert.ok(!told, 'one "first" per attempt');
      told = true;
    }
    if (event.part === it.name && visible(event.text)) assert.ok(told, '"first" comes before text');
  }
}

/** What the visitor saw of this case's part. */
export function judgeRun(it, run) {
  const { see } = it;
  const states = run.states[it.name] ?? [];
  const last = states.at(-1) ?? {};
  const error = run.errorOf(it.name) ?? {};
  const text = (run.parts[it.name] ?? '').replaceAll('⮑', '\n');
  const said = (what) => `${what}\n${JSON.stringify({ states, error, text: text.slice(0, 300) }, null, 1)}`;
  const state = see.state ?? 'done';
  assert.ok(meets(last.state, state), said(`the state is ${state}`));
  if (see.text !== undefined || (last.state === 'done' && !it.list)) {
    assert.ok(meets(text, see.text ?? GOOD_TEXT), said(`the text is ${JSON.stringify(see.text ?? GOOD_TEXT).slice(0, 300)}`));
  }
  if (see.states) assert.deepEqual(states.map((s) => s.state), see.states, said('the states'));
  if (see.reset === false) assert.ok(states.every((s) => s.state !== 'reset'), said('no reset'));
  if (see.error) assert.ok(meets(error.code, see.error), said(`the error is ${see.error}`));
  if (see.message) assert.ok(meets(error.message, see.message), said(`the message is ${see.message}`));
  if (see.why) assert.ok(meets(last.why, see.why), said(`the reason is ${see.why}`));
  if (see.retryable !== undefined) assert.equal(error.retryable, see.retryable, said('retryable or not'));
  if (see.tokens) assert.ok(holds(last.tokens, see.tokens), said(`the tokens are ${JSON.stringify(see.tokens)}`));
  if (see.others !== undefined) assert.ok(meets((run.parts[`${it.name}_others`] ?? '').replaceAll('⮑', '\n'), see.others), said(`the others are ${see.others}`));
  if (see.pick) assert.equal(run.stateOf(`${it.name}_pick`), 'done', said('what needs the pick is written'));
  // checkStream has seen that all that is not done or cut has an _error; cut tells in its _part.
  if (last.state === 'cut') assert.ok(last.why?.length > 0, said('a cut says why'));
  judgeFirst(it, run);
}

const about = (event) => (event.part.startsWith('_') ? JSON.parse(event.text).part : event.part);

/** The case's key shows nowhere, and what it names in none of its own events. */
export function judgeSecrets(it, run, stderr) {
  const own = run.events.filter((event) => about(event) === it.name).map((event) => event.text);
  const all = run.events.map((event) => event.text);
  for (const secret of it.see.never ?? []) assert.ok(![...own, stderr].some((text) => text.includes(secret)), `${secret} shows: ${own.join('\n')}`);
  if (it.service.key) assert.ok(![...all, stderr].some((text) => text.includes(it.service.key)), `the key shows: ${own.join('\n')}`);
}
