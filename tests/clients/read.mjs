// Reads a kept run with a client that nobody here wrote, and prints what it gave its user, a
// line of JSON: [[id, data]...]. node read.mjs CLIENT URL, CLIENT being a name below.

import { stream } from '@durable-streams/client';
import { fetchEventSource } from '@microsoft/fetch-event-source';
import { EventSourcePlus } from 'event-source-plus';
import { EventSourcePolyfill } from 'event-source-polyfill';
import { EventSource } from 'eventsource';
import { createEventSource } from 'eventsource-client';
import { EventSource as UndiciSource } from 'undici';
import { asEvent, readDurable } from './durable.mjs';

const [name, url] = process.argv.slice(2);
const seen = [];
const isDone = (data) => data.startsWith('_done|');

/** One with the interface of the browsers. */
const browserLike = (Source) => () => new Promise((resolve) => {
  const source = new Source(url);
  source.onmessage = ({ lastEventId, data }) => {
    seen.push([Number(lastEventId), data]);
    if (!isDone(data)) return;
    source.close();
    resolve();
  };
});

const durable = (live) => () => readDurable(stream, { url, live, take: (items) => seen.push(...items.map(asEvent)) });

const clients = {
  eventsource: browserLike(EventSource),
  undici: browserLike(UndiciSource),
  'event-source-polyfill': browserLike(EventSourcePolyfill),
  'eventsource-client': () => new Promise((resolve) => {
    const client = createEventSource({
      url,
      onMessage({ id, data }) {
        seen.push([Number(id), data]);
        if (!isDone(data)) return;
        client.close();
        resolve();
      },
    });
  }),
  'event-source-plus': () => new Promise((resolve) => {
    const controller = new EventSourcePlus(url, { retryStrategy: 'always' }).listen({
      onMessage({ id, data }) {
        seen.push([Number(id), data]);
        if (!isDone(data)) return;
        controller.abort();
        resolve();
      },
    });
  }),
  'fetch-event-source': async () => {
    // It is written for pages.
    globalThis.window = globalThis;
    globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
    const controller = new AbortController();
    await fetchEventSource(url, {
      signal: controller.signal, openWhenHidden: true,
      onmessage({ id, data }) {
        if (data === '') return;
        seen.push([Number(id), data]);
        if (isDone(data)) controller.abort();
      },
      onclose() {
        if (!seen.some(([, data]) => isDone(data))) throw new Error('closed early');
      },
      onerror: () => 20,
    }).catch(() => {});
  },
  'durable-catch-up': durable(false),
  'durable-long-poll': durable('long-poll'),
  'durable-sse': durable('sse'),
};

// The timers by which undici and eventsource come again do not keep a process alive.
setInterval(() => {}, 60_000);
await clients[name]();
process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
