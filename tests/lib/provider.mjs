// A scripted OpenAI-compatible provider inside the test's own process. A test
// takes each request with next() and answers it by hand, so that what happens
// after what is the test's decision and never a matter of time.

import net from 'node:net';
import tls from 'node:tls';
import { RequestReader } from './http1.mjs';
import { Exchange } from './exchange.mjs';
import { LIMIT, deferred, waitFor, within } from './wait.mjs';

/** Sensible answers for the stages of recipes; any other part gets a line that names it. */
export const TEXTS = {
  init: JSON.stringify([
    { name: 'Pepper Steak', intro: 'Quick and hot.' },
    { name: 'Onion Beef', intro: 'Slow and sweet.' },
    { name: 'Flank Salad', intro: 'Cold and bright.' },
  ]),
  add: '1 pound beef flank\n2 onions\n3 peppers\n1 spoon of oil',
  int: 'A pan, some fire and half an hour. The smell comes first.',
  ing: 'Beef has iron.\nOnions have fibre.\nPeppers have vitamin C.',
  sde: 'Rice\nGreen salad\nFlatbread',
  ste: '1. Slice everything.\n2. Heat the oil.\n3. Fry and serve.',
};

class Connection {
  constructor(id, socket) {
    this.id = id;
    this.socket = socket;
    this.open = true;
    this.requests = 0;
    this.tlsResumed = socket.isSessionReused?.() ?? false;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    this.closed.then(() => (this.open = false));
  }
}

export class Provider {
  #server;
  #waiting = []; // consumers in next() whose exchange has not come yet
  #queue = []; // exchanges that nobody has taken yet
  #answer = null;
  #sockets = new Set(); // every TCP socket, handshaken or not, for stop()

  /** Every connection and every exchange there ever was, in order of arrival. */
  connections = [];
  exchanges = [];
  /** What GET /models lists, and the requests that asked for it. */
  models = ['model-70b', 'model-8b'];
  modelRequests = [];
  /** A function of the exchange that answers GET /models in another way. */
  answerModels = null;

  constructor(options) {
    this.tls = options.tls ?? null;
    this.path = options.path ?? '/v1';
    const onSocket = (socket) => this.#accept(socket);
    this.#server = this.tls
      ? tls.createServer({ key: this.tls.key, cert: this.tls.cert, ALPNProtocols: ['http/1.1'] }, onSocket)
      : net.createServer(onSocket);
    // The handshake of a client that refuses our certificate ends in an error here; the test asks the client.
    this.#server.on('tlsClientError', () => {});
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  async listen() {
    const { promise, resolve, reject } = deferred();
    this.#server.once('error', reject);
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    this.port = this.#server.address().port;
    return this;
  }

  get baseUrl() {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.port}${this.path}`;
  }

  /** A service of recipe.json that points here. */
  service(model = 'model-70b', extra = {}) {
    const ca = this.tls ? { ca_file: this.tls.caFile } : {};
    return { base_url: this.baseUrl, model, ...ca, ...extra };
  }

  /** Open connections now. */
  get open() {
    return this.connections.filter((c) => c.open).length;
  }

  /** Requests for a completion so far. */
  get requests() {
    return this.exchanges.length;
  }

  /** How many untaken exchanges of this part are here already. */
  pending(part) {
    return this.#queue.filter((x) => matches(x, part)).length;
  }

  /**
   * The next exchange: of this part, for which this function is true, or any.
   * Exchanges that came before are kept, so asking late loses nothing.
   */
  async next(wanted, { limit = LIMIT } = {}) {
    const here = this.#queue.findIndex((x) => matches(x, wanted));
    if (here >= 0) return this.#queue.splice(here, 1)[0];
    const { promise, resolve } = deferred();
    const waiter = { wanted, resolve };
    this.#waiting.push(waiter);
    const what = () => `an exchange of ${wanted ?? 'any part'}; untaken: ${this.#queue.map((x) => x.part)}`;
    try {
      return await within(promise, what, limit);
    } finally {
      this.#waiting = this.#waiting.filter((w) => w !== waiter);
    }
  }

  /**
   * Answers by itself from now on what no next() waits for. `how` maps a part
   * to a text, to a function of the exchange, or to false: left for next().
   * A function in place of the map gets every exchange; false leaves it too.
   */
  auto(how = {}) {
    this.#answer = (x) => {
      if (typeof how === 'function') return how(x) !== false;
      const mine = how[x.part];
      if (mine === false) return false;
      if (typeof mine === 'function') mine(x);
      else x.answer(mine ?? textOf(x));
      return true;
    };
    this.#queue = this.#queue.filter((x) => !this.#answer(x));
    return this;
  }

  /** Forgets what nobody has taken, and answers nothing by itself any more. */
  rest() {
    this.#queue = [];
    this.#answer = null;
    return this;
  }

  /** Resolves when exactly n connections are open. */
  waitOpen(n) {
    return waitFor(() => this.open === n, () => `${n} open connections at the provider; there are ${this.open}`);
  }

  allClosed() {
    return this.waitOpen(0);
  }

  async stop() {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    for (const c of this.connections) c.socket.destroy();
    await closed;
  }

  #accept(socket) {
    const connection = new Connection(this.connections.length + 1, socket);
    this.connections.push(connection);
    socket.setNoDelay(true);
    socket.on('error', () => {}); // its close follows
    const reader = new RequestReader();
    socket.on('data', (bytes) => {
      for (const request of reader.feed(bytes)) this.#route(connection, request);
      if (reader.takeExpect()) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    });
  }

  #route(connection, request) {
    const x = new Exchange(connection, request);
    if (request.method === 'GET' && request.target.split('?')[0] === `${this.path}/models`) {
      this.modelRequests.push(x);
      if (this.answerModels) this.answerModels(x);
      else x.error(200, { object: 'list', data: this.models.map((id) => ({ id, object: 'model' })) });
    } else if (request.method === 'POST' && request.target === `${this.path}/chat/completions`) {
      this.exchanges.push(x);
      this.#offer(x);
    } else {
      x.error(404, { error: { message: `no such resource: ${request.method} ${request.target}` } });
    }
  }

  #offer(x) {
    const waiter = this.#waiting.find((w) => matches(x, w.wanted));
    if (waiter) {
      this.#waiting = this.#waiting.filter((w) => w !== waiter);
      waiter.resolve(x);
    } else if (!this.#answer?.(x)) {
      this.#queue.push(x);
    }
  }
}

function matches(x, wanted) {
  if (wanted === undefined || wanted === null) return true;
  return typeof wanted === 'function' ? wanted(x) : x.part === wanted;
}

export const textOf = (x) => TEXTS[x.part] ?? `The text of ${x.part}.`;

/** Starts one: plain HTTP, or HTTPS with a certificate of ca.mjs as `tls`. */
export const startProvider = (options = {}) => new Provider(options).listen();
