// For the published conformance suite. Its own deadlines are short for a machine that has much to
// do, so what has failed is run again; a test that must fail does so each time.

export default {
  test: { include: ['suite.mjs'], testTimeout: 60_000, retry: 2 },
};
