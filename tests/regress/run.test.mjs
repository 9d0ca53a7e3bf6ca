// The order of a run: what starts when, and that it starts no later than its
// own inputs allow. The provider holds each next piece until the client has the last.

import { ASKING, COOK, PARTS, TEXTS, assert, partNames, proc, recipes, run, scene, start, test, textOf } from '../lib/harness.mjs';

test('a whole run: every part arrives as the model wrote it', scene({}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  assert.deepEqual(partNames(r), PARTS);
  for (const part of ASKING) assert.equal(r.parts[part], TEXTS[part].replaceAll('\n', '⮑'), part);
  for (const part of PARTS) assert.equal(r.stateOf(part), 'done', r.summary());
  assert.equal(provider.requests, 6);
}));

test('init and ing start at once, nothing else does', scene({}, async ({ site, provider }) => {
  const r = await start(site);
  const [init, ing] = [await provider.next('init'), await provider.next('ing')];
  ing.text('Beef');
  init.text('[{"name"');
  await r.text('ing', 'Beef');
  await r.text('init', '[{"name"');
  assert.deepEqual(provider.exchanges.map((x) => x.part).sort(), ['ing', 'init']);
  r.leave();
}));

test('each stage asks the model, limit and temperature that its row says', scene({}, async ({ site, provider }) => {
  provider.auto();
  await run(site);
  const wanted = {
    init: ['model-8b', 500, 0.25], add: ['model-70b', 200, 0.25], int: ['model-70b', 250, 0.55],
    ing: ['model-70b', 200, 0.25], sde: ['model-70b', 72, 0.25], ste: ['model-70b', 400, 0.25],
  };
  for (const { part, body, headers } of provider.exchanges) {
    assert.deepEqual([body.model, body.max_tokens, body.temperature], wanted[part], part);
    assert.equal(body.stream, true);
    assert.equal(body.top_p, part === 'int' ? 0 : undefined, 'top_p is sent only if a stage or a service names it');
    assert.match(headers['content-type'], /^application\/json/);
  }
}));

test('add, int and sde start as soon as the picked element closes', scene({}, async ({ site, provider }) => {
  const r = await start(site);
  const init = await provider.next('init');
  const list = recipes(3);
  let sent = '';
  const send = async (text) => {
    init.text(text);
    sent += text;
    await r.text('init', sent);
  };
  for (let i = 0; i < 3 && !r.pick; i++) {
    await send(i === 0 ? '[' : ',');
    const element = JSON.stringify(list[i]);
    await send(element.slice(0, -1));
    assert.equal(r.pick, null, 'no pick from an element that is still open');
    await send('}');
    // A second fragment: what it follows has been dealt with when it arrives.
    await send(' ');
    if (r.pick) assert.deepEqual(r.pick, { index: i, ...list[i] });
  }
  assert.ok(r.pick, 'one of three elements is the pick');
  for (const part of ['add', 'int', 'sde']) {
    const x = await provider.next(part);
    assert.ok(x.prompt.includes(r.pick.name), `${part} asks about the pick`);
  }
  assert.ok(!init.ended && r.alternates === null, 'and init is still writing');
  assert.equal(provider.pending('ste'), 0);
  r.leave();
}));

test('ste waits for add alone and gets its whole text', scene({}, async ({ site, provider }) => {
  provider.auto({ add: false, ste: false, int: false, sde: false, ing: false });
  const r = await start(site);
  const add = await provider.next('add');
  add.text('1 pound of flank\n').text('2 red onions');
  await r.text('add', '⮑2 red onions');
  assert.equal(provider.pending('ste'), 0, 'add has not finished');
  add.finish('stop').done();
  const ste = await provider.next('ste');
  assert.ok(ste.prompt.includes('1 pound of flank\n2 red onions'), ste.prompt);
  for (const part of ['int', 'sde', 'ing']) assert.notEqual(r.stateOf(part), 'done', `${part} is still open`);
  r.leave();
}));

test('fragments of six parts arrive one by one, each before the next is sent', scene({}, async ({ site, provider }) => {
  provider.auto({ init: (x) => x.answer(textOf(x)), add: false, int: false, ing: false, sde: false, ste: false });
  const r = await start(site);
  const open = {};
  for (const part of ['ing', 'add', 'int', 'sde']) open[part] = await provider.next(part);
  const all = { ing: '', add: '', int: '', sde: '' };
  for (let n = 0; n < 25; n++) {
    for (const part of Object.keys(all)) {
      open[part].text(`${part}${n} `);
      all[part] += `${part}${n} `;
      await r.until(() => r.parts[part] === all[part], `${part} to have fragment ${n}`);
    }
  }
  for (const x of Object.values(open)) x.finish('stop').done();
  (await provider.next('ste')).answer('1. Cook.');
  await r.over();
  assert.equal(r.parts.ste, '1. Cook.');
}));

test('the alternates are told when the array ends, and alt writes them', scene({}, async ({ site, provider }) => {
  provider.auto();
  const r = await run(site);
  const list = JSON.parse(TEXTS.init);
  const others = list.filter((_, i) => i !== r.pick.index);
  assert.deepEqual(r.pick, { index: r.pick.index, ...list[r.pick.index] });
  assert.deepEqual(r.alternates, others);
  for (const { name, intro } of others) assert.ok(r.parts.alt.includes(`<li><b>${name}</b> &nbsp;<i>${intro}</i></li>`), r.parts.alt);
  assert.ok(!r.parts.alt.includes(r.pick.name));
}));

test('alt escapes what a model wrote', scene({}, async ({ site, provider }) => {
  const bad = { name: '<script>"x"</script>', intro: `Fish & 'chips' > "pie"` };
  provider.auto({ init: JSON.stringify([bad, bad, bad]) });
  const r = await run(site);
  assert.deepEqual(r.alternates, [bad, bad], '_alternates carries it as it is');
  assert.doesNotMatch(r.parts.alt, /<script>|"x"|"pie"/);
  assert.ok(r.parts.alt.includes('&lt;script&gt;') && r.parts.alt.includes('Fish &amp; '), r.parts.alt);
}));

test('each of the three recipes is picked now and then', scene({}, async ({ site, provider }) => {
  provider.auto();
  const seen = new Set();
  for (let n = 0; n < 80 && seen.size < 3; n++) seen.add((await run(site)).pick.index);
  assert.deepEqual([...seen].sort(), [0, 1, 2]);
}));

test('prompts carry the ingredients and the time', scene({}, async ({ site, provider }) => {
  provider.auto({ init: false, ing: false });
  const r = await start(site, { ingredientsOnHand: 'quinces and leeks', prepTime: 37 });
  const [init, ing] = [await provider.next('init'), await provider.next('ing')];
  assert.ok(init.prompt.includes('quinces and leeks') && init.prompt.includes('37'), init.prompt);
  assert.ok(ing.prompt.includes('quinces and leeks'), ing.prompt);
  assert.doesNotMatch(init.prompt, /\{\{/, 'no placeholder is left');
  r.leave();
}));

test('runs at the same time keep apart', scene({}, async ({ site, provider }) => {
  const own = (x) => /(visitor\d+)/.exec(x.prompt)?.[1];
  provider.auto((x) => {
    if (x.part === 'init') x.answer(JSON.stringify([{ name: `Dish of ${own(x)}`, intro: 'Good.' }]));
    else x.answer(`for ${own(x) ?? 'nobody'} by ${x.part}`);
  });
  await Promise.all(Array.from({ length: 8 }, async (_, n) => {
    const r = await run(site, { ...COOK, ingredientsOnHand: `visitor${n} onions` });
    assert.equal(r.pick.name, `Dish of visitor${n}`);
    assert.equal(r.parts.ing, `for visitor${n} by ing`);
    assert.equal(r.parts.int, `for visitor${n} by int`);
  }));
}));

test('an unused site is one process, a run is a worker and its stages', scene({ limits: { stage_requests: 1 } }, async ({ site, provider }) => {
  await proc.waitFor(() => site.tree().listener, 'the listener');
  assert.equal(site.ours().length, 1);
  const r = await start(site);
  await provider.next('init');
  await provider.next('ing');
  const { workers } = site.tree();
  assert.equal(workers.length, 1);
  assert.ok(workers[0].stages.length >= 2, 'a process per stage');
  r.leave();
}));
