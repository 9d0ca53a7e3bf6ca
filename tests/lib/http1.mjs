// Reads HTTP/1.1 requests from a socket's bytes: just enough for what a model
// client sends, so that the provider keeps its hands on the socket itself.

const HEAD_END = Buffer.from('\r\n\r\n');

export class RequestReader {
  #rest = Buffer.alloc(0);
  #head = null;

  /** Takes bytes as they arrive, returns the requests that became complete. */
  feed(bytes) {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const whole = [];
    for (let request; (request = this.#take()); ) whole.push(request);
    return whole;
  }

  /** True once, when a head asked for "100 Continue" before its body. */
  takeExpect() {
    const asked = this.#head?.headers.expect === '100-continue';
    if (asked) delete this.#head.headers.expect;
    return asked;
  }

  #take() {
    if (!this.#head && !this.#takeHead()) return null;
    const { headers } = this.#head;
    const body = /chunked/i.test(headers['transfer-encoding'] ?? '')
      ? this.#takeChunks()
      : this.#takeBytes(Number(headers['content-length'] ?? 0));
    if (!body) return null;
    const request = { ...this.#head, body };
    this.#head = null;
    return request;
  }

  #takeHead() {
    const end = this.#rest.indexOf(HEAD_END);
    if (end < 0) return false;
    const [first, ...lines] = this.#rest.subarray(0, end).toString('latin1').split('\r\n');
    const [method, target, version] = first.split(' ');
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    this.#head = { method, target, version, headers, lines };
    this.#rest = this.#rest.subarray(end + 4);
    return true;
  }

  #takeBytes(length) {
    if (this.#rest.length < length) return null;
    const body = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return body;
  }

  // Starts over at every call: bodies are a few KiB, so this stays cheap.
  #takeChunks() {
    const parts = [];
    for (let at = 0; ; ) {
      const eol = this.#rest.indexOf('\r\n', at);
      if (eol < 0) return null;
      const size = parseInt(this.#rest.subarray(at, eol).toString('latin1'), 16);
      const next = eol + 2 + size + 2;
      if (this.#rest.length < next) return null;
      parts.push(this.#rest.subarray(eol + 2, eol + 2 + size));
      at = next;
      if (size === 0) {
        this.#rest = this.#rest.subarray(at);
        return Buffer.concat(parts);
      }
    }
  }
}
