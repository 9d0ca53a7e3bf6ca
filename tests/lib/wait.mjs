// Waiting for a state, never for a time: every wait here has a generous limit
// that only a broken program reaches, and says in words what it waited for.

export const LIMIT = 60_000;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const words = (what) => (typeof what === 'function' ? what() : what);

/** Polls until predicate() is truthy and returns that value. */
export async function waitFor(predicate, what = 'a state', { limit = LIMIT, every = 5 } = {}) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await predicate();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain for ${words(what)}`);
    await sleep(every);
  }
}

/** The promise's own outcome, or an error after the limit. */
export async function within(promise, what = 'a promise', limit = LIMIT) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${limit} ms in vain for ${words(what)}`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A promise with its resolve function beside it. */
export function deferred() {
  const d = {};
  d.promise = new Promise((resolve, reject) => Object.assign(d, { resolve, reject }));
  return d;
}
