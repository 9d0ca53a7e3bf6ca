// @ts-check
/**
 * An incremental parser of text/event-stream, after the HTML standard, section
 * 9.2.6. Pure: text in, events out; it knows nothing of the network, of the
 * page, or of what the events mean. Feed it any cut of a stream, the events
 * are the same.
 *
 * @typedef {{ id: string, event: string, data: string }} SseEvent
 */

/** More than this in one event is no stream of ours. */
const LIMIT = 4 * 1024 * 1024;

export class SseParser {
	/** The unfinished last line. */
	#line = '';
	/** A CR ended the last piece: a LF that opens the next belongs to it. */
	#afterCr = false;
	#first = true;
	/** @type {string[]} */
	#data = [];
	#size = 0;
	#event = '';
	#id = '';

	/**
	 * @param {string} text the next piece of the stream, decoded
	 * @returns {SseEvent[]} the events that this piece completed
	 */
	push(text) {
		/** @type {SseEvent[]} */
		const events = [];
		let from = 0;
		if (this.#first && text !== '') {
			this.#first = false;
			if (text[0] === '\uFEFF')
				from = 1;
		}
		for (let at = from; at < text.length; at++) {
			const c = text[at];
			if (c === '\n' && this.#afterCr) {
				this.#afterCr = false;
				from = at + 1;
			} else if (c === '\n' || c === '\r') {
				this.#take(this.#line + text.slice(from, at), events);
				this.#line = '';
				this.#afterCr = c === '\r';
				from = at + 1;
			} else {
				this.#afterCr = false;
			}
		}
		this.#line += text.slice(from);
		if (this.#line.length + this.#size > LIMIT)
			throw new RangeError('an event of the stream is too long');
		return events;
	}

	/**
	 * @param {string} line
	 * @param {SseEvent[]} events
	 */
	#take(line, events) {
		if (line === '') {
			if (this.#data.length > 0)
				events.push({ id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') });
			this.#data = [];
			this.#size = 0;
			this.#event = '';
			return;
		}
		const colon = line.indexOf(':');
		const field = colon < 0 ? line : line.slice(0, colon);
		let value = colon < 0 ? '' : line.slice(colon + 1);
		if (value[0] === ' ')
			value = value.slice(1);
		if (field === 'data') {
			this.#data.push(value);
			this.#size += value.length;
		} else if (field === 'event') {
			this.#event = value;
		} else if (field === 'id' && !value.includes('\0')) {
			this.#id = value;
		}
		/* A comment has the empty field name; it and the unknown are dropped. */
	}
}
