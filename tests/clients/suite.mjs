// The published conformance suite of Durable Streams, run by vitest against FRONT. What each test
// has asked of the program behind it is left in its `meta`.

import { runConformanceTests } from '@durable-streams/server-conformance-tests';
import { afterEach, beforeEach } from 'vitest';

const baseUrl = process.env.FRONT;
const reads = async () => Number(await (await fetch(`${baseUrl}/reads`)).text());
let before = 0;

beforeEach(async () => {
  before = await reads();
});
afterEach(async ({ task }) => {
  task.meta.reads = (await reads()) - before;
});

runConformanceTests({ baseUrl, longPollTimeoutMs: 60_000 });
