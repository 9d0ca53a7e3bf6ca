// @ts-check
/** Wiring: form to run, run to view. */
import { Refused, generate, services } from './api.js';
import { readOrder } from './order.js';
import { get } from './section.js';
import { View } from './view.js';
import { words } from './words.js';

const view = new View();
const form = /** @type {HTMLFormElement} */ (get(document, '#order'));
const area = /** @type {HTMLTextAreaElement} */ (get(document, '#ingredients'));
const go = /** @type {HTMLButtonElement} */ (get(document, '#generate'));
const stop = /** @type {HTMLButtonElement} */ (get(document, '#stop'));

/** The run on the page; a run that is no longer this one shows nothing more. */
let current = new AbortController();

/** @param {import('./api.js').Order} order */
async function run(order) {
	halt();
	const mine = current = new AbortController();
	stop.disabled = false;
	view.sent();
	let begun = false;
	let whole = false;
	try {
		const events = await generate(order, mine.signal);
		view.begin();
		begun = true;
		for await (const event of events) {
			if (mine.signal.aborted)
				return;
			if (view.show(event)) {
				whole = true;
				rest();
			}
		}
		if (!whole && !mine.signal.aborted)
			view.end('broken');
	} catch (error) {
		if (mine.signal.aborted || whole)
			return;
		if (begun)
			view.end('broken');
		else if (error instanceof Refused)
			view.refuse(words.refusedTitle, error.message);
		else
			view.refuse(words.unreachableTitle, words.unreachable);
	}
	if (mine === current)
		rest();
}

/** Ends the run on the page, if one is going on. */
function halt() {
	if (stop.disabled)
		return;
	current.abort();
	view.end('stopped');
	rest();
}

/** Nothing is going on: Stop has no work, and must not keep the focus. */
function rest() {
	if (document.activeElement === stop)
		go.focus();
	stop.disabled = true;
}

form.noValidate = true;
form.addEventListener('submit', (event) => {
	event.preventDefault();
	const order = readOrder(form);
	if (typeof order === 'string')
		view.say(words.notSent(order));
	else
		run(order);
});
area.addEventListener('keydown', (event) => {
	if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) {
		event.preventDefault();
		form.requestSubmit();
	}
});
stop.addEventListener('click', halt);
/* A server that cannot say will say so when it is asked for a recipe. */
services().then(({ demo, hint }) => view.demo(demo, hint), () => {});
