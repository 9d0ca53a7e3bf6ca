/** Reads the wire of recipe.fcgi. It needs no other file; client.d.ts is its manual. */

const LIMIT = 4 * 1024 * 1024;

/* Before the server has said it, if it says none, and what a phone's network needs. */
const BEAT_MS = { unknown: 20_000, usual: 5000, least: 1000 };

/* How often a run is taken up again, one after another, and how long to wait before the next time. */
const TRIES = 8;
const WAIT_MS = { first: 300, most: 5000 };

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
	/** @type {Life} */
	const life = { order: { run: newKey(), ...order }, base, signal: own.signal, id: '', heard: 0, kept: false, over: false };
	let stopped = false;
	const abort = () => {
		/* A page that is left has no time for anything later. */
		end(life);
		own.abort(signal?.reason);
	};
	if (signal?.aborted)
		abort();
	signal?.addEventListener('abort', abort);
	async function* events() {
		try {
			yield* whole(life);
		} catch (error) {
			if (!stopped)
				throw error;
		} finally {
			signal?.removeEventListener('abort', abort);
			end(life);
		}
	}
	return Object.assign(events(), { stop: () => (stopped = true, abort()) });
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

/**
 * A run and what was heard of it.
 * @typedef {{ order: any, base: string, signal: AbortSignal, id: string, heard: number, kept: boolean, over: boolean }} Life
 */

/** The run's secret name, 128 random bits. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** If the line breaks, a run that is kept is read on. @param {Life} life */
async function* whole(life) {
	for (let tries = 0, heard = 0;;) {
		try {
			yield* read(life);
			if (life.over || !life.kept)
				return;
			throw new Error('the stream ended early');
		} catch (error) {
			tries = life.heard > heard ? 1 : tries + 1;
			heard = life.heard;
			if (life.signal.aborted || life.over || !life.kept || tries > TRIES || error instanceof Refused && error.status !== 503)
				throw error;
		}
		await new Promise((resolve) => setTimeout(resolve, Math.min(WAIT_MS.first * 2 ** tries, WAIT_MS.most)));
		life.signal.throwIfAborted();
	}
}

/** Who does not read on stops it, or it would be paid for to its end. @param {Life} life */
function end(life) {
	const { order, base, id, kept, over } = life;
	life.over = true;
	if (kept && !over)
		fetch(`${base}runs/${id}/stop`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ run: order.run }), keepalive: true }).catch(() => {});
}

/** Notes what an event says of the run itself. @param {Life} life @param {WireEvent} event */
function note(life, event) {
	life.heard++;
	if (event.kind !== 'control')
		return;
	const { name, value } = event;
	if (name === '_run')
		Object.assign(life, { id: value.id, kept: value.kept === true });
	else if (name === '_kept')
		life.kept = false;
	else if (name === '_done' || name === '_error' && value.code === 'broken')
		life.over = true;
	if (name === '_error' && life.over)
		throw new Error(value.message);
}

/** @param {Life} life @returns {AsyncGenerator<WireEvent, void, void>} */
async function* read(life) {
	const { order, base, signal, heard: after } = life;
	const response = await fetch(`${base}generate`, {
		method: 'POST', headers: { 'Content-Type': 'application/json', 'Accept': 'text/event-stream', ...after && { 'Last-Event-ID': String(after) } },
		body: JSON.stringify(order), cache: 'no-store', signal,
	});
	if (response.status === 204) {
		life.kept = false;
		throw new Error('the run is not kept any longer');
	}
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
				if (event)
					note(life, event);
				else
					life.heard++;
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
