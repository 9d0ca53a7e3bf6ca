// The peer: the same job as a Node server written by hand, without any package, as
// somebody who knows Node would write it: one keep-alive agent, streams parsed as they
// come, each section started the moment its inputs are there, one write for what one
// read brought, everything ended when the visitor goes.
//
//	node peer.mjs DIR	DIR holds recipe.json and prompts/; prints its port

import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';

const dir = process.argv[2];
const { services } = JSON.parse(fs.readFileSync(path.join(dir, 'recipe.json')));
const graph = JSON.parse(fs.readFileSync(path.join(dir, 'prompts/stages.json')));
const template = (part) => fs.readFileSync(path.join(dir, 'prompts', `${part}.txt`), 'utf8');
const stages = Object.fromEntries(graph.stages.map((s) => [s.part, { ...s, template: template(s.part) }]));
const agents = new Map(Object.values(services).map((s) => {
  const secure = s.base_url.startsWith('https:');
  const tls = secure && s.ca_file ? { ca: fs.readFileSync(s.ca_file) } : {};
  return [s.base_url, new (secure ? https : http).Agent({ keepAlive: true, maxFreeSockets: 4096, ...tls })];
}));
const fill = (text, values) => text.replace(/\{\{([\w.]+)\}\}/g, (_, name) => name.split('.').reduce((v, key) => v?.[key], values) ?? '');
const escapeHtml = (s) => s.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

/** A streamed completion: text(piece) for what each read brought; resolves at its end. */
function complete(stage, prompt, signal, text) {
  const service = services[stage.service];
  const url = new URL(`${service.base_url}/chat/completions`);
  const body = JSON.stringify({
    model: service.model, stream: true, max_tokens: stage.max_tokens, temperature: stage.temperature, top_p: stage.top_p, messages: [{ role: 'user', content: prompt }],
  });
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method: 'POST', agent: agents.get(service.base_url), signal,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    request.once('error', reject).end(body);
    request.once('response', (response) => {
      if (response.statusCode !== 200) return void request.destroy(new Error(`status ${response.statusCode}`));
      const decoder = new StringDecoder('utf8');
      let rest = '';
      let done = false;
      response.on('data', (bytes) => {
        const lines = (rest + decoder.write(bytes)).split('\n');
        rest = lines.pop();
        const pieces = [];
        for (const line of lines) {
          if (!line.startsWith('data:')) continue;
          const data = line.slice(5).trim();
          if (data === '[DONE]') done = true;
          else {
            const piece = JSON.parse(data).choices[0]?.delta?.content;
            if (piece) pieces.push(piece);
          }
        }
        if (pieces.length > 0) text(pieces);
      });
      response.once('end', () => (done ? resolve() : reject(new Error('the stream broke'))));
      response.once('error', reject);
    });
  });
}

/** Elements of a JSON array of objects, each when it has closed. */
class Elements {
  #text = '';
  #at = 0;
  #depth = 0;
  #from = 0;
  #inString = false;

  *add(piece) {
    this.#text += piece;
    for (; this.#at < this.#text.length; this.#at++) {
      const c = this.#text[this.#at];
      if (this.#inString) {
        if (c === '\\') this.#at++;
        else if (c === '"') this.#inString = false;
      } else if (c === '"') this.#inString = true;
      else if (c === '{' && this.#depth++ === 0) this.#from = this.#at;
      else if (c === '}' && --this.#depth === 0) yield JSON.parse(this.#text.slice(this.#from, this.#at + 1));
    }
  }
}

/** One visitor's run. */
class Run {
  #id = 0;
  #began = performance.now();
  #gone = new AbortController();

  constructor(inputs, response) {
    this.values = { ...inputs };
    this.response = response;
    response.once('close', () => this.#gone.abort());
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform' });
    response.write(': ok\n\n');
  }

  #event(part, text) {
    return `data: ${part}|${text.replace(/\r\n|\r|\n/g, '⮑')}\nid: ${++this.#id}\n\n`;
  }

  #tell(part, object) {
    return this.#event(part, JSON.stringify(object));
  }

  #state(part, state) {
    return this.#tell('_part', { part, state, ms: Math.round(performance.now() - this.#began) });
  }

  async #stage(name, onPieces = () => {}) {
    const stage = stages[name];
    let text = '';
    this.response.write(this.#state(name, 'start'));
    await complete(stage, fill(stage.template, this.values), this.#gone.signal, (pieces) => {
      const first = text === '' ? this.#state(name, 'first') : '';
      text += pieces.join('');
      this.response.write(first + pieces.map((piece) => this.#event(name, piece)).join(''));
      onPieces(pieces);
    });
    this.response.write(this.#state(name, 'done'));
    return text;
  }

  /** init, with what follows from its list; resolves when all of that is over. */
  async #list() {
    const elements = new Elements();
    const items = [];
    const pick = randomInt(3);
    const followers = [];
    await this.#stage('init', (pieces) => {
      for (const item of elements.add(pieces.join(''))) {
        items.push(item);
        if (items.length === pick + 1) followers.push(this.#picked(item, pick));
      }
    });
    const others = items.filter((_, i) => i !== pick);
    const html = others.map((o) => `<li><b>${escapeHtml(o.name)}</b> &nbsp;<i>${escapeHtml(o.intro)}</i></li>`).join('');
    this.response.write(this.#tell('_alternates', { items: others }) + this.#state('alt', 'start') +
      this.#state('alt', 'first') + this.#event('alt', html) + this.#state('alt', 'done'));
    await Promise.all(followers);
  }

  async #picked(item, index) {
    this.values.recipe = item;
    this.response.write(this.#tell('_pick', { index, ...item }));
    const steps = async () => {
      this.values.add = await this.#stage('add');
      await this.#stage('ste');
    };
    await Promise.all([steps(), this.#stage('int'), this.#stage('sde')]);
  }

  async all() {
    try {
      await Promise.all([this.#list(), this.#stage('ing')]);
      this.response.end(this.#tell('_done', { ms: Math.round(performance.now() - this.#began) }));
    } catch (error) {
      this.#gone.abort();
      this.response.end(this.#tell('_error', { part: null, code: 'failed', message: error.message, retryable: true }) + this.#tell('_done', {}));
    }
  }
}

const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    new Run(JSON.parse(Buffer.concat(chunks)), response).all();
  } catch {
    response.writeHead(400).end();
  }
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => console.log(server.address().port));
process.once('SIGTERM', () => process.exit());
