// @ts-check
/**
 * Talks to recipe.fcgi. All addresses are relative, so that the page works in
 * any directory.
 *
 * @typedef {{ ingredientsOnHand: string, prepTime: string, [more: string]: any }} Order
 * @typedef {import('./wire.js').WireEvent} WireEvent
 */
import { SseParser } from './sse.js';
import { readData } from './wire.js';
import { words } from './words.js';

/** The server answered, and it was not a recipe. */
export class Refused extends Error {
	/**
	 * @param {string} message
	 * @param {string} code
	 */
	constructor(message, code) {
		super(message);
		this.code = code;
	}
}

/**
 * Starts a run. Resolves when the response begins, to its events; rejects with
 * Refused, with the signal's AbortError, or with fetch's own TypeError when
 * there was no answer at all.
 *
 * @param {Order} order
 * @param {AbortSignal} signal
 * @returns {Promise<AsyncGenerator<WireEvent, void, void>>}
 */
export async function generate(order, signal) {
	const response = await fetch('generate', {
		method: 'POST',
		headers: { 'Content-Type': 'application/json', 'Accept': 'text/event-stream' },
		body: JSON.stringify(order),
		cache: 'no-store',
		signal,
	});
	if (!response.ok)
		throw await refusal(response);
	const type = response.headers.get('Content-Type') ?? '';
	if (!response.body || !type.toLowerCase().startsWith('text/event-stream'))
		throw new Refused(words.notAStream(type), 'type');
	return events(response.body, signal);
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<WireEvent, void, void>}
 */
async function* events(body, signal) {
	/* A reader's loop: not every browser can iterate over a stream. */
	const reader = body.getReader();
	const decoder = new TextDecoder();
	const parser = new SseParser();
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done)
				return;
			for (const event of parser.push(decoder.decode(value, { stream: true }))) {
				signal.throwIfAborted();
				const read = readData(event.data);
				if (read)
					yield read;
			}
		}
	} finally {
		reader.cancel().catch(() => {});
	}
}

/**
 * @param {Response} response
 * @returns {Promise<Refused>}
 */
async function refusal(response) {
	try {
		const { error } = await response.json();
		if (typeof error.message === 'string')
			return new Refused(error.message, String(error.code ?? response.status));
	} catch {
		/* Not ours: the web server's own error page. */
	}
	return new Refused(words.httpStatus(response.status, response.statusText), String(response.status));
}

/**
 * Asks who would cook.
 *
 * @returns {Promise<{ demo: boolean, hint: string }>} whether it is the demo
 * cook, and how to end that
 */
export async function services() {
	const response = await fetch('services', { headers: { 'Accept': 'application/json' } });
	if (!response.ok)
		throw await refusal(response);
	const { demo, hint } = await response.json();
	return { demo: demo === true, hint: typeof hint === 'string' ? hint : '' };
}
