// Reads a kept run by @durable-streams/client, in Node and in pages, over a line that breaks.

const isDone = ({ event }) => event === '_done';

/**
 * Reads the run at `url` by the client's `stream`, from `offset` to _done. `take` gets the messages of each batch, and the
 * offset after them, from which it could begin again.
 */
export async function readDurable(stream, { url, live, offset = '-1', take }) {
  let from = offset;
  let over = false;
  for (let tries = 0; tries < 2000 && !over; tries++) {
    const attempt = new AbortController();
    try {
      const answer = await stream({ url, offset: from, live, json: true, warnOnHttp: false, signal: attempt.signal });
      answer.closed?.catch(() => {});
      await new Promise((resolve, reject) => {
        answer.closed?.then(resolve, reject);
        answer.subscribeJson(async ({ items, offset: next }) => {
          if (attempt.signal.aborted) return;
          from = next;
          over ||= items.some(isDone);
          take(items, from);
        });
      });
    } catch {
      // Cut off: on from the offset of the last batch.
    }
    // `closed` may come before the last batch. One that is later than this is asked for again, and must not be taken.
    await new Promise((resolve) => setTimeout(resolve, 20));
    attempt.abort();
  }
}

/** A message as [id, data], as the event stream has it. */
export const asEvent = (m) => [m.id, m.event === undefined ? '' : `${m.event}|${m.text ?? JSON.stringify(m.data)}`];
