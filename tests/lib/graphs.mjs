// Graphs for what draws graphs: the shipped ones, and one that is as wide, as
// deep and as odd as a graph may be.

import fs from 'node:fs/promises';
import path from 'node:path';
import { PROJECT } from './site.mjs';

/** The directories of all graphs in the tree. */
export async function shippedGraphs() {
  const found = ['prompts'];
  for (const room of ['tests/graphs', 'apps']) {
    const names = await fs.readdir(path.join(PROJECT, room)).catch(() => []);
    for (const name of names) {
      const dir = path.join(room, name);
      if (await fs.access(path.join(PROJECT, dir, 'stages.json')).then(() => true, () => false)) found.push(dir);
    }
  }
  return found;
}

/** Names as long as they may be. */
const name = (i) => (i === 7 ? 'how_warm_the_weather_will_be_WWW' : `p${i}`);
const pick = (i) => (i === 12 ? 'the_warmest_of_all_months_so_far' : `k${i}`);

/** 32 stages of up to 8 needs, titles that XML must escape, picks, races, names without end. */
export async function writeOddGraph(dir) {
  const stages = [];
  for (let i = 0; i < 32; i++) {
    const from = Array.from({ length: i && 8 }, (_, k) => (i * 7 + k * 5) % i);
    const needs = [...new Set(from.map((at, k) => (stages[at].list && k % 2 ? pick(at) : name(at))))];
    stages.push({
      part: name(i),
      title: i % 3 ? `한국어 제목 <&> "${'긴'.repeat(i)}"` : '</title>\uffff\u202e\t\n[31m',
      max_tokens: 1 + ((i * 7) % 13),
      ...(needs.length ? { needs } : {}),
      ...(i % 5 === 2 ? { list: { items: 2, fields: ['a'], pick: pick(i) } } : {}),
      ...(i % 4 === 1 ? { service: ['a<b', 'b&c\u001b[2J', 'the-long-name-of-a-service-of-some-provider'], race: 2 } : {}),
    });
    await fs.writeFile(path.join(dir, `${name(i)}.txt`), 'Of {{x}}.');
  }
  await fs.writeFile(path.join(dir, 'stages.json'), JSON.stringify({ inputs: { x: { type: 'text' } }, stages }));
  return dir;
}
