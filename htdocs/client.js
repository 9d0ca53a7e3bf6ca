/** Reads the wire of recipe.fcgi. It needs no other file; client.d.ts is its manual. */

const LIMIT = 4 * 1024 * 1024;

/* Before the server has said it, if it says none, and what a phone's network needs. */
const BEAT_MS = { unknown: 20_000, usual: 5000, least: 1000 };

export class Refused extends Error {
	status = 0;
	code = '';
	retry_s = 0;
	field = '';
}

/** @typedef {import('./client.js').WireEvent} WireEvent */

/** @type {typeof import('./client.js').generate} */
export function generate(order, { base = '', signal } = {}) {
	const own = new AbortController();
	const abort = () => own.abort(signal?.reason);
	if (signal?.aborted)
		abort();
	signal?.addEventListener('abort', abort);
	let stopped = false;
	async function* events() {
		try {
			yield* read(order, base, own.signal);
		} catch (error) {
			if (!stopped)
				throw error;
		} finally {
			signal?.removeEventListener('abort', abort);
		}
	}
	return Object.assign(events(), { stop: () => (stopped = true, own.abort()) });
}

/** @type {typeof import('./client.js').follow} */
export async function follow(run, show) {
	/** @type {Map<string, string>} */
	const texts = new Map();
	let done = null;
	for await (const event of run) {
		if (event.kind === 'text')
			texts.set(event.part, (texts.get(event.part) ?? '') + event.text);
		else if (event.name === '_part' && event.value.state === 'reset')
			texts.set(event.value.part, '');
		else if (event.name === '_done')
			done = event.value;
		const part = event.kind === 'text' ? event.part : event.value.part;
		const text = texts.get(part);
		if (text !== undefined)
			show(part, text);
	}
	return done;
}

/** @type {typeof import('./client.js').graph} */
export const graph = (options) => ask('graph', options);

/** @type {typeof import('./client.js').services} */
export const services = (options) => ask('services', options);

/** @type {(path: string, options?: import('./client.js').Options) => Promise<any>} */
async function ask(path, { base = '', signal } = {}) {
	const response = await fetch(base + path, { headers: { Accept: 'application/json' }, signal });
	const type = response.headers.get('Content-Type') ?? '';
	if (!response.ok || !/^application\/json/i.test(type))
		throw await refusal(response, type);
	return response.json();
}

/** @param {any} order @param {AbortSignal} signal @returns {AsyncGenerator<WireEvent, void, void>} */
async function* read(order, base = '', signal) {
	const response = await fetch(`${base}generate`, {
		method: 'POST', headers: { 'Content-Type': 'application/json', 'Accept': 'text/event-stream' },
		body: JSON.stringify(order), cache: 'no-store', signal,
	});
	const type = response.headers.get('Content-Type') ?? '';
	if (!response.ok || !response.body || !/^text\/event-stream/i.test(type))
		throw await refusal(response, type);
	/* Not every browser can iterate over a stream. */
	const reader = response.body.getReader();
	const decoder = new TextDecoder();
	const parser = new SseParser();
	/** @type {WireEvent[]} */
	let waits = [];
	parser.comment = (text) => {
		const found = /^waiting(?: (\d+))?$/.exec(text);
		if (found)
			waits = [{ kind: 'control', name: '_waiting', value: { ahead: Number(found[1] ?? NaN) } }];
	};
	let beat = BEAT_MS.unknown;
	try {
		for (;;) {
			const { done, value } = await heard(reader.read(), beat);
			if (done)
				return;
			const all = parser.push(decoder.decode(value, { stream: true }));
			yield* waits.splice(0);
			for (const data of all) {
				const event = readData(data);
				if (event?.kind === 'control' && event.name === '_run')
					beat = Math.max(BEAT_MS.least, Number(event.value.heartbeat_ms) || BEAT_MS.usual);
				if (event)
					yield event;
			}
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}

/**
 * A connection without a byte for three heartbeats is dead. A timer counts them, as a clock goes on while a
 * computer sleeps.
 * @type {<T>(read: Promise<T>, beat: number) => Promise<T>}
 */
function heard(read, beat) {
	return new Promise((resolve, reject) => {
		let missed = 0;
		const timer = setInterval(() => ++missed === 3 && reject(new Error('no byte for three heartbeats')), beat);
		read.then(resolve, reject).finally(() => clearInterval(timer));
	});
}

/** PART|TEXT, or _CONTROL|JSON; what is neither is dropped. @returns {WireEvent | null} */
function readData(data = '') {
	const bar = data.indexOf('|');
	const part = data.slice(0, bar);
	const rest = data.slice(bar + 1);
	if (bar < 1)
		return null;
	if (part[0] !== '_')
		return { kind: 'text', part, text: rest.replaceAll('\u2B91', '\n') };
	try {
		const value = JSON.parse(rest);
		return value !== null && typeof value === 'object' ? { kind: 'control', name: part, value } : null;
	} catch {
		return null;
	}
}

/** @param {Response} response */
async function refusal(response, type = '') {
	let refused = new Refused([response.status, response.statusText, type].filter(Boolean).join(' '));
	try {
		const { error } = await response.json();
		if (typeof error.message === 'string') {
			const retry_s = Number(response.headers.get('Retry-After')) || 0;
			refused = Object.assign(new Refused(error.message), { code: String(error.code), field: String(error.field ?? ''), retry_s });
		}
	} catch {
		/* It is not ours. */
	}
	refused.status = response.status;
	return refused;
}

export class SseParser {
	#line = '';
	/** A LF that opens the next piece belongs to it. */
	#afterCr = false;
	#data = '';
	comment = (/** @type {string} */ text) => void text;

	push(text = '') {
		const lines = (this.#line + text.slice(Number(this.#afterCr && text[0] === '\n'))).split(/\r\n|[\r\n]/);
		this.#afterCr = text ? text.endsWith('\r') : this.#afterCr;
		this.#line = lines.pop() ?? '';
		if (this.#line.length + this.#data.length > LIMIT)
			throw new RangeError('an event of the stream is too long');
		return lines.flatMap((line) => this.#take(line));
	}

	/** @returns {string[]} */
	#take(line = '') {
		const data = this.#data;
		if (line[0] === ':')
			this.comment(line.slice(1).trim());
		const found = /^data(?:$|: ?(.*))/s.exec(line);
		this.#data = found ? `${data}${found[1] ?? ''}\n` : line ? data : '';
		return line || !data ? [] : [data.slice(0, -1)];
	}
}
