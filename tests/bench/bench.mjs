// The driver behind `make bench`: runs the workloads of workloads/ one after the other,
// through lighttpd on the loopback, and prints one table. Exits 1 when something did not
// work; a figure that is not reached is only marked MISSED.
//
// A workload is a file there that exports `order`, its place in the table, and
// run({ row }), which measures and writes lines (table.mjs). One with `extra` set runs
// only when it is named.

import fs from 'node:fs/promises';
import os from 'node:os';
import { HELP, options } from './options.mjs';
import { noise, running } from './site.mjs';
import { Table } from './table.mjs';

const DIR = new URL('workloads/', import.meta.url);

async function readWorkloads() {
  const files = (await fs.readdir(DIR)).filter((name) => name.endsWith('.mjs'));
  const load = async (file) => ({ name: file.slice(0, -4), ...(await import(new URL(file, DIR))) });
  return (await Promise.all(files.map(load))).sort((a, b) => a.order - b.order);
}

async function stopAll() {
  await Promise.allSettled([...running].map((bench) => bench.stop()));
  process.exit(130);
}

async function measure(workload, table) {
  const began = performance.now();
  try {
    await workload.run({ row: (...cells) => table.row(...cells), options });
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
const unknown = options.workloads.filter((name) => !names.includes(name));
if (options.help || unknown.length > 0) {
  console.error(`${unknown.map((name) => `no such workload: ${name}\n`).join('')}${HELP}\nworkloads: ${names.join(' ')}`);
  process.exit(options.help ? 0 : 2);
}
const chosen = options.workloads.length > 0 ? workloads.filter((w) => options.workloads.includes(w.name)) : workloads.filter((w) => !w.extra);
const table = new Table();
console.log(`${os.cpus().length} x ${os.cpus()[0].model}, Linux ${os.release()}, Node ${process.version}, load before ${os.loadavg()[0].toFixed(2)}`);
for (const workload of chosen) await measure(workload, table);
console.log(`${table}`);
process.exit();
