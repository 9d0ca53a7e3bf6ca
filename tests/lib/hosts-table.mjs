// Prints what the hosts' tests found as tables, one per server: what every host
// must do, and each mode in which people run it. docs/hosts.md keeps the last.
//
//   node tests/lib/hosts-table.mjs build/test/hosts

import fs from 'node:fs';
import path from 'node:path';
import { BEHAVIOURS } from './behaviours.mjs';
import { HOSTS, nameOf } from './hosts.mjs';

const dir = process.argv[2];
const found = new Map(fs.existsSync(dir) ? fs.readdirSync(dir).map((name) => {
  const { name: host, record } = JSON.parse(fs.readFileSync(path.join(dir, name), 'utf8'));
  return [host, record];
}) : []);

const notes = [];

/** A cell; a reason in words becomes a numbered note. */
function cell(said) {
  if (said === undefined) return 'not run';
  if (said === 'ok') return 'yes';
  if (said === 'failed') return 'FAILED';
  if (!notes.includes(said)) notes.push(said);
  return `(${notes.indexOf(said) + 1})`;
}

for (const server of new Set(HOSTS.map((host) => host.server))) {
  const hosts = HOSTS.filter((host) => host.server === server && found.has(nameOf(host)));
  if (hosts.length === 0) continue;
  console.log(`| ${server} | ${hosts.map((host) => host.mode).join(' | ')} |`);
  console.log(`|---|${hosts.map(() => '---|').join('')}`);
  console.log(`| copy | ${hosts.map((host) => host.copy.split(', ').map((file) => `\`${file}\``).join(', ')).join(' | ')} |`);
  for (const [what] of BEHAVIOURS) console.log(`| ${what} | ${hosts.map((host) => cell(found.get(nameOf(host))[what])).join(' | ')} |`);
  console.log('');
}
notes.forEach((note, i) => console.log(`(${i + 1}) ${note}.`));
