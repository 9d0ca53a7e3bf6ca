/** Reads the wire of recipe.fcgi. It needs no other file; client.d.ts is its manual. */

const LIMIT = 4 * 1024 * 1024;

/* Before the server has said it, if it says none, and what a phone's network needs. */
const BEAT_MS = { unknown: 20_000, usual: 5000, least: 1000 };

/* How often a run is taken up again, one after another, and how long to wait before the next time. */
const TRIES = 8;
const WAIT_MS = { first: 300, most: 5000 };

/* If no byte has come for so long, a host may hold the stream back; it does not do so with a whole answer, as a poll has. */
const MUTE_MS = 1000;

/* Thrice that is a little more than a poll takes. */
const POLL_BEAT_MS = 10_000;

export class Refused extends Error {
	status = 0;
	code = '';
	retry_s = 0;
	field = '';
}

/** @typedef {import('./client.js').WireEvent} WireEvent */

/** @type {typeof import('./client.js').generate} */
export function generate(order, options) {
	const whole = { run: newKey(), ...order };
	return begin({ order: whole, key: String(whole.run), id: '' }, options);
}

/** @type {typeof import('./client.js').revisit} */
export const revisit = ({ id = '', key = '' }, options) => begin({ key, id, kept: true }, options);

/** @type {Begin} */
function begin(has, { base = '', signal } = {}) {
	const own = new AbortController();
	/** @type {Life} */
	const life = { ...has, base, signal: own.signal, heard: 0, beat: BEAT_MS.unknown, mute: MUTE_MS, begun: false, over: false };
	let isEnded = false;
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
			if (!isEnded)
				throw error;
		} finally {
			signal?.removeEventListener('abort', abort);
			end(life);
		}
	}
	return Object.assign(events(), {
		key: life.key,
		stop: () => (isEnded = true, abort()),
		leave: () => (isEnded = life.over = true, abort()),
	});
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
 * A run: what it is asked by, and what was heard of it.
 * @typedef {{ order?: any, key: string, id: string, kept?: boolean }} Name `kept` is undefined before `_run`
 * @typedef {Name & { base: string, signal: AbortSignal, heard: number, beat: number, mute: number, begun: boolean, over: boolean }} Life
 * @typedef {(has: Name, options?: import('./client.js').Options) => import('./client.js').Run} Begin
 * @typedef {(WireEvent | null)[]} Batch null is an event that cannot be read; it counts
 * @typedef {[Batch | void, () => Promise<Batch | void>]} Spoken a batch, and what brings the next
 */

/** The run's secret name, 128 random bits. */
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @type {(name: string, value?: any) => WireEvent} */
const control = (name, value = {}) => ({ kind: 'control', name, value });

/** @type {(ms: number, signal: AbortSignal) => Promise<void>} */
const wait = (ms, signal) => new Promise((resolve, reject) => {
	signal.throwIfAborted();
	const timer = setTimeout(resolve, ms);
	signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason)));
});

/**
 * If the line breaks, a run that is kept is read on. If it broke before `_run`, that is tried, too; but the order is
 * not sent again, as a site that keeps no runs would begin another one.
 * @param {Life} life
 */
async function* whole(life) {
	/** @type {unknown} */
	let first;
	for (let tries = 0, heard = 0;;) {
		try {
			for await (const event of read(life)) {
				if (tries && life.heard > heard) {
					tries = 0;
					yield control('_resumed');
				}
				yield event;
			}
			if (life.over || life.kept === false)
				return;
			throw new Error('the stream ended early');
		} catch (error) {
			tries++;
			heard = life.heard;
			life.over ||= error instanceof Refused && error.status !== 503;
			first ??= error;
			if (life.kept === undefined && error instanceof Refused && error.status === 404)
				throw first;
			if (life.signal.aborted || life.over || !(life.kept ?? life.begun))
				throw error;
			/* Who hears "refused, try again" begins another run, and this one has begun. */
			if (tries > TRIES)
				throw life.begun && error instanceof Refused ? new Error(error.message) : error;
		}
		yield control('_lost', { tries });
		await wait(Math.min(WAIT_MS.first * 2 ** tries, WAIT_MS.most), life.signal);
	}
}

/** Who does not read on stops it, or it would be paid for to its end; also if its answer is still held back. @param {Life} life */
function end(life) {
	const { base, key, id, kept, over } = life;
	life.over = true;
	if (!key || kept === false || over)
		return;
	const [path, init] = id
		? [`${id}/stop`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ run: key }) }]
		: ['mine', { method: 'DELETE', headers: { 'Idempotency-Key': key } }];
	fetch(`${base}runs/${path}`, { ...init, keepalive: true }).catch(() => {});
}

/** Notes what an event says of the run itself. @param {Life} life @param {WireEvent | null} event */
function note(life, event) {
	if (event?.kind === 'control' && event.name === '_waiting')
		return;
	life.heard++;
	if (event?.kind !== 'control')
		return;
	const { name, value } = event;
	if (name === '_run')
		Object.assign(life, { begun: true, id: value.id, kept: value.kept === true, beat: Math.max(BEAT_MS.least, Number(value.heartbeat_ms) || BEAT_MS.usual) });
	else if (name === '_kept')
		life.kept = false;
	else if (name === '_done' || name === '_error' && value.code === 'broken')
		life.over = true;
	if (name === '_error' && life.over)
		throw Object.assign(new Error(value.message), { code: value.code });
}

/** As one stream; if that is mute, by long polls. @param {Life} life @returns {AsyncGenerator<WireEvent, void, void>} */
async function* read(life) {
	const streaming = new AbortController(), polling = new AbortController();
	const leave = () => [streaming, polling].forEach((way) => way.abort(life.signal.reason));
	life.signal.addEventListener('abort', leave);
	try {
		life.signal.throwIfAborted();
		const streamed = stream(life, streaming.signal);
		const next = async () => (await streamed.next()).value;
		const more = () => poll(life, polling.signal);
		/** Whoever speaks first is heard on. @type {Promise<Spoken>[]} */
		const ways = [next().then((batch) => [batch, next]), unmute(life, polling.signal).then((batch) => [batch, more])];
		ways.forEach((way) => way.catch(() => {}));
		let [batch, goOn] = await Promise.race(ways);
		(goOn === next ? polling : streaming).abort();
		for (; batch; batch = await goOn()) {
			for (const event of batch) {
				note(life, event);
				if (event)
					yield event;
			}
			if (life.over)
				return;
		}
	} finally {
		life.signal.removeEventListener('abort', leave);
		leave();
	}
}

/** The key stands in no address. @param {Life} life */
const at = ({ base, id, key }, query = '') => ({ url: `${base}runs/${id || 'mine'}${query}`, named: id ? undefined : { 'Idempotency-Key': key } });

/** @param {Life} life @param {AbortSignal} signal @returns {AsyncGenerator<Batch, void, void>} */
async function* stream(life, signal) {
	const { order, base, heard: after } = life;
	const { url, named } = at(life);
	const headers = { 'Accept': 'text/event-stream', ...after && { 'Last-Event-ID': String(after) } };
	const response = await (order && !life.begun
		? fetch(`${base}generate`, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(order), cache: 'no-store', signal })
		: fetch(url, { headers: { ...headers, ...named }, cache: 'no-store', signal }));
	const type = response.headers.get('Content-Type') ?? '';
	if (!response.ok || !response.body || !/^text\/event-stream/i.test(type))
		throw await refusal(response, type);
	life.begun = true;
	/* Not every browser can iterate over a stream. */
	const reader = response.body.getReader();
	const decoder = new TextDecoder();
	const parser = new SseParser();
	/** @type {Batch} */
	let waits = [];
	parser.comment = (text) => {
		const found = /^waiting(?: (\d+))?$/.exec(text);
		if (found)
			waits = [control('_waiting', { ahead: Number(found[1] ?? NaN) })];
	};
	try {
		for (;;) {
			const { done, value } = await heard(reader.read(), life.beat, () => life.mute = 0);
			if (done)
				return;
			const events = parser.push(decoder.decode(value, { stream: true })).map(readData);
			yield [...waits.splice(0), ...events];
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}

/** The first events that come by polls. @param {Life} life @param {AbortSignal} signal */
async function unmute(life, signal) {
	for (let ms = life.mute;; ms = Math.min(2 * ms + MUTE_MS, WAIT_MS.most)) {
		await wait(ms, signal);
		/* Its fault may be that the run has not begun, or is not kept: then the stream is all there is. */
		const batch = await poll(life, signal).catch(() => undefined);
		if (batch?.length)
			return batch;
	}
}

/** What came since, or [] after 20 s; undefined if no more will come. @param {Life} life @param {AbortSignal} signal @returns {Promise<Batch | undefined>} */
async function poll(life, signal) {
	const { heard: after } = life;
	const { url, named } = at(life, `?live=long-poll&offset=${after ? String(after).padStart(10, '0') : -1}`);
	const response = await heard(fetch(url, { headers: { Accept: 'application/json', ...named }, cache: 'no-store', signal }), POLL_BEAT_MS);
	const type = response.headers.get('Content-Type') ?? '';
	if (response.status === 204)
		return response.headers.has('Stream-Closed') ? undefined : [];
	if (!response.ok || !/^application\/json/i.test(type))
		throw await refusal(response, type);
	/** @type {any[]} */
	const messages = await heard(response.json(), POLL_BEAT_MS);
	return messages.map(({ event, text, data }) => text === undefined ? control(event, data) : { kind: 'text', part: event, text });
}

/**
 * A connection without a byte for three heartbeats is dead. A timer counts them, as a clock goes on while a
 * computer sleeps.
 * @type {<T>(read: Promise<T>, beat: number, silent?: () => any) => Promise<T>}
 */
function heard(read, beat, silent) {
	return new Promise((resolve, reject) => {
		let missed = 0;
		const timer = setInterval(() => {
			if (++missed < 3)
				return;
			silent?.();
			reject(new Error('no byte for three heartbeats'));
		}, beat);
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
		return value !== null && typeof value === 'object' ? control(part, value) : null;
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
