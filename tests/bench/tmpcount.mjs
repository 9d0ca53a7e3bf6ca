import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { all, withBench } from './site.mjs';
import { makeAuthority } from '../lib/ca.mjs';
import { sleep } from '../lib/wait.mjs';
const [program, kind] = process.argv.slice(2);
const authority = await makeAuthority();
const { caFile } = await authority.certificate();
const [certFile, keyFile] = ['leaf1.pem', 'leaf1.key'].map((n) => path.join(authority.dir, n));
const tls = kind === 'https' ? { caFile, certFile, keyFile } : undefined;
await withBench({ parts: all(3, 30), provider: { 'first-ms': 50, rate: 0, batch: 8 }, tls, site: { program: path.resolve(program) } }, async (bench) => {
  await bench.load({ runs: 3 });
  const strace = spawn('strace', ['-f', '-qq', '-c', '-o', '/tmp/calls.txt', ...bench.tree().flatMap((pid) => ['-p', String(pid)])], { stdio: 'ignore' });
  await sleep(1500);
  const N = 20;
  await bench.load({ runs: N });
  await sleep(300);
  strace.kill('SIGINT');
  await new Promise((r) => strace.once('exit', r));
  for (const l of fs.readFileSync('/tmp/calls.txt', 'latin1').split('\n')) {
    const c = l.trim().split(/\s+/);
    if (/^\d/.test(c[0])) console.log((Number(c[3]) / N).toFixed(2).padStart(8), c.at(-1));
  }
});
await authority.remove();
process.exit();
