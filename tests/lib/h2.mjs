// A visitor who speaks HTTP/2 over TLS, as browsers do. One connection for all
// of its requests.

import http2 from 'node:http2';
import { Response } from './client.mjs';
import { COOK } from './run.mjs';
import { LIMIT, deferred, within } from './wait.mjs';

export class H2Client {
  constructor(site) {
    this.session = http2.connect(`https://127.0.0.1:${site.tlsPort}`, { ca: site.options.tls.ca });
    this.session.on('error', () => {});
  }

  request({ method = 'GET', path = '/', headers = {}, body }) {
    const { promise, resolve, reject } = deferred();
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const stream = this.session.request({ ':method': method, ':path': path, ...length, ...headers });
    stream.on('error', reject);
    stream.on('response', ({ ':status': status, ...rest }) => resolve(new Response({
      status, headers: rest, chunks: stream, leave: () => stream.close(http2.constants.NGHTTP2_CANCEL),
    })));
    stream.end(body);
    return within(promise, `a response to ${method} ${path} over HTTP/2`, 3 * LIMIT);
  }

  /** As site.post, so that `start` and `run` take this for a site. */
  post(body = COOK, { headers = {} } = {}) {
    return this.request({ method: 'POST', path: '/generate', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  }

  close() {
    this.session.destroy();
  }
}
