// Stands between the browser and a site, and breaks a stream where it is told:
// it passes all up to there, holds, and ends the connection without an end. Or it is
// a host that gathers whole answers.

import http from 'node:http';
import { waitFor } from '../lib/wait.mjs';

class Cutter {
  /** Where the next stream is held: (what came) => its first bytes to pass, or -1. Null: nowhere. */
  hold = null;
  /** A host that passes nothing of a stream on before it has all of it. */
  isMute = false;
  #held = null;

  async start(to) {
    this.server = http.createServer((request, response) => this.#pass(to, request, response));
    await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    return this;
  }

  #pass(to, request, response) {
    const up = http.request({ host: '127.0.0.1', port: to, method: request.method, path: request.url, headers: request.headers }, (answer) => {
      if (this.isMute && /event-stream/.test(answer.headers['content-type'])) return this.#gather(answer, response);
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      if (request.method === 'POST' && this.hold) this.#holding(this.hold, answer, response);
      else answer.pipe(response);
    });
    up.on('error', () => response.destroy());
    response.on('close', () => up.destroy());
    request.pipe(up);
  }

  #gather(answer, response) {
    const pieces = [];
    answer.on('data', (bytes) => pieces.push(bytes));
    answer.on('end', () => response.writeHead(answer.statusCode, answer.headers).end(Buffer.concat(pieces)));
  }

  #holding(where, answer, response) {
    let came = Buffer.alloc(0);
    let passed = 0;
    answer.on('data', (bytes) => {
      if (passed < 0) return;
      came = Buffer.concat([came, bytes]);
      const end = where(came.toString('utf8'));
      const upTo = end < 0 ? came.length : Buffer.byteLength(came.toString('utf8').slice(0, end));
      response.write(came.subarray(passed, upTo));
      passed = end < 0 ? upTo : -1;
      if (end >= 0) this.#held = response;
    });
    answer.on('end', () => passed >= 0 && response.end());
  }

  /** Resolves when a stream is held. */
  held() {
    return waitFor(() => this.#held, 'a stream to be held');
  }

  cut() {
    this.#held.socket.destroy();
    this.#held = this.hold = null;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

export const startCutter = (port) => new Cutter().start(port);
