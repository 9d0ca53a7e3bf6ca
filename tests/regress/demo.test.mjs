// The demo cook: with no key and no network everything runs, from the
// visitor's own words, and says plainly that it is the demo.

import { COOK, PARTS, assert, run, scene, start, test, waitFor } from '../lib/harness.mjs';

const demo = (body, more = {}) => scene({ config: {}, ...more }, body);
const allText = (r) => Object.values(r.parts).join('\n');

test('it says that it is the demo, and how to end that', demo(async ({ site, provider }) => {
  const r = await run(site);
  assert.equal(r.run.demo, true);
  assert.match(r.run.hint, /\b(FIREWORKS|GROQ|TOGETHER|OPENAI)_(API_KEY|BASE_URL)\b/);
  assert.equal(r.states.add[0].service, 'demo');
  assert.equal(provider.requests, 0);
}));

test('every part is written, token by token', demo(async ({ site }) => {
  const r = await run(site);
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
  assert.ok(r.pick.name && r.pick.intro);
  assert.equal(r.alternates.length, 2);
  for (const part of ['add', 'int', 'ing', 'sde', 'ste']) {
    assert.ok(r.events.filter((e) => e.part === part).length >= 5, `${part} comes in pieces`);
    assert.ok(r.parts[part].length > 20, r.parts[part]);
    assert.doesNotMatch(r.parts[part], /\{\{|\}\}|undefined|null/);
  }
  assert.match(r.parts.ste, /1\..*⮑.*2\./s, 'numbered steps');
}));

test("the visitor's ingredients and time are in it", demo(async ({ site }) => {
  const r = await run(site, { ingredientsOnHand: 'rhubarb, smoked quail and pearl barley', prepTime: 37 });
  for (const word of ['rhubarb', 'smoked quail', 'pearl barley']) {
    assert.ok(r.parts.add.toLowerCase().includes(word), r.parts.add);
    assert.ok(r.parts.ing.toLowerCase().includes(word), r.parts.ing);
  }
  assert.match(allText(r), /\b37\b/);
}));

test('its words fit one onion and many', demo(async ({ site }) => {
  const r = await run(site, { ingredientsOnHand: 'onions, beef', prepTime: 45 });
  assert.doesNotMatch(allText(r), /(?<!\b(of|with|from) )\bonions (is|has|\w{2,}s)\b|\bonions, which \w+s\b/);
  for (const line of r.parts.ing.split('⮑')) assert.match(line, /^[A-Z].*\.$/);
  assert.match(r.pick.name, /^[A-Z]/);
}));

test('it differs from run to run', demo(async ({ site }) => {
  const [one, two] = await Promise.all([run(site), run(site)]);
  assert.notEqual(allText(one), allText(two));
}));

const NONSENSE = ['xq zzkw', '계란', 'a'.repeat(2000), 'und,,, ; und\n\n\n"', 'onion '.repeat(300), '{{add}} |x| <b>leek</b>', 'p' + '🍲'.repeat(500)];
test('any input gets a polite recipe', { concurrency: true }, async (t) => {
  await demo(async ({ site }) => {
    await Promise.all(NONSENSE.map((ingredientsOnHand) => t.test(JSON.stringify(ingredientsOnHand.slice(0, 20)), async () => {
      const r = await run(site, { ...COOK, ingredientsOnHand });
      for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
    })));
  })(t);
});

test('one who leaves the demo leaves nothing', demo(async ({ site }) => {
  const r = await start(site);
  await r.until(() => r.parts.ing?.length > 0, 'the first words of ing');
  r.leave();
  await waitFor(() => site.ours().length === 2, 'listener and idle worker alone');
}, { limits: undefined, config: { limits: { stage_requests: 1 } } }));

test('the hint goes away with a service', scene({}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.equal(r.run.demo, false);
  assert.ok(!r.run.hint, r.run.hint);
}));
