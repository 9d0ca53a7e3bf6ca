// @ts-check
/** Wiring: form to run, run to view. */
import './lang.js';
import { cooking } from './cooking.js';
import { all, download, forget, jsonld, keep, lines, markdown } from './keep.js';
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

/** What the recipe on the page was ordered as. @type {import('./api.js').Order} */
let ordered = { ingredientsOnHand: '', prepTime: '' };

/**
 * @param {import('./api.js').Order} order
 * @param {string[]} [shown] the parts that this run writes
 */
async function run(order, shown) {
	halt();
	const mine = current = new AbortController();
	stop.disabled = false;
	view.sent();
	let begun = false;
	let whole = false;
	try {
		const events = await generate(order, mine.signal);
		view.begin(shown, order.given?.recipe);
		const { want, given, ...inputs } = order;
		ordered = /** @type {any} */ (inputs);
		begun = true;
		for await (const event of events) {
			if (mine.signal.aborted)
				return;
			if (view.show(event)) {
				whole = true;
				store();
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
/** Models write what servers do not take back. @param {string} text */
const clean = (text) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, ' ').slice(0, 6000);

/** Some parts again, or at last; what they need comes from the page. @param {string[]} want */
function partial(want) {
	const { name, intro, texts, written } = view.recipe;
	if (!name)
		return run(ordered);
	const parts = want.filter((part) => part !== 'alt');
	/** @type {Record<string, any>} */
	const given = { recipe: { name: clean(name).slice(0, 300), intro: clean(intro).slice(0, 1000) } };
	if (written.includes('add') && !parts.includes('add'))
		given.add = clean(texts.add);
	return parts.length ? run({ ...ordered, want: parts, given }, parts) : undefined;
}

function store() {
	const { written, ...recipe } = view.recipe;
	if (recipe.name && written.length > 0)
		keep({ ...recipe, order: ordered });
	shelve();
	/* On http elsewhere than here there is none: the recipes are kept, the page is not. */
	navigator.serviceWorker?.register('sw.js').catch(() => {});
}

function shelve() {
	const list = all();
	get(document, '#shelf').hidden = list.length === 0;
	get(document, '#kept').replaceChildren(...list.map((recipe) => {
		const li = document.createElement('li');
		const button = document.createElement('button');
		button.type = 'button';
		button.className = 'idea';
		button.dir = 'auto';
		button.textContent = recipe.name;
		button.addEventListener('click', () => {
			halt();
			ordered = /** @type {any} */ (recipe.order ?? {});
			view.open(recipe);
		});
		li.append(button);
		return li;
	}));
}

/** @param {string} id @param {(event: Event) => any} act */
const on = (id, act) => get(document, id).addEventListener('click', act);
const sheet = () => ({ ...view.recipe, order: ordered });
on('#finish', () => { go.focus(); partial(view.missing); });
on('#cook', () => cooking(lines(view.recipe.texts.ste)));
on('#print', () => print());
on('#markdown', () => download('recipe.md', 'text/markdown', markdown(sheet())));
on('#jsonld', () => download('recipe.json', 'application/ld+json', jsonld(sheet())));
on('#copy', () => navigator.clipboard?.writeText(markdown(sheet())).then(() => view.say(words.copied), () => view.say(words.notCopied)) ?? view.say(words.notCopied));
on('#forget', () => { forget(); shelve(); area.focus(); });
on('#ideas', (event) => {
	const { name, intro } = event.target instanceof HTMLElement ? event.target.dataset : /** @type {DOMStringMap} */ ({});
	if (name)
		run({ ...ordered, given: { recipe: { name: clean(name), intro: clean(intro ?? '') } } }, ['int', 'add', 'ste', 'sde', 'ing']);
});
for (const header of document.querySelectorAll('section[data-part]:not([data-part=alt]) > header')) {
	const part = /** @type {HTMLElement} */ (header.parentElement).dataset.part ?? '';
	const again = document.createElement('button');
	again.type = 'button';
	again.className = 'again';
	again.textContent = words.again;
	again.setAttribute('aria-label', words.againOf(header.querySelector('h3')?.textContent ?? ''));
	again.addEventListener('click', () => partial([part]));
	header.append(again);
}
shelve();
/* A server that cannot say will say so when it is asked for a recipe. */
services().then(({ demo, hint }) => view.demo(demo, hint), () => {});
