// A home server: it answers so many requests at once, each at its pace, and what comes
// beyond that waits in silence, without a head, as llama-server has it. It counts what
// hurts it: requests that wait, and requests that were given up.

import { startProvider, textOf } from './provider.mjs';

/** The text in pieces of four bytes, a token each. */
const tokensOf = (text) => text.match(/[\s\S]{1,4}/g) ?? [];

export class Home {
  /** Being answered now, and waiting for that. */
  writing = 0;
  waiting = [];
  mostWriting = 0;
  mostWaiting = 0;
  givenUp = 0;

  constructor(provider, { slots = 1, gapMs = 10, firstMs = 20 }) {
    Object.assign(this, { provider, slots, gapMs, firstMs });
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
    const tokens = tokensOf(textOf(x));
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

/** One, with a provider of its own: `slots` at once, a token every gapMs. */
export const startHome = async (options = {}) => new Home(await startProvider(), options);
