import { Refused, generate, revisit } from './client.js';
import { get } from './dom.js';
import { explained } from './fault.js';
import { blame, readOrder } from './order.js';
import * as view from './view.js';
import { words } from './words.js';

const form = get('#order');
const stop = get('#stop');
let current = new AbortController();
/** What is read now. @type {import('./client.js').Run | undefined} */
let stream;
/** How to read on after the visitor has come back to a page that he had left. @type {() => any} */
let resume;

export function listen() {
	form.noValidate = true;
	form.onsubmit = () => {
		const order = readOrder(form);
		if (typeof order === 'function')
			view.say(() => words.notSent(order()));
		else
			run(order);
		return false;
	};
}

/** @type {RunOrder} */
export async function run(order, more = false, begun) {
	halt();
	const { signal } = current = new AbortController();
	resume = () => run(order, more, begun ?? { key: left.key });
	stop.disabled = begun?.key === '';
	view.sent(order, more);
	let isFinal = true;
	try {
		for await (const event of begun ? stream = revisit(begun) : patiently(order, signal)) {
			if (signal.aborted)
				return;
			if (event.kind === 'control' && event.name === '_run')
				view.page.begun({ ...order, want: undefined, given: undefined }, more, event.value.kept && { id: event.value.id, key: stream?.key, order, more }, !!begun);
			if (view.show(event)) {
				rest(true);
				view.page.complete?.();
			}
		}
		view.broke();
	} catch (error) {
		if (signal.aborted)
			return;
		isFinal = error instanceof Refused || Object(error).code === 'broken';
		if (begun && error instanceof Refused && error.status === 404)
			view.page.gone();
		else if (error instanceof Refused)
			view.refuse(() => words.refusedTitle, blame(form, error.field) || (() => error.code ? explained(error) : words.notOurs(error.message)));
		else
			view.broke();
	}
	if (!signal.aborted && stream)
		rest(isFinal);
}

/** Asks again if the house is full, by the same key, so that nothing is begun twice. @param {Order} order @param {AbortSignal} signal */
async function* patiently(order, signal) {
	for (let key = {};;) {
		try {
			stream = generate({ ...key, ...order }, { signal });
			key = { run: stream.key };
			return yield* stream;
		} catch (error) {
			if (!(error instanceof Refused) || error.status !== 503 || !error.retry_s)
				throw error;
			for (let left = error.retry_s; left > 0 && !signal.aborted; left--) {
				view.say(() => words.full(left));
				await new Promise((resolve) => setTimeout(resolve, 1000));
			}
			signal.throwIfAborted();
		}
	}
}

/** Its stream ends as well: a connection has room for a few. */
export function halt() {
	stream?.stop();
	current.abort();
	if (!stream)
		return;
	view.end('stopped');
	rest(true);
}

/** Stop must not keep the focus. */
function rest(isFinal = false) {
	stream = undefined;
	if (document.activeElement === stop)
		get('#generate').focus({ preventScroll: true });
	stop.disabled = true;
	if (document.body.dataset.run !== 'refused')
		view.page.over?.(isFinal);
}

stop.onclick = halt;
/* Who loads the page again reads on; nobody else does, and then it ends by itself. */
let left = { key: '' };
addEventListener('pagehide', () => {
	left = stream ?? left;
	stream?.leave();
	current.abort();
});
addEventListener('pageshow', ({ persisted }) => {
	if (!persisted || !stream)
		return;
	stream = undefined;
	resume();
});
form.addEventListener('keydown', (event) => {
	if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing)
		form.requestSubmit();
});
