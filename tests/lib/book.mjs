// The books of what a site has spent, as spend/entry.h has them.
//
//   const book = readBook(folderOf(state));
//   book.filter(({ kind }) => kind === 'settled')

import fs from 'node:fs';
import path from 'node:path';

const BYTES = 64;
const KINDS = ['run', 'part', 'more', 'asked', 'settled', 'end', 'refused', 'service', 'told', 'carried'];

/** Names of the books in a folder, the oldest first. */
export const booksOf = (folder) => fs.readdirSync(folder).filter((name) => /^spend-\d{8}$/.test(name)).sort();

/** All entries of a day's book, the newest day's if none is named. */
export function readBook(folder, name = booksOf(folder).at(-1)) {
  const bytes = name ? fs.readFileSync(path.join(folder, name)) : Buffer.alloc(0);
  return Array.from({ length: Math.floor(bytes.length / BYTES) }, (_, i) => {
    const row = bytes.subarray(i * BYTES, (i + 1) * BYTES);
    const kind = KINDS[row[62]];
    if (kind === 'service') return { kind, run: row.readBigUInt64LE(8), name: row.toString('utf8', 16, 56).replace(/\0.*/, '') };
    return {
      kind, run: row.readBigUInt64LE(8), at_ms: Number(row.readBigInt64LE(16)), tokens: Number(row.readBigInt64LE(24)),
      money: Number(row.readBigInt64LE(32)), who: row.readBigUInt64LE(40), place: row.readUInt16LE(52), seq: row.readUInt16LE(54),
      rest: row[63], n: row.readUInt16LE(56), hour: row.readUInt16LE(58), open: row.readUInt16LE(60),
    };
  });
}
