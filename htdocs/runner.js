import { Refused, generate } from './client.js';
import { get } from './dom.js';
import { explained } from './fault.js';
import { blame, readOrder } from './order.js';
import * as view from './view.js';
import { words } from './words.js';

const form = get('#order');
const stop = get('#stop');
let current = new AbortController();

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

/** @param {Order} order */
export async function run(order, more = false) {
	halt();
	const { signal } = current = new AbortController();
	stop.disabled = false;
	view.sent(order, more);
	try {
		for await (const event of patiently(order, signal)) {
			if (signal.aborted)
				return;
			if (event.kind === 'control' && event.name === '_run')
				view.page.begun({ ...order, want: undefined, given: undefined }, more);
			if (view.show(event)) {
				rest();
				view.page.complete?.();
			}
		}
		view.broke();
	} catch (error) {
		if (signal.aborted)
			return;
		if (error instanceof Refused)
			view.refuse(() => words.refusedTitle, blame(form, error.field) || (() => error.code ? explained(error) : words.notOurs(error.message)));
		else
			view.broke();
	}
	if (!signal.aborted && !stop.disabled)
		rest();
}

/** Asks again if the house is full. @param {Order} order @param {AbortSignal} signal */
async function* patiently(order, signal) {
	for (;;) {
		try {
			return yield* generate(order, { signal });
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
	current.abort();
	if (stop.disabled)
		return;
	view.end('stopped');
	rest();
}

/** Stop must not keep the focus. */
function rest() {
	if (document.activeElement === stop)
		get('#generate').focus({ preventScroll: true });
	stop.disabled = true;
	if (document.body.dataset.run !== 'refused')
		view.page.over?.();
}

stop.onclick = halt;
/* A page that one can go back to would read on. */
addEventListener('pagehide', halt);
form.addEventListener('keydown', (event) => {
	if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing)
		form.requestSubmit();
});
