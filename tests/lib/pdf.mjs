// How many sheets a PDF has, counted in the file itself: cairo, by which Firefox
// prints, writes its objects into compressed streams.

import { inflateSync } from 'node:zlib';

/** @param {Uint8Array} pdf */
export function sheetsOf(pdf) {
  const bytes = Buffer.from(pdf);
  const text = bytes.toString('latin1');
  const packed = [...text.matchAll(/\/ObjStm\b[^]*?stream\r?\n/g)].map(({ 0: head, index }) => inflateSync(bytes.subarray(index + head.length)).toString('latin1'));
  return [text, ...packed].join('\n').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}
