// The recipe's graph for each line of a file, with the AI SDK, as its documentation would do
// it: streamText for each stage, the list read as it comes, each stage begun as soon
// as what it needs is there. A line of OUT is the texts of a run. The peer of
// `recipe.fcgi bulk` for lines that are runs: node graph.mjs IN OUT PROMPTS BASE_URL N

import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';

const [input, output, prompts, baseURL, atOnce] = process.argv.slice(2);
const { stages } = JSON.parse(fs.readFileSync(path.join(prompts, 'stages.json'), 'utf8'));
const stageOf = Object.fromEntries(stages.filter((s) => !s.each).map((s) => [s.part, { ...s, template: fs.readFileSync(path.join(prompts, `${s.part}.txt`), 'utf8') }]));
const model = createOpenAICompatible({ name: 'bench', apiKey: 'none-is-needed', baseURL, includeUsage: true })('m');
const fill = (text, values) => text.replace(/\{\{([\w.]+)\}\}/g, (_, name) => name.split('.').reduce((v, key) => v?.[key], values) ?? '');

/** The text of a stage; `onText` has what there is of it with each piece. */
async function write(part, values, onText = () => {}) {
  const { template, max_tokens: maxOutputTokens, temperature, top_p: topP } = stageOf[part];
  let text = '';
  let failure;
  const { textStream } = streamText({ model, prompt: fill(template, values), maxOutputTokens, temperature, topP, maxRetries: 0, onError: ({ error }) => (failure = error) });
  for await (const piece of textStream) onText((text += piece));
  if (failure) throw failure;
  return text;
}

/** The index after the n-th element of an array of flat objects; -1 if it is not whole yet. */
function endOf(text, n) {
  let at = -1;
  for (let i = 0; i <= n; i++) if ((at = text.indexOf('}', at + 1)) === -1) return -1;
  return at + 1;
}

async function runOf(inputs) {
  const pick = Math.floor(Math.random() * 3);
  const texts = {};
  const followers = [];
  const keep = async (part, values) => (texts[part] = await write(part, values));
  const follow = (recipe) => {
    const values = { ...inputs, recipe };
    followers.push(keep('add', values).then((add) => keep('ste', { ...values, add })), keep('int', values), keep('sde', values));
  };
  const list = async () => {
    texts.init = await write('init', inputs, (text) => {
      if (followers.length > 0) return;
      const end = endOf(text, pick);
      if (end !== -1) follow(JSON.parse(`${text.slice(text.indexOf('['), end)}]`).at(-1));
    });
    texts.alt = JSON.parse(texts.init).filter((_, i) => i !== pick);
    await Promise.all(followers);
  };
  await Promise.all([list(), keep('ing', inputs)]);
  return texts;
}

const lines = createInterface({ input: fs.createReadStream(input), crlfDelay: Infinity })[Symbol.asyncIterator]();
const out = fs.createWriteStream(output);

async function work() {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { custom_id, ...inputs } = JSON.parse(line.value);
    out.write(`${JSON.stringify({ custom_id, response: await runOf(inputs), error: null })}\n`);
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, work));
out.end();
await new Promise((resolve) => out.on('finish', resolve));
