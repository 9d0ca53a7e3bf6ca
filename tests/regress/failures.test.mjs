// docs/failures.md is the failure policy. Each of its rows is played against the
// program: what is tried next, and what the site remembers of it.

import fs from 'node:fs/promises';
import path from 'node:path';
import { PROJECT, assert, test, waitFor } from '../lib/harness.mjs';
import { always, policy, refuse, story, well } from '../lib/policy.mjs';
import { listStages } from '../lib/prompts.mjs';

const table = (await fs.readFile(path.join(PROJECT, 'docs/failures.md'), 'utf8')).split('\n')
  .filter((line) => /^\| [a-z-]+ \|/.test(line)).map((line) => line.split('|').map((cell) => cell.trim()).slice(1, -1))
  .filter(([row]) => row !== 'row').map(([row, , , next, remembered]) => ({ row, next, remembered }));

const code = (status, word, message = 'no') => refuse(status, { message, code: word });
/** How each row is brought about; several ways where several things mean the same. */
const WAYS = {
  limit: [refuse(429), code(429, 'rate_limit_exceeded', 'on tokens per minute. See https://x.example/settings/billing'), code(400, 'rate_limit_exceeded')],
  'long-limit': [refuse(429, { message: 'slow' }, { 'retry-after': '300' })],
  credit: [refuse(402), code(429, 'insufficient_quota'), code(403, 'billing_hard_limit_reached'), refuse(400, { message: 'Your credit balance is too low' })],
  key: [refuse(401), code(400, 'invalid_api_key'), refuse(403, { message: 'this key has no access' })],
  forbidden: [refuse(403, { message: 'Forbidden' })],
  firewall: [(x) => x.error(403, '<html>Your key is blocked</html>')],
  content: [code(400, 'content_filter'), refuse(403, { message: 'Content violates usage guidelines' }), refuse(400, { message: 'Content Exists Risk' })],
  model: [code(404, 'model_not_found'), code(400, 'model_not_available'), refuse(404, { message: 'model "m" not found' })],
  parameter: [(x) => ('temperature' in x.body ? x.error(400, { error: { message: 'no', param: 'temperature' } }) : x.answer('From a.'))],
  format: [(x) => x.answer('response_format' in x.body ? 'I would rather not.' : '[{"name":"Stew","intro":"Warm."}]')],
  size: [refuse(413), code(400, 'context_length_exceeded'), refuse(400, { message: 'the prompt is too long' })],
  request: [refuse(400), refuse(422), refuse(418), (x) => x.error(404, '<h1>Not Found</h1>'), (x) => x.head(307, { location: '/elsewhere' }).end()],
  server: [refuse(408), refuse(409), refuse(425), refuse(498)],
  down: [refuse(500), refuse(503), refuse(529), code(503, 'overloaded')],
  unreachable: [null],
  tls: [null], // plain HTTP, and TLS is expected: see settings
  mute: [() => {}],
  idle: [(x) => x.text('Half')],
  broken: [(x) => x.head().chunk({ role: 'assistant' }).cut(), (x) => x.event({ error: { message: 'engine on fire' } }).end(), (x) => x.finish('abort').done()],
  'no-stream': [(x) => x.head(200, { 'content-type': 'text/html' }).raw('<html>').end(), (x) => x.error(200, { error: 'no' })],
  empty: [(x) => x.finish('stop').done()],
  withheld: [(x) => x.text('Half').finish('content_filter').done()],
};

test('the table and its ways name the same rows', () => assert.deepEqual(table.map(({ row }) => row).sort(), Object.keys(WAYS).sort()));

/** The seconds for which the one service of the state that is aside still is; 0 if none is. */
async function asideSeconds(site) {
  const folder = path.join(site.env.XDG_STATE_HOME, 'recipe');
  const sites = await fs.readdir(folder).catch(() => []);
  const texts = await Promise.all(sites.map((name) => fs.readFile(path.join(folder, name, 'state.json'), 'utf8').catch(() => '{}')));
  const services = texts.flatMap((text) => Object.values(JSON.parse(text).services ?? {}));
  return Math.max(0, ...services.map(({ until = 0 }) => (until - Date.now()) / 1000));
}

const between = (seconds, least, most) => assert.ok(seconds > least && seconds <= most, `aside for ${seconds} s, not ${least} to ${most}`);

/** What the story of the first run says of the row's next. */
function checkNext({ next, remembered }, told) {
  const asked = told.filter((s) => s === 'a start').length;
  if (next === 'same') assert.ok(asked > 1, `a is asked again: ${told}`);
  if (next === 'model') assert.equal(asked, 2, `both models, then b: ${told}`);
  if (next === 'service') assert.equal(asked, 1, `${told}`);
  if (next === 'end') assert.deepEqual([asked, told.at(-1)], [1, 'a filtered']);
  else if (/^the parameter/.test(remembered)) assert.equal(told.at(-1), 'a done');
  else assert.equal(told.at(-1), 'b done', `${told}`);
}

/** A small clock runs for the service that answers, too: it is only where one has to fire. */
const CLOCKS = { mute: { first_token_ms: 1000 }, idle: { idle_ms: 400 } };
const settings = ({ row, next }) => ({
  limits: { retry_wait_ms: 250, ...CLOCKS[row] },
  ...(row === 'format' ? { stages: listStages('one', ['a', 'b']) } : {}),
  more: ({ a }) => ({ a: { model: next === 'model' ? ['m', 'n'] : 'm', ...(row === 'tls' ? { base_url: a.baseUrl.replace('http:', 'https:') } : {}) } }),
});
for (const line of table) {
  const { row, next, remembered } = line;
  WAYS[row]?.forEach((way, n) => test(`${row}, way ${n + 1}: next ${next}; remembered: ${remembered}`, policy(settings(line), async ({ a, b, run, site }) => {
    if (way) always(a, way);
    else if (row === 'unreachable') await a.stop();
    always(b, well('From b.'));
    checkNext(line, story(await run()));
    if (remembered === 'nothing') {
      for (let again = 0; again < 3; again++) assert.equal(story(await run())[0], 'a start', 'a is asked first as before');
      assert.equal(await asideSeconds(site), 0);
    } else if (remembered === 'aside as long as it says') {
      between(await asideSeconds(site), 280, 301);
    } else if (/^aside \d+ s$/.test(remembered)) {
      const seconds = Number(/\d+/.exec(remembered)[0]);
      between(await asideSeconds(site), seconds - 20, seconds + 1);
      assert.equal(story(await run())[0], 'b start', 'b is asked first');
    } else if (remembered === 'counted') {
      await waitFor(async () => (await run(), (await asideSeconds(site)) > 0), 'a to be set aside');
      between(await asideSeconds(site), 10, 31);
      assert.equal(story(await run())[0], 'b start', 'b is asked first');
    } else {
      assert.match(remembered, /^the parameter/);
      assert.deepEqual(story(await run()), ['a start', 'a first', 'a done'], 'it is left out at once');
    }
  })));
}
