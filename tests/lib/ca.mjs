// A certificate authority of the test's own, made by openssl at run time: no
// key is ever committed, and none is ever too old.

import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { atExit } from './leave.mjs';

const run = promisify(execFile);
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export class Authority {
  #serial = 0;

  constructor(dir) {
    this.dir = dir;
    this.file = path.join(dir, 'ca.pem');
    this.forget = atExit(() => rmSync(dir, { recursive: true, force: true }));
  }

  async create() {
    await openssl(['req', '-x509', ...KEY, '-keyout', this.#at('ca.key'), '-out', this.file,
      '-days', '2', '-subj', '/CN=recipe test authority', '-addext', 'basicConstraints=critical,CA:TRUE',
      '-addext', 'keyUsage=critical,keyCertSign,cRLSign']);
    return this;
  }

  /** A server's certificate for these names: {key, cert, caFile}, as startProvider's `tls` wants it. */
  async certificate({ names = ['IP:127.0.0.1', 'DNS:localhost'], days = 2 } = {}) {
    const n = ++this.#serial;
    const [key, csr, cert, ext] = ['key', 'csr', 'pem', 'ext'].map((end) => this.#at(`leaf${n}.${end}`));
    await writeFile(ext, `subjectAltName=${names.join(',')}\nbasicConstraints=CA:FALSE\n`);
    await openssl(['req', '-new', ...KEY, '-keyout', key, '-out', csr, '-subj', '/CN=fake provider']);
    await openssl(['x509', '-req', '-in', csr, '-CA', this.file, '-CAkey', this.#at('ca.key'),
      '-set_serial', String(n), '-days', String(days), '-extfile', ext, '-out', cert]);
    return { key: await readFile(key), cert: await readFile(cert), caFile: this.file };
  }

  /** Its own certificate, which it has signed by itself, for a server. */
  async own() {
    return { key: await readFile(this.#at('ca.key')), cert: await readFile(this.file) };
  }

  /** The same as files, as a web server wants it: {certFile, keyFile, ca}. */
  async files() {
    const { cert } = await this.certificate();
    const [certFile, keyFile] = ['pem', 'key'].map((end) => this.#at(`leaf${this.#serial}.${end}`));
    return { certFile, keyFile, ca: await readFile(this.file), cert };
  }

  remove() {
    this.forget();
    return rm(this.dir, { recursive: true, force: true });
  }

  #at(name) {
    return path.join(this.dir, name);
  }
}

const openssl = (args) => run('openssl', args);

export async function makeAuthority() {
  return new Authority(await mkdtemp(path.join(tmpdir(), 'recipe-ca-'))).create();
}
