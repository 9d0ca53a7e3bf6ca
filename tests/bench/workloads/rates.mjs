// `recipe.fcgi bulk` against a provider that counts as a token bucket: how much of what is
// allowed is asked for, and how much is refused.

import { Desk, bucket, callOf, startEcho } from '../../lib/bulk.mjs';

export const order = 96;
export const extra = true;

const PER_SECOND = 50;
const AT_ONCE = 64;
const TOKENS = 5; // of an answer of startEcho, with its prompt

/** Resolves to {share, refused}; throws if a line has failed. */
async function drain(lines, limit, service) {
  const { refuse, headers, seen } = bucket(limit);
  const echo = await startEcho({ ms: 300, refuse, headers: limit.tells ? headers : undefined });
  const desk = await Desk.open(Array.from({ length: lines }, (_, n) => callOf(`id-${n}`, `prompt ${n}`)), { a: { base_url: echo.base_url, model: 'model-70b', parallel: AT_ONCE, ...service } });
  try {
    const exit = await desk.start(['--at-once', String(AT_ONCE)]).exit;
    if (exit.status !== 0 || seen.taken !== lines) throw new Error(`status ${exit.status}, ${seen.taken} taken: ${exit.stderr}`);
    return { share: lines / (PER_SECOND * (seen.last - seen.first) / 1000), refused: seen.refused / (lines + seen.refused) };
  } finally {
    await desk.close();
    await echo.stop();
  }
}

export async function run({ row, options }) {
  const lines = PER_SECOND * (options.seconds ?? 60);
  const requests = { perSecond: PER_SECOND };
  const tokens = { tokensPerSecond: PER_SECOND * TOKENS, tokens: TOKENS };
  const ways = [
    ['rpm is set', requests, { rpm: 60 * PER_SECOND }],
    ['tpm is set', tokens, { tpm: 60 * PER_SECOND * TOKENS }],
    ['headers say what requests remain', { ...requests, tells: true }, {}],
    ['headers say what tokens remain', { ...tokens, tells: true }, {}],
    ['status 429 alone, with Retry-After: 1', { ...requests, retryAfter: 1 }, {}],
    ['status 429 alone, without it', requests, {}],
  ];
  for (const [name, limit, service] of ways) {
    const { share, refused } = await drain(lines, limit, service);
    row(`bulk and a token bucket, ${name}: of what is allowed`, share, { limit: 0.97, least: true, digits: 3 });
    row('   refused, of all requests', refused, { digits: 3 });
  }
}
