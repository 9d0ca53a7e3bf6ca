/**
 * An incremental parser of text/event-stream (HTML standard, 9.2.6; a BOM is
 * the decoder's). Pure: text in, data out; any cut of a stream gives the same.
 */

/** More than this in one event is no stream of ours. */
const LIMIT = 4 * 1024 * 1024;

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
