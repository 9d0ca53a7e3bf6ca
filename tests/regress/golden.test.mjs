// What the program sends for whole runs, byte for byte, in each of its four
// forms: tests/golden/runs/NAME.FORM. The table is tests/lib/golden-runs.mjs.
//
// GOLDEN=write records what is sent now instead; RUN=list plays only the runs
// whose name contains it.

import fs from 'node:fs';
import path from 'node:path';
import { PROJECT, assert, test } from '../lib/harness.mjs';
import { FORMS, play } from '../lib/golden.mjs';
import { RUNS } from '../lib/golden-runs.mjs';

const DIR = path.join(PROJECT, 'tests/golden/runs');
const writing = process.env.GOLDEN === 'write';
const runs = RUNS.filter(({ name }) => name.includes(process.env.RUN ?? ''));
const fileOf = (run, form) => path.join(DIR, `${run.name}.${form}`);

/** The first line that differs, of two strings of bytes. */
function difference(sent, kept) {
  const [a, b] = [sent.split('\n'), kept.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  const line = at < 0 ? a.length : at;
  return `line ${line + 1}\nis sent: ${JSON.stringify(a[line])}\nwas:     ${JSON.stringify(b[line])}`;
}

async function compare(run, form) {
  const sent = await play(run, form);
  const file = fileOf(run, form);
  if (writing) return fs.writeFileSync(file, sent, 'latin1');
  const kept = fs.readFileSync(file, 'latin1');
  assert.ok(sent === kept, `${run.name}.${form} (${run.about})\n${difference(sent, kept)}`);
}

test('whole runs are sent as they were', { concurrency: 4 }, async (t) => {
  const all = runs.flatMap((run) => Object.keys(FORMS).map((form) => ({ run, form })));
  await Promise.all(all.map(({ run, form }) => t.test(`${run.name}.${form}`, () => compare(run, form))));
});

test('every file is of a run, and no run has two entries', () => {
  const wanted = RUNS.flatMap((run) => Object.keys(FORMS).map((form) => `${run.name}.${form}`));
  assert.equal(new Set(wanted).size, wanted.length);
  const found = fs.readdirSync(DIR).filter((name) => !['README.md', '.gitattributes'].includes(name));
  assert.deepEqual(found.sort(), wanted.sort());
});
