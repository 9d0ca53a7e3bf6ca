// A kept run is cut after every event, in mid-run and after its end, and taken up again in
// every way that there is: all that tests/regress/resume.test.mjs has a sample of.
//
// SEED=N repeats one; RUN=list only the runs whose name contains it. Ends with "N passed, N
// failed".

import { spawn } from 'node:child_process';
import path from 'node:path';
import { PROJECT } from '../lib/site.mjs';

const file = path.join(PROJECT, 'tests/regress/resume.test.mjs');
const child = spawn(process.execPath, ['--test', '--test-reporter=tap', file], { env: { ...process.env, RESUME: 'all' }, stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
child.stdout.on('data', (bytes) => (said += bytes));
child.on('close', (status) => {
  for (const [line] of said.matchAll(/^ *not ok .*$|^ *error: .*$|(?<=^# )seen: .*$/gm)) console.log(line.trim());
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(said)?.[1] ?? 0);
  console.log(`${count('pass')} passed, ${count('fail') + count('cancelled')} failed`);
  process.exit(status === 0 && count('pass') > 0 ? 0 : 1);
});
