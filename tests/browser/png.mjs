// Makes a screenshot's PNG smaller: at most 255 colours in a palette, each the
// most frequent of its neighbourhood. Good for a page, which has few colours;
// no good for a photograph. https://www.w3.org/TR/png-3/

import { deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const CHANNELS = { 2: 3, 6: 4 }; // truecolour, and with alpha, by colour type

/** @param {Buffer} png 8 bits a channel, truecolour, not interlaced: as Chromium writes it */
export function toPalette(png) {
  const image = decode(png);
  return encode(image, palette(image));
}

function* chunks(png) {
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += 12 + length;
  }
}

/** To {width, height, pixels}: a number 0xRRGGBB each. */
function decode(png) {
  const all = [...chunks(png)];
  const head = all.find((c) => c.type === 'IHDR').data;
  const [width, height, n] = [head.readUInt32BE(0), head.readUInt32BE(4), CHANNELS[head[9]]];
  if (head[8] !== 8 || !n || head[12] !== 0) throw new Error('not a PNG of the kind that Chromium writes');
  const bytes = inflateSync(Buffer.concat(all.filter((c) => c.type === 'IDAT').map((c) => c.data)));
  const pixels = new Uint32Array(width * height);
  let above = Buffer.alloc(width * n);
  for (let y = 0; y < height; y++) {
    const from = y * (width * n + 1);
    const line = bytes.subarray(from + 1, from + 1 + width * n);
    unfilter(bytes[from], line, above, n);
    for (let x = 0; x < width; x++) pixels[y * width + x] = (line[x * n] << 16) | (line[x * n + 1] << 8) | line[x * n + 2];
    above = line;
  }
  return { width, height, pixels };
}

function unfilter(filter, line, above, n) {
  for (let i = 0; i < line.length; i++) {
    const a = i < n ? 0 : line[i - n];
    const c = i < n ? 0 : above[i - n];
    line[i] += [0, a, above[i], (a + above[i]) >> 1, paeth(a, above[i], c)][filter];
  }
}

function paeth(a, b, c) {
  const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

/** The most frequent colours, no two of them closer than any eye would see. */
function palette({ pixels }) {
  const count = new Map();
  for (const p of pixels) count.set(p, (count.get(p) ?? 0) + 1);
  const chosen = [];
  for (const [p] of [...count].sort((a, b) => b[1] - a[1])) {
    if (chosen.length === 255) break;
    if (chosen.every((q) => distance(p, q) > 40)) chosen.push(p);
  }
  return chosen;
}

function distance(p, q) {
  const [r, g, b] = [(p >> 16) - (q >> 16), ((p >> 8) & 255) - ((q >> 8) & 255), (p & 255) - (q & 255)];
  return 2 * r * r + 4 * g * g + b * b;
}

/** What is as in the frame before is a colour more, behind the others: nothing at all. */
function encode({ width, height, pixels }, colours, before) {
  const known = new Map();
  const index = (p) => {
    if (!known.has(p)) known.set(p, colours.reduce((best, q, i) => (distance(p, q) < distance(p, colours[best]) ? i : best), 0));
    return known.get(p);
  };
  const lines = Buffer.alloc(height * (width + 1)); // each begins with 0, no filter
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const at = y * width + x;
    lines[at + y + 1] = pixels[at] === before?.pixels[at] ? colours.length : index(pixels[at]);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8);
  const table = Buffer.from([...colours, 0].flatMap((p) => [p >> 16, (p >> 8) & 255, p & 255]));
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', table), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

/**
 * Frames of one size as an animation that runs for ever (APNG, part of PNG's third edition).
 *
 * @param {Buffer[]} pngs as toPalette takes them
 * @param {number} ms of each; the last stays `rest` ms
 */
export function toAnimation(pngs, ms, rest) {
  const images = pngs.map(decode);
  const { width, height } = images[0];
  const colours = palette(images.at(-1));
  const body = [];
  let sequence = 0;
  images.forEach((image, n) => {
    const control = Buffer.alloc(26);
    [sequence++, width, height].forEach((value, at) => control.writeUInt32BE(value, 4 * at));
    control.writeUInt16BE(n === images.length - 1 ? rest : ms, 20);
    control.writeUInt16BE(1000, 22);
    control[25] = n === 0 ? 0 : 1; // over the frame before
    body.push(chunk('fcTL', control));
    const data = [...chunks(encode(image, colours, images[n - 1]))].find((c) => c.type === 'IDAT').data;
    if (n === 0) return void body.push(chunk('IDAT', data));
    const number = Buffer.alloc(4);
    number.writeUInt32BE(sequence++);
    body.push(chunk('fdAT', Buffer.concat([number, data])));
  });
  const first = [...chunks(encode(images[0], colours))];
  const count = Buffer.alloc(8);
  count.writeUInt32BE(images.length);
  const of = (type) => chunk(type, first.find((c) => c.type === type).data);
  return Buffer.concat([SIGNATURE, of('IHDR'), chunk('acTL', count), of('PLTE'), chunk('tRNS', Buffer.from([...colours.map(() => 255), 0])), ...body, chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}
