import { policy } from '../../lib/policy.mjs';

export const order = 70;
export const needs = 'site';

/** The failure policy: how soon the next service has its turn, a clock fires, a loser goes. */
export async function run({ row }) {
  const log = { diagnostic: (text) => console.error(text) };
  const since = async (what) => {
    const from = performance.now();
    await what;
    return performance.now() - from;
  };
  const times = { next: [], clock: [], loser: [] };
  const limited = (x) => x.error(429, { error: { message: 'slow down' } }, { 'retry-after': '30' });
  for (let i = 0; i < 5; i++) {
    await policy({}, async ({ a, b, run, site }) => {
      b.auto();
      a.auto(limited);
      times.next.push(await since(run(site)));
    })(log);
    await policy({ services: ['a'], limits: { idle_ms: 300 } }, async ({ a, start }) => {
      const r = await start();
      const x = await a.next();
      x.text('Half');
      await r.text('one', 'Half');
      times.clock.push(await since(r.state('one', 'failed')) - 300);
      await r.over();
    })(log);
    await policy({ race: 2 }, async ({ a, b, start }) => {
      const r = await start();
      const [loser, winner] = [await a.next(), await b.next()];
      winner.text('First');
      times.loser.push(await since(loser.closed));
      winner.finish('stop').done();
      await r.over();
    })(log);
  }
  row('429 with Retry-After: 30: whole run at the next service', Math.max(...times.next), { unit: 'ms', limit: 50 });
  row('a clock fires, after its setting', Math.max(...times.clock), { unit: 'ms', limit: 100 });
  row("a race's loser is closed, after the winner's text", Math.max(...times.loser), { unit: 'ms', limit: 50 });
}
