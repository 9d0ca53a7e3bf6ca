/** The manual of client.js, which tsc checks against it. docs/client.md has examples. */

/**
 * A request: inputs by name, and maybe `want` and `given`; and `run`, the run's
 * secret name, 32 hexadecimal digits (client.js draws one if there is none).
 */
export interface Order {
	[name: string]: any;
}

/**
 * Text to be appended to a part, or what the program says of the run: `_run`,
 * `_pick`, `_part` and so on, see recipe.fcgi(8). Three more are said by
 * client.js: `_waiting`, if the run waits for its turn; `_lost`, if the line
 * has broken and the run is taken up again, with the number of `tries`; and
 * `_resumed`, before the first event after that.
 */
export type WireEvent =
	| { kind: 'text'; part: string; text: string }
	| { kind: 'control'; name: string; value: Record<string, any> };

/**
 * `base` is the address of the site, with a slash at its end; a page of the
 * site itself needs none.
 */
export interface Options {
	base?: string;
	signal?: AbortSignal;
}

/**
 * A run, event by event. If the line breaks it is taken up again by itself, and
 * no event is lost or comes twice; if a host holds the stream back, it is read
 * by long polls. It ends without an error if it is stopped, for everybody, or
 * left: it then goes on for a while (see `linger_ms` in recipe.fcgi(8)), and
 * can be revisited with its `key`. Who ends the iteration early stops it.
 */
export type Run = AsyncGenerator<WireEvent, void, void> & { key: string; stop(): void; leave(): void };

/**
 * Begins a run. Iterating throws Refused if there is none, an AbortError if
 * `signal` has ended it, and another error if there was no answer, or no more
 * of it, after it was asked for some times: also if no byte came for three
 * heartbeats.
 */
export function generate(order: Order, options?: Options): Run;

/**
 * Reads a run that has begun, from its beginning: by its key, or by its id,
 * which `_run` has said. Who has only the id cannot stop it. Throws as
 * generate does; Refused, with status 404, if it is not kept any longer.
 */
export function revisit(run: { id?: string; key?: string }, options?: Options): Run;

/**
 * Follows a run to its end: `show` is called with the whole text of a part
 * whenever it has changed. Resolves to what `_done` says, or to null if the run
 * broke off or was stopped.
 */
export function follow(run: Run, show: (part: string, text: string) => any): Promise<Record<string, any> | null>;

/** What the site's application is: title, inputs, parts. See recipe.fcgi(8). */
export function graph(options?: Options): Promise<any>;

/** Who would write: is it the demo, and how to end that. See recipe.fcgi(8). */
export function services(options?: Options): Promise<any>;

/** The server answered, and there was no run. */
export class Refused extends Error {
	/** Of HTTP. */
	status: number;
	/** One of recipe.fcgi(8), or '' if it was not the program that answered. */
	code: string;
	/** Seconds until it may be tried again, or 0: of status 503 soon, of 429 when a limit allows it. */
	retry_s: number;
	/** The input that is wrong, or ''. */
	field: string;
}

/**
 * An incremental parser of text/event-stream (HTML standard, 9.2.6; a BOM is
 * the decoder's). Pure: text in, data out; any cut of a stream gives the same.
 */
export class SseParser {
	/** Called with each comment, without its colon; all but our own mean nothing. */
	comment: (text: string) => void;
	/** Takes the next piece of the stream, decoded; returns the data of the events that it completed. */
	push(text: string): string[];
}
