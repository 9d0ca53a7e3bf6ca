// A Node client of a file of OpenAI's Batch format, with the `openai` package: reads IN line
// by line, has N calls under way, streams each and puts it together, and writes OUT. The
// peer of `recipe.fcgi bulk`: node openai.mjs IN OUT BASE_URL N

import fs from 'node:fs';
import { createInterface } from 'node:readline';
import OpenAI from 'openai';

const [input, output, baseURL, atOnce] = process.argv.slice(2);
const client = new OpenAI({ apiKey: 'none-is-needed', baseURL });
const lines = createInterface({ input: fs.createReadStream(input), crlfDelay: Infinity })[Symbol.asyncIterator]();
const out = fs.createWriteStream(output);

/** The cheapest way to a whole answer that the package has: its chunks, put together by hand. */
async function ask(body) {
  const message = { role: 'assistant', content: '' };
  const whole = { object: 'chat.completion', choices: [{ index: 0, message, finish_reason: null }] };
  for await (const { id, created, model, choices, usage } of await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })) {
    Object.assign(whole, { id, created, model }, usage && { usage });
    if (choices.length === 0) continue;
    message.content += choices[0].delta.content ?? '';
    whole.choices[0].finish_reason = choices[0].finish_reason ?? whole.choices[0].finish_reason;
  }
  return whole;
}

async function work() {
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const { custom_id, body } = JSON.parse(line.value);
    out.write(`${JSON.stringify({ id: `batch_req_${custom_id}`, custom_id, response: { status_code: 200, request_id: custom_id, body: await ask(body) }, error: null })}\n`);
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, work));
out.end();
await new Promise((resolve) => out.on('finish', resolve));
