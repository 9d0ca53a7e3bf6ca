/**
 * Begins a run. Iterating throws Refused if there is none, an AbortError if
 * `signal` has ended it, and another error if there was no answer, or no more
 * of it.
 *
 * @param {Order} order
 * @param {Options} [options]
 * @returns {Run}
 */
export function generate(order: Order, { base, signal }?: Options): Run;
/**
 * Follows a run to its end: `show` is called with the whole text of a part
 * whenever it has changed. Resolves to what `_done` says, or to null if the run
 * broke off or was stopped.
 *
 * @param {Run} run
 * @param {(part: string, text: string) => any} show
 * @returns {Promise<Record<string, any> | null>}
 */
export function follow(run: Run, show: (part: string, text: string) => any): Promise<Record<string, any> | null>;
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
    status: number;
    /** One of recipe.fcgi(8), or '' if it was not the program that answered. */
    code: string;
    /** Seconds until it may be tried again, or 0. */
    retry: number;
    /** The input that is wrong, or ''. */
    field: string;
}
export function graph(options?: Options): Promise<any>;
export function services(options?: Options): Promise<any>;
/**
 * An incremental parser of text/event-stream (HTML standard, 9.2.6; a BOM is
 * the decoder's). Pure: text in, data out; any cut of a stream gives the same.
 */
export class SseParser {
    /** Called with each comment, without its colon; all but our own mean nothing. */
    comment: (/** @type {string} */ text: string) => undefined;
    /**
     * @param {string} text the next piece of the stream, decoded
     * @returns {string[]} the data of the events that this piece completed
     */
    push(text: string): string[];
    #private;
}
/**
 * A request: inputs by name, and maybe `want` and `given`.
 */
export type Order = {
    [name: string]: any;
};
/**
 * Text to be appended to a part, or what the program says of the run: `_run`,
 * `_pick`, `_part` and so on, see recipe.fcgi(8); `_waiting`, if the run waits
 * for its turn.
 */
export type WireEvent = {
    kind: "text";
    part: string;
    text: string;
} | {
    kind: "control";
    name: string;
    value: Record<string, any>;
};
/**
 * `base` is the address of the site, with a slash at its end; a page of the
 * site itself needs none.
 */
export type Options = {
    base?: string;
    signal?: AbortSignal;
};
/**
 * A run, event by event, which can be stopped: then it ends without an error.
 */
export type Run = AsyncGenerator<WireEvent, void, void> & {
    stop(): void;
};
