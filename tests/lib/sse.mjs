// Reads our own event stream, and nothing else that SSE would allow: each block
// is a comment or exactly "data: PART|TEXT\nid: N", ids are 1, 2, 3, and all of
// it is UTF-8. The first event alone says retry, so that no client sends its POST again. Whatever differs is a bug of the program and throws.

const EVENT = /^data: ([^|\n\r]+)\|([^\n\r]*)\n(retry: 86400000\n)?id: (\d+)$/;
const COMMENT = /^:[^\n\r]*(\n:[^\n\r]*)*$/;

export class EventReader {
  #rest = Buffer.alloc(0);
  #last = 0;

  /** Takes bytes as they arrive, returns {comment} and {id, part, text} as they become whole. */
  push(bytes) {
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes;
    const items = [];
    let from = 0;
    for (let end; (end = this.#rest.indexOf('\n\n', from)) >= 0; from = end + 2) {
      items.push(this.#block(this.#rest.subarray(from, end)));
    }
    this.#rest = this.#rest.subarray(from);
    return items;
  }

  /** Bytes of a block that has no end yet; a whole stream leaves none. */
  get rest() {
    return this.#rest;
  }

  #block(bytes) {
    const block = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (COMMENT.test(block)) return { comment: block.replace(/^: ?/gm, '') };
    const found = EVENT.exec(block);
    if (!found) throw new Error(`not an event of ours: ${JSON.stringify(block)}`);
    const id = Number(found[4]);
    if ((found[3] !== undefined) !== (id === 1)) throw new Error(`retry stands in the first event alone: ${JSON.stringify(block)}`);
    if (id !== this.#last + 1) throw new Error(`event ${id} follows event ${this.#last}`);
    this.#last = id;
    return { id, part: found[1], text: found[2] };
  }
}
