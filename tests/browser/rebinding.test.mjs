// DNS rebinding: a stranger's name leads to 127.0.0.1, so that for the browser
// his page and the laptop's site are one. The site of `make run` does not answer.

import { COOK, assert, launch, quit, startProvider, test } from './lib.mjs';
import { clone } from '../lib/clone.mjs';
import { freePort } from '../lib/servers.mjs';

const STRANGER = 'evil.example';

/** A run asked for by a page, as any script of it can: what it may read of the answer. */
const ask = (tab) => tab.evaluate(async (body) => {
  const response = await fetch('/generate', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: response.status, text: await response.text() };
}, JSON.stringify(COOK));

test("a page that is opened under a stranger's name reaches no model", async (t) => {
  const provider = await startProvider();
  provider.auto();
  const browser = await launch({ more: [`--host-resolver-rules=MAP ${STRANGER} 127.0.0.1`] });
  try {
    await clone({}, async (it) => {
      const env = { OPENAI_BASE_URL: provider.baseUrl, OPENAI_MODEL: 'model-70b', OPENAI_API_KEY: 'sk-the-owner-pays' };
      const site = await it.serve(await freePort(), { env }).open();
      const tab = await browser.newPage();
      const opened = await tab.goto(`http://${STRANGER}:${site.port}/`);
      assert.equal(opened.status(), 403);
      assert.match(await tab.innerText('body'), /answers to the names localhost, 127\.0\.0\.1 and \[::1\] only/);
      const refused = await ask(tab);
      assert.equal(refused.status, 403);
      assert.doesNotMatch(refused.text, /data:/);
      assert.equal(provider.requests, 0);
      // The way that it shows leads to the page.
      await tab.click('a');
      await tab.waitForURL(({ host }) => host === `127.0.0.1:${site.port}`);
      await tab.waitForSelector('#generate');
      for (const host of ['127.0.0.1', 'localhost']) {
        await tab.goto(`http://${host}:${site.port}/`);
        const served = await ask(tab);
        assert.equal(served.status, 200, host);
        assert.match(served.text, /_done\|/);
      }
      assert.equal(provider.requests, 12);
      await tab.close();
    })(t);
  } finally {
    await quit();
    await provider.stop();
  }
});
