/** Wiring: form to run, run to view. */
import { Refused, generate, services } from './api.js';
import { cooking } from './cooking.js';
import { button, get, make } from './dom.js';
import { all, copy, download, forget, isFleeting, jsonld, keep, lines, markdown, markdownOf } from './keep.js';
import { readOrder } from './order.js';
import * as view from './view.js';
import { words } from './words.js';

/** @typedef {import('./api.js').Order} Order */

const form = /** @type {HTMLFormElement} */ (get('#order'));
const stop = /** @type {HTMLButtonElement} */ (get('#stop'));

/** The run on the page; a run that is no longer this one shows nothing more. */
let current = new AbortController();
/** What the recipe on the page was ordered as. @type {Order} */
let ordered = { ingredientsOnHand: '', prepTime: '' };

/** @param {Order} order */
async function run(order) {
	halt();
	const { signal } = current = new AbortController();
	stop.disabled = false;
	view.sent(order.given?.recipe);
	try {
		for await (const event of patiently(order, signal)) {
			if (signal.aborted)
				return;
			if (event.kind === 'control' && event.name === '_run')
				ordered = { ...order, want: undefined, given: undefined };
			if (view.show(event)) {
				rest();
				install();
			}
		}
		view.broke();
	} catch (error) {
		if (signal.aborted)
			return;
		if (error instanceof Refused)
			view.refuse(words.refusedTitle, error.message);
		else
			view.broke();
	}
	if (!signal.aborted && !stop.disabled)
		rest();
}

/** A run; where the house is full it is asked for again, as soon as the server says. @param {Order} order @param {AbortSignal} signal */
async function* patiently(order, signal) {
	for (;;) {
		try {
			return yield* generate(order, signal);
		} catch (error) {
			if (!(error instanceof Refused) || !error.retry)
				throw error;
			for (let left = error.retry; left > 0 && !signal.aborted; left--) {
				view.say(words.full(left));
				await new Promise((resolve) => setTimeout(resolve, 1000));
			}
			signal.throwIfAborted();
		}
	}
}

/** From now on the page opens without a network. */
async function install() {
	try {
		await navigator.serviceWorker.register('sw.js');
	} catch {
		/* Forbidden, or unknown without https. */
	}
}

/** Ends the run on the page, if one is going on, and its stream: a connection has room for a few. */
function halt() {
	current.abort();
	if (stop.disabled)
		return;
	view.end('stopped');
	rest();
}

/** Nothing is going on: Stop has no work, and must not keep the focus. */
function rest() {
	if (document.activeElement === stop)
		get('#generate').focus();
	stop.disabled = true;
	if (document.body.dataset.run !== 'refused')
		store();
}

/** Models write what servers do not take back. */
const clean = (text = '', most = 0) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, ' ').slice(0, most);

/** @param {view.Dish} dish */
const trim = ({ name, intro }) => ({ name: clean(name, 300), intro: clean(intro, 1000) });

/** Some parts again, or at last, with what they need from the page. @param {string[]} want */
function partial(want) {
	const { missing, texts, ...dish } = view.recipe();
	const add = want.includes('add') || missing.includes('add') ? undefined : clean(texts.add, 6000);
	run({ ...ordered, want, given: dish.name ? { recipe: trim(dish), add } : undefined });
}

/** Keeps what is on the page, whole or not. */
function store() {
	const recipe = view.recipe();
	if (recipe.ideas.length || Object.values(recipe.texts).some((text) => text.trim()))
		keep({ ...recipe, order: ordered });
	shelve();
}

function shelve() {
	const list = all();
	get('#shelf').hidden = list.length === 0;
	get('#fleeting').hidden = !isFleeting();
	get('#kept').replaceChildren(...list.map((recipe) => make('li', { dir: 'auto' }, button(recipe.name || recipe.order.ingredientsOnHand, 'idea', () => {
		halt();
		ordered = recipe.order;
		view.open(recipe);
	}), recipe.missing.length ? ` (${words.unfinished})` : '')));
}

form.noValidate = true;
form.onsubmit = () => {
	const order = readOrder(form);
	if (typeof order === 'string')
		view.say(words.notSent(order));
	else
		run(order);
	return false;
};
form.addEventListener('keydown', (event) => {
	if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing)
		form.requestSubmit();
});
stop.onclick = halt;
/* A page that one can go back to would read on. */
addEventListener('pagehide', halt);
view.onIdea((dish) => run({ ...ordered, given: { recipe: trim(dish) } }));

const sheet = () => ({ ...view.recipe(), order: ordered });
const text = () => markdown(sheet(), view.six);
const clip = async (text = '') => view.say(await copy(text) ? words.copied : words.notCopied);
get('#finish').onclick = () => (get('#generate').focus(), partial(view.recipe().missing));
get('#cook').onclick = () => cooking(lines(view.recipe().texts.ste));
get('#print').onclick = () => print();
get('#copy').onclick = () => clip(text());
get('#markdown').onclick = () => download('recipe.md', 'text/markdown', text());
get('#jsonld').onclick = () => download('recipe.json', 'application/ld+json', jsonld(sheet()));
get('#forget').onclick = () => {
	forget();
	shelve();
	get('#ingredients').focus();
};
for (const section of view.six.filter((s) => s.part !== 'alt'))
	get(`#h-${section.part}`).after(make('span', { className: 'acts' },
		button(words.copy, 'act', () => clip(markdownOf(view.recipe().texts, section)), words.copyOf(section.title)),
		button(words.again, 'act', () => partial([section.part]), words.againOf(section.title))));
get('#offline').hidden = 'serviceWorker' in navigator;
shelve();
/* Where this fails a run will too, and say why. */
services().then(view.cooks, () => {});
