/**
 * Talks to recipe.fcgi. All addresses are relative: the page works in any directory.
 *
 * @typedef {{ ingredientsOnHand: string, prepTime: string, [more: string]: any }} Order
 * @typedef {{ kind: 'text', part: string, text: string }
 *	| { kind: 'control', name: string, value: Record<string, any> }} WireEvent
 */
import { SseParser } from './sse.js';
import { explained, words } from './words.js';

/** The server answered, and it was not a recipe. `retry`: seconds until it may be one, or 0. */
export class Refused extends Error {
	retry = 0;
}

/** The time between bytes: before the server has said its heartbeat, if it says none, and the least that a phone's network needs. */
const BEAT_MS = { unknown: 20_000, usual: 5000, least: 1000 };

/**
 * A run, event by event. Throws Refused, the signal's AbortError, or another
 * error if there was no answer, or no more of it.
 *
 * @param {Order} order
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<WireEvent, void, void>}
 */
export async function* generate(order, signal) {
	const response = await fetch('generate', {
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
	try {
		const { error } = await response.json();
		const refused = new Refused(explained(error));
		refused.retry = response.status === 503 ? Number(response.headers.get('Retry-After')) || 0 : 0;
		if (typeof error.message === 'string')
			return refused;
	} catch {
		/* Not ours: the web server's own error page. */
	}
	return new Refused(words.notOurs([response.status, response.statusText, type].filter(Boolean).join(' ')));
}

/** Who would cook: is it the demo, and how to end that. */
export const services = async () => (await fetch('services')).json();
