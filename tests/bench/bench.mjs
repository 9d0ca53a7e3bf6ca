// The driver behind `make bench`: runs the workloads of workloads/ one after the other,
// through lighttpd on the loopback, and prints one table. Exits 1 when something did not
// work; a figure that is not reached is only marked MISSED.
//
// A workload is a file there that exports `order`, its place in the table, `needs`, and
// run({ row, sheet, options }), which measures and writes lines (table.mjs). It needs a
// 'site' that it starts itself, the 'provider' that is ours behind whatever site, or a
// 'url', a site that runs already. One with `extra` set runs only when it is named.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import { HELP, options } from './options.mjs';
import { PROGRAM, noise, running } from './site.mjs';
import { Table } from './table.mjs';

const DIR = new URL('workloads/', import.meta.url);

async function readWorkloads() {
  const files = (await fs.readdir(DIR)).filter((name) => name.endsWith('.mjs'));
  const load = async (file) => ({ name: file.slice(0, -4), ...(await import(new URL(file, DIR))) });
  return (await Promise.all(files.map(load))).sort((a, b) => a.order - b.order);
}

/** What this workload lacks, in words; undefined where nothing. */
function lacking({ needs }) {
  if (!options.url) return needs === 'url' ? '--url, a site that runs already' : undefined;
  if (needs === 'site') return 'a site of its own, without --url';
  return needs === 'provider' && !options['provider-port'] ? '--provider-port, or nothing is known of its tokens' : undefined;
}

/** Which build is measured, in words: that of `make` has three dozen libraries, that of `make LINK=small` two. */
function build() {
  const said = spawnSync('ldd', [PROGRAM], { encoding: 'utf8' }).stdout ?? '';
  return `${said.split('\n').filter((line) => line.includes('=>')).length} shared libraries`;
}

async function stopAll() {
  await Promise.allSettled([...running].map((bench) => bench.stop()));
  process.exit(130);
}

async function measure(workload, table) {
  const began = performance.now();
  try {
    await workload.run({ row: (...cells) => table.row(...cells), sheet: (...cells) => table.sheet(...cells), options });
  } catch (error) {
    console.error(`${workload.name}: ${error.message}`);
    process.exitCode = 1;
  }
  const { writes, late } = noise.take();
  if (writes > 0) table.row(`   noise in "${workload.name}": tokens that left the provider 1 ms late or more`, (100 * late) / writes, { unit: '%' });
  console.error(`${workload.name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

process.once('SIGINT', stopAll);
process.once('SIGTERM', stopAll);

const workloads = await readWorkloads();
const names = workloads.map((w) => w.name);
const extras = workloads.filter((w) => w.extra).map((w) => w.name);
const wrong = [
  ...options.faults,
  ...options.workloads.filter((name) => !names.includes(name)).map((name) => `no such workload: ${name}`),
  ...workloads.filter((w) => options.workloads.includes(w.name) && lacking(w)).map((w) => `${w.name} needs ${lacking(w)}`),
];
if (options.help || wrong.length > 0) {
  const help = `${HELP}\nworkloads: ${names.join(' ')}\nonly when named: ${extras.join(' ')}`;
  console[options.help ? 'log' : 'error']([...wrong, help].join('\n'));
  process.exit(options.help ? 0 : 2);
}
const named = (w) => options.workloads.includes(w.name);
const chosen = workloads.filter(options.workloads.length > 0 ? named : (w) => !w.extra && !lacking(w));
const table = new Table();
console.log(`${os.cpus().length} x ${os.cpus()[0].model}, Linux ${os.release()}, Node ${process.version}, load before ${os.loadavg()[0].toFixed(2)}; a program with ${build()}`);
for (const workload of chosen) await measure(workload, table);
console.log(`${table}`);
process.exit();
