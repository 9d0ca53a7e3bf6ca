// Rows of a site's "laps" file, as site/laps.h has them, written by hand: what was
// known of services before a test.
//
//   writeLaps(folderOf(dir), rows(20, a.service('model-a'), 'a', { text_us: 80_000 }))

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export const END = { done: 0, failed: 1, slow: 2, left: 3, late: 4 };
const BYTES = 64;

/** The folder of the one site in the state directory; '' if there is none yet. */
export function folderOf(state) {
  const [name = ''] = fs.readdirSync(state).filter((entry) => fs.statSync(path.join(state, entry)).isDirectory());
  return name && path.join(state, name);
}

/** What a service's model is called there. @param {{ base_url: string, model: string }} service */
export const keyOf = ({ base_url, model }, id) => BigInt(`0x${createHash('sha256').update(`${base_url}\n${id}\n${model}`).digest('hex').slice(0, 16)}`);

/** n rows of the service `id`, that have come just now; `has` are members of struct lap. */
export const rows = (n, service, id, has = {}) => Array.from({ length: n }, () => ({ key: keyOf(service, id), ...has }));

/** As rows_seal of site/rows.c does. */
export function seal(row) {
  let sum = 0x9e3779b97f4a7c15n;
  for (let at = 8; at < BYTES; at += 8) {
    sum = BigInt.asUintN(64, (sum ^ row.readBigUInt64LE(at)) * 0xff51afd7ed558ccdn);
    sum ^= sum >> 29n;
  }
  row.writeUInt32LE(Number(sum >> 32n), 4);
  return row;
}

function pack({ key, at_ms = Date.now(), text_us = 1000, first_us = text_us, total_us = text_us, rate_milli = 0, tokens = 10, end = 'done', of = 0 }) {
  const row = Buffer.alloc(BYTES);
  row.write('LAP2', 0, 'latin1');
  row.writeBigUInt64LE(key, 8);
  row.writeBigInt64LE(BigInt(at_ms), 16);
  [first_us, text_us, total_us, rate_milli, tokens].forEach((n, i) => row.writeInt32LE(n, 24 + 4 * i));
  [END[end], of, 0].forEach((n, i) => row.writeUInt8(n, 44 + i));
  return seal(row);
}

/** Adds rows, as another process of the site would. */
export const writeLaps = (folder, list) => fs.appendFileSync(path.join(folder, 'laps'), Buffer.concat(list.map(pack)));

/** All rows that are there, with what tests ask for. */
export function readLaps(folder) {
  const bytes = fs.existsSync(path.join(folder, 'laps')) ? fs.readFileSync(path.join(folder, 'laps')) : Buffer.alloc(0);
  return Array.from({ length: bytes.length / BYTES }, (_, i) => {
    const row = bytes.subarray(i * BYTES);
    return { key: row.readBigUInt64LE(8), text_us: row.readInt32LE(28), end: Object.keys(END)[row[44]] };
  });
}
