// A kept run is read over a line that breaks by the EventSource that each engine has.

import { describe } from 'node:test';
import { ENGINES, open } from '../engines/lib.mjs';
import { startCutter } from '../lib/cutter.mjs';
import { assert, startSite, test, waitFor } from '../lib/harness.mjs';
import { startHome } from '../lib/home.mjs';
import { beginNamed, eventsOf, longText } from '../lib/named.mjs';
import { drawing } from '../lib/storm.mjs';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const CUTS = 20;

/**
 * In the page: reads as the engine does, and closes nothing. WebKit tells what it had of an event before a break, and our
 * first comment after it, as an event that has the id of the one before (findings/webkit-eventsource-glues.sh). So what
 * is not `strict` takes no event whose id is not greater than the last one, as docs/kept.md advises.
 */
function listen(name, url, strict) {
  const seen = [];
  const source = new EventSource(url);
  source.onmessage = ({ lastEventId, data }) => {
    if (strict || Number(lastEventId) > (seen.at(-1)?.[0] ?? 0)) seen.push([Number(lastEventId), data]);
  };
  Object.assign(window, { [name]: { source, seen } });
}

const isOver = (name) => window[name].seen.some(([, data]) => data.startsWith('_done|'));
const seenBy = (tab, name) => tab.evaluate((n) => window[n].seen, name);

/** Runs f with a site, what cuts the line to it, and a tab whose page has come through that. */
const through = (engine, next, f) => async (t) => {
  const home = await startHome({ slots: 100, gapMs: 20, text: longText });
  const service = home.provider.service('m');
  const site = await startSite({ server: 'lighttpd', config: { services: { '70b': service, 'groq-8b': service } } });
  const cutter = await startCutter(site.port, next, 0);
  const asked = (path) => cutter.heads.filter((head) => head.startsWith(`GET ${path}`)).length;
  const tab = await open(engine);
  try {
    await tab.goto(`${cutter.base}speed.html`);
    await f({ t, site, cutter, tab, asked });
  } finally {
    await tab.close();
    await cutter.stop();
    await site.stop();
    await home.stop();
  }
};

describe(`EventSource, seed ${SEED}`, { concurrency: 3 }, () => {
  for (const engine of ENGINES) {
    const strict = engine !== 'webkit';
    const draw = drawing(SEED);
    test(`cut ${CUTS} times at random places: each event once, in order; and then nothing is asked, ${engine}`, through(engine, (asked) => (asked.startsWith('GET /runs/') ? 1 + draw(2400) : Infinity), async ({ t, site, cutter, tab, asked }) => {
      const run = await beginNamed(site);
      const path = `/runs/${run.id}`;
      cutter.left = CUTS;
      await tab.evaluate(listen, 'first', path, strict);
      await waitFor(() => cutter.cuts >= CUTS / 2, 'half of the cuts');
      await tab.until('_done', isOver, 'first');
      await run.over;
      const sent = eventsOf(run.text);
      t.diagnostic(`${engine}: ${run.text.length} bytes, ${sent.length} events, ${cutter.cuts} cuts`);
      assert.deepEqual(await seenBy(tab, 'first'), sent, `seed ${SEED}`);
      assert.equal(cutter.cuts, CUTS);
      assert.equal(asked(path), CUTS + 1);

      // Who has all gets 204, and is at its end.
      const had = `${path}?lastEventId=${sent.length}`;
      await tab.evaluate(listen, 'late', had, strict);
      await tab.until('the end', () => window.late.source.readyState === EventSource.CLOSED);
      assert.match(cutter.heads.at(-1), / 204$/);
      assert.deepEqual(await seenBy(tab, 'late'), []);

      // Another one comes again twice meanwhile; the first two do not.
      cutter.left = 2;
      await tab.evaluate(listen, 'again', `${path}?again`, strict);
      await tab.until('_done', isOver, 'again');
      assert.deepEqual(await seenBy(tab, 'again'), sent);
      assert.equal(asked(`${path}?again`), 3);
      assert.equal(asked(had), 1);
      assert.equal(asked(path), CUTS + 1 + 1 + 3);
    }));
  }
});
