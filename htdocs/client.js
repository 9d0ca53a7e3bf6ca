/**
 * Reads the wire of recipe.fcgi: asks, parses, stops. It needs nothing else, and
 * works in a page as in Node; docs/client.md shows both.
 *
 *	for await (const event of generate({ topic: 'owls' }))
 *		if (event.kind === 'text')
 *			console.log(event.part, event.text);
 */

/** More than this in one event is no stream of ours. */
const LIMIT = 4 * 1024 * 1024;

/** The time between bytes: before the server has said its heartbeat, if it says none, and the least that a phone's network needs. */
const BEAT_MS = { unknown: 20_000, usual: 5000, least: 1000 };

/**
 * A request: inputs by name, and maybe `want` and `given`.
 * @typedef {{ [name: string]: any }} Order
 */
/**
 * Text to be appended to a part, or what the program says of the run: `_run`,
 * `_pick`, `_part` and so on, see recipe.fcgi(8); `_waiting`, if the run waits
 * for its turn.
 * @typedef {{ kind: 'text', part: string, text: string }
 *	| { kind: 'control', name: string, value: Record<string, any> }} WireEvent
 */
/**
 * `base` is the address of the site, with a slash at its end; a page of the
 * site itself needs none.
 * @typedef {{ base?: string, signal?: AbortSignal }} Options
 */
/**
 * A run, event by event, which can be stopped: then it ends without an error.
 * @typedef {AsyncGenerator<WireEvent, void, void> & { stop(): void }} Run
 */

/** The server answered, and there was no run. */
export class Refused extends Error {
	/** Of HTTP. */
	status = 0;
	/** One of recipe.fcgi(8), or '' if it was not the program that answered. */
	code = '';
	/** Seconds until it may be tried again, or 0. */
	retry = 0;
	/** The input that is wrong, or ''. */
	field = '';
}

/**
 * Begins a run. Iterating throws Refused if there is none, an AbortError if
 * `signal` has ended it, and another error if there was no answer, or no more
 * of it.
 *
 * @param {Order} order
 * @param {Options} [options]
 * @returns {Run}
 */
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

/**
 * Follows a run to its end: `show` is called with the whole text of a part
 * whenever it has changed. Resolves to what `_done` says, or to null if the run
 * broke off or was stopped.
 *
 * @param {Run} run
 * @param {(part: string, text: string) => any} show
 * @returns {Promise<Record<string, any> | null>}
 */
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

/**
 * What the site's application is: title, inputs, parts. See recipe.fcgi(8).
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export const graph = (options = {}) => ask('graph', options);

/**
 * Who would write: is it the demo, and how to end that. See recipe.fcgi(8).
 * @param {Options} [options]
 * @returns {Promise<any>}
 */
export const services = (options = {}) => ask('services', options);

/** @param {string} path @param {Options} options */
async function ask(path, { base = '', signal }) {
	const response = await fetch(base + path, { headers: { Accept: 'application/json' }, signal });
	const type = response.headers.get('Content-Type') ?? '';
	if (!response.ok || !/^application\/json/i.test(type))
		throw await refusal(response, type);
	return response.json();
}

/**
 * @param {Order} order
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<WireEvent, void, void>}
 */
async function* read(order, base = '', signal) {
	const response = await fetch(`${base}generate`, {
		method: 'POST', headers: { 'Content-Type': 'application/json', 'Accept': 'text/event-stream' },
		body: JSON.stringify(order), cache: 'no-store', signal,
	});
	const type = response.headers.get('Content-Type') ?? '';
	if (!response.ok || !response.body || !/^text\/event-stream/i.test(type))
		throw await refusal(response, type);
	/* A reader's loop: not every browser can iterate over a stream. */
	const reader = response.body.getReader();
	const decoder = new TextDecoder();
	const parser = new SseParser();
	/** So many are before this visitor, whose run has not begun. @type {WireEvent[]} */
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
 * What is read next, or an error after three heartbeats without it: such a
 * connection is dead. They are counted by turns of a timer, since a clock goes
 * on while a computer sleeps.
 *
 * @template T
 * @param {Promise<T>} read
 * @returns {Promise<T>}
 */
function heard(read, beat = 0) {
	return new Promise((resolve, reject) => {
		let missed = 0;
		const timer = setInterval(() => ++missed === 3 && reject(new Error('no byte for three heartbeats')), beat);
		read.then(resolve, reject).finally(() => clearInterval(timer));
	});
}

/** PART|TEXT, or _CONTROL|JSON. @returns {WireEvent | null} null: not of this wire, to be dropped */
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
	/* Not ours: the web server's own error page. */
	let refused = new Refused([response.status, response.statusText, type].filter(Boolean).join(' '));
	try {
		const { error } = await response.json();
		if (typeof error.message === 'string') {
			refused = new Refused(error.message);
			refused.code = String(error.code);
			refused.field = String(error.field ?? '');
			refused.retry = response.status === 503 ? Number(response.headers.get('Retry-After')) || 0 : 0;
		}
	} catch {
		/* It stays the one above. */
	}
	refused.status = response.status;
	return refused;
}

/**
 * An incremental parser of text/event-stream (HTML standard, 9.2.6; a BOM is
 * the decoder's). Pure: text in, data out; any cut of a stream gives the same.
 */
export class SseParser {
	/** The unfinished last line. */
	#line = '';
	/** A CR ended the last piece: a LF that opens the next belongs to it. */
	#afterCr = false;
	#data = '';
	/** Called with each comment, without its colon; all but our own mean nothing. */
	comment = (/** @type {string} */ text) => void text;

	/**
	 * @param {string} text the next piece of the stream, decoded
	 * @returns {string[]} the data of the events that this piece completed
	 */
	push(text) {
		const lines = (this.#line + text.slice(Number(this.#afterCr && text[0] === '\n'))).split(/\r\n|[\r\n]/);
		this.#afterCr = text ? text.endsWith('\r') : this.#afterCr;
		this.#line = lines.pop() ?? '';
		if (this.#line.length + this.#data.length > LIMIT)
			throw new RangeError('an event of the stream is too long');
		return lines.flatMap((line) => this.#take(line));
	}

	/** @param {string} line @returns {string[]} one at most */
	#take(line) {
		const data = this.#data;
		if (line[0] === ':')
			this.comment(line.slice(1).trim());
		/* Names and ids say nothing here. */
		const found = /^data(?:$|: ?(.*))/s.exec(line);
		this.#data = found ? `${data}${found[1] ?? ''}\n` : line ? data : '';
		return line || !data ? [] : [data.slice(0, -1)];
	}
}
