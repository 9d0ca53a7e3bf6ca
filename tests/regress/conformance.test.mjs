// The conformance suite that Durable Streams publishes (tests/clients), by vitest: those of its tests that read, against
// GET /runs/ID behind a front by which they can write (tests/lib/writing-front.mjs). Each that has passed counts here; what is
// not run, or is answered otherwise on purpose, is printed with its reason.

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { COOK, PROJECT, assert, scene, test } from '../lib/harness.mjs';
import { startFront } from '../lib/writing-front.mjs';

const DIR = path.join(PROJECT, 'tests/clients');
const BIN = path.join(DIR, 'node_modules/.bin');

/** What is not run: [which tests, why not]. Each pattern must have some, or it is old. */
const LEFT_OUT = [
  [/^Fork - /, 'runs have no forks'],
  [/^Reserved subscription APIs /, 'runs have no subscriptions'],
  [/TTL|Expires-At/, 'keep_s says how long all runs are kept'],
  [/[Pp]roducer|-dedup:/, 'one process writes a run; there is no protocol for writing'],
  [/\bseq\b|Sequence Ordering|enforce sequence ordering|sequence numbers/, 'the same: there are no Stream-Seq'],
  [/base64|Stream-SSE-Data-Encoding|binary payload|binary streams/, 'a run is JSON alone; this would be the front\'s'],
  [/newlines in text\/plain|CRLF injection|content-type on GET|charset parameter/, 'the same: text in other shapes is the front\'s'],
  [/same data for offset=-1 and no offset/, 'without an offset a run is an event stream; the front says -1'],
];

/** What is answered otherwise, by its whole name. They are run, and must fail just so. */
const OTHERWISE = {
  why: 'Stream-Closed comes with an answer without messages only, since a cut one is taken for whole by the client',
  says: /^AssertionError: expected null to be 'true'/,
  names: [
    'Stream Closure Create with Stream-Closed create-closed-stream-with-body: PUT with body + Stream-Closed: true',
    'Stream Closure Read Closed Streams (Catch-up) read-closed-stream-at-tail: Returns Stream-Closed: true at tail of closed stream',
    'Stream Closure Read Closed Streams (Catch-up) read-closed-stream-partial-no-closed: Partial read of closed stream does NOT include Stream-Closed',
  ],
};

/** Each of these waits for a whole long poll of 20 s, so they are run beside the others. */
const SLOW = ['long-poll mode \\(waits for data\\)', 'long-poll on empty stream'];
const others = `^(?!.*(${[...SLOW, ...LEFT_OUT.map(([{ source }]) => source.replace(/^\^/, ''))].join('|')}))`;

/** Runs the tests of the suite whose names match. Resolves to all tests, as vitest's JSON has them. */
async function runSuite(site, runs, pattern) {
  const front = await startFront(site.port, runs);
  const out = path.join(site.dir, `${randomUUID()}.json`);
  try {
    const vitest = spawn(path.join(BIN, 'vitest'), ['run', '--reporter=json', `--outputFile=${out}`, '-t', pattern], {
      cwd: DIR, stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: `${BIN}:${process.env.PATH}`, HOME: site.dir, FRONT: front.base },
    });
    let said = '';
    vitest.stderr.on('data', (text) => (said += text));
    await new Promise((resolve) => vitest.once('close', resolve));
    assert.ok(existsSync(out), said);
    return JSON.parse(await fs.readFile(out, 'utf8')).testResults.flatMap((file) => file.assertionResults);
  } finally {
    await front.stop();
  }
}

/** The folder in which the site keeps runs, once it has one. */
async function runsOf({ site, provider }) {
  provider.auto();
  await (await site.post(COOK, { headers: { 'idempotency-key': randomUUID() } })).text();
  const names = await fs.readdir(site.dir, { recursive: true });
  return path.join(site.dir, names.find((name) => path.basename(name) === 'runs'));
}

const options = { server: 'lighttpd', limits: { max_readers: 200 }, cors: ['https://example.com'] };
const missing = existsSync(path.join(BIN, 'vitest')) ? false : 'only `make test` installs tests/clients';

test('the published conformance suite of Durable Streams 0.3.6', { skip: missing }, scene(options, async (set) => {
  const { t, site } = set;
  const runs = await runsOf(set);
  const parts = await Promise.all([others, ...SLOW].map((pattern) => runSuite(site, runs, pattern)));
  const ran = parts.flat().filter(({ status }) => status === 'passed' || status === 'failed');
  const names = new Set(ran.map(({ fullName }) => fullName));
  const asked = ran.filter(({ meta }) => meta.reads > 0);
  const say = (...words) => t.diagnostic(`seen: ${words.join(' ')}`);
  for (const { fullName, status, failureMessages } of asked) {
    await t.test(fullName, (one) => {
      if (!OTHERWISE.names.includes(fullName)) return assert.equal(status, 'passed', failureMessages.join('\n'));
      assert.equal(status, 'failed', 'it is in the table OTHERWISE, and passes');
      assert.match(failureMessages[0], OTHERWISE.says);
      return one.skip(OTHERWISE.why);
    });
  }
  for (const name of OTHERWISE.names) assert.ok(names.has(name), `the suite has no ${name}`);
  const left = parts[0].filter(({ fullName }) => !names.has(fullName));
  say(asked.length - OTHERWISE.names.length, 'of', parts[0].length, 'tests of the suite passed; not counted are:');
  for (const name of OTHERWISE.names) say(`   1 ${name}: ${OTHERWISE.why}`);
  say(String(ran.length - asked.length).padStart(4), 'that only write: the program is asked for nothing');
  for (const [pattern, why] of LEFT_OUT) {
    const these = left.filter(({ fullName }) => LEFT_OUT.find(([other]) => other.test(fullName))?.[0] === pattern);
    assert.ok(these.length > 0, `no test is ${pattern}`);
    say(String(these.length).padStart(4), `${pattern.source}: ${why}`);
  }
  assert.deepEqual(left.filter(({ fullName }) => !LEFT_OUT.some(([pattern]) => pattern.test(fullName))), [], 'all others were run');
}));
