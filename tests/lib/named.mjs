// Runs that have a name, and what is read of them.

import { randomUUID } from 'node:crypto';
import { textOf } from './provider.mjs';
import { COOK } from './run.mjs';
import { waitFor } from './wait.mjs';

/** For a home server: long enough to be cut often, of lines and characters of several bytes. */
export const longText = (x) => (x.part === 'init' ? textOf(x) : `${x.part}: 소고기 für zwölf 🍲, and\nrice. `.repeat(30));

/** The blocks of a stream that have an id: [[id, data]], each whole. */
export const eventsOf = (text) => [...text.matchAll(/^data: ([^\n]*)\n(?:retry: \d+\n)?id: (\d+)\n\n/gm)].map(([, data, id]) => [Number(id), data]);

/** Begins one, of a visitor who reads it to its end: {id, text, over}, of which `text` grows until `over`. */
export async function beginNamed(site) {
  const run = { text: '', id: undefined };
  const response = await site.post(COOK, { headers: { 'idempotency-key': randomUUID() } });
  run.over = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.chunks) run.text += decoder.decode(chunk, { stream: true });
  })();
  await waitFor(() => (run.id = /"id":"([0-9a-f]{32})"/.exec(run.text)?.[1]), 'the run to say its id');
  return run;
}

/** What the event stream and Durable Streams have alike: text with its newlines, objects as they are. */
export const plainEvent = ([id, data]) => [id, data[0] === '_' ? data.replace(/\|.*/s, (json) => `|${JSON.stringify(JSON.parse(json.slice(1)))}`) : data.replaceAll('\u2B91', '\n')];
