// A home server. It writes the answers to `slots` requests at once and a token every
// gapMs, of what `text` says. Requests beyond that wait without even the head of an answer, as they do at
// llama-server. It counts what harms it: requests that wait, and requests that the
// client has given up.

import { startProvider, textOf } from './provider.mjs';

/** The text in pieces of four characters, each sent as one token. */
const tokensOf = (text) => text.match(/[\s\S]{1,4}/g) ?? [];

export class Home {
  /** How many requests are being answered; and the requests that wait. */
  writing = 0;
  waiting = [];
  mostWriting = 0;
  mostWaiting = 0;
  givenUp = 0;

  constructor(provider, { slots = 1, gapMs = 10, firstMs = 20, text = textOf }) {
    Object.assign(this, { provider, slots, gapMs, firstMs, text });
    provider.auto((x) => this.#take(x));
  }

  get requests() {
    return this.provider.requests;
  }

  #take(x) {
    x.closed.then(() => {
      if (!x.ended) this.#lose(x);
    });
    this.waiting.push(x);
    this.#next();
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting.length);
  }

  #next() {
    while (this.writing < this.slots && this.waiting.length > 0) {
      this.writing++;
      this.mostWriting = Math.max(this.mostWriting, this.writing);
      this.#write(this.waiting.shift());
    }
  }

  #write(x) {
    const tokens = tokensOf(this.text(x));
    x.turn = true;
    const step = () => {
      if (x.lost) return;
      if (tokens.length > 0) {
        x.text(tokens.shift());
        setTimeout(step, this.gapMs);
      } else {
        x.finish('stop').done();
        this.#leave(x);
      }
    };
    setTimeout(step, this.firstMs);
  }

  #leave(x) {
    x.turn = false;
    this.writing--;
    this.#next();
  }

  #lose(x) {
    x.lost = true;
    this.givenUp++;
    if (x.turn) this.#leave(x);
    else this.waiting = this.waiting.filter((other) => other !== x);
  }

  stop() {
    return this.provider.stop();
  }
}

/** Starts a home server. */
export const startHome = async (options = {}) => new Home(await startProvider(), options);
