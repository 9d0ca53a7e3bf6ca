/**
 * Talks to recipe.fcgi. All addresses are relative: the page works in any directory.
 *
 * @typedef {{ ingredientsOnHand: string, prepTime: string, [more: string]: any }} Order
 * @typedef {{ kind: 'text', part: string, text: string }
 *	| { kind: 'control', name: string, value: Record<string, any> }} WireEvent
 */
import { SseParser } from './sse.js';
import { explained, words } from './words.js';

/** The server answered, and it was not a recipe. */
export class Refused extends Error {}

/**
 * A run, event by event. Throws Refused, the signal's AbortError, or fetch's
 * own TypeError where there was no answer, or no more of it.
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
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done)
				return;
			for (const data of parser.push(decoder.decode(value, { stream: true }))) {
				const event = readData(data);
				if (event)
					yield event;
			}
		}
	} finally {
		reader.cancel().catch(() => {});
	}
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
		if (typeof error.message === 'string')
			return new Refused(explained(error));
	} catch {
		/* Not ours: the web server's own error page. */
	}
	return new Refused(words.notOurs([response.status, response.statusText, type].filter(Boolean).join(' ')));
}

/** Who would cook: is it the demo, and how to end that. */
export const services = async () => (await fetch('services')).json();
