/** The recipe's page, wired: form to run, run to view, and what one does with a recipe. */
import { graph, services } from './client.js';
import { cooking } from './cooking.js';
import * as dish from './dish.js';
import { button, get, make } from './dom.js';
import { all, forget, isFleeting, jsonld, keep, markdown } from './keep.js';
import { readOrder } from './order.js';
import { shop } from './pantry.js';
import { copy, download, lines, markdownOf } from './paper.js';
import { clean, halt, onRun, run } from './runner.js';
import { offer } from './timers.js';
import * as view from './view.js';
import { words } from './words.js';

/** @typedef {import('./client.js').Order} Order */

const form = /** @type {HTMLFormElement} */ (get('#order'));

/** What the recipe on the page was ordered as. @type {Order} */
let ordered = { ingredientsOnHand: '', prepTime: '' };

onRun({ begun: (order) => ordered = order, complete: install, over: store });

/** From now on the page opens without a network. */
async function install() {
	try {
		await navigator.serviceWorker.register('sw.js');
	} catch {
		/* Forbidden, or unknown without https. */
	}
}

/** @param {dish.Dish} dish */
const trim = ({ name, intro }) => ({ name: clean(name, 300), intro: clean(intro, 1000) });

/** Some parts again, or at last, with what they need from the page. @param {string[]} want */
function partial(want) {
	const { missing, texts, ...chosen } = dish.recipe();
	const add = want.includes('add') || missing.includes('add') ? undefined : clean(texts.add, 6000);
	run({ ...ordered, want, given: chosen.name ? { recipe: trim(chosen), add } : undefined });
}

/** Keeps what is on the page, whole or not. */
function store() {
	const recipe = dish.recipe();
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
		dish.open(recipe);
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
dish.onIdea((dish) => run({ ...ordered, given: { recipe: trim(dish) } }));

const sheet = () => ({ ...dish.recipe(), order: ordered });
const text = () => markdown(sheet(), dish.six);
const clip = async (text = '') => view.say(await copy(text) ? words.copied : words.notCopied);
get('#finish').onclick = () => (get('#generate').focus({ preventScroll: true }), partial(dish.recipe().missing));
get('#cook').onclick = () => cooking(lines(dish.recipe().texts.ste), lines(dish.recipe().texts.add));
get('#print').onclick = () => print();
get('#copy').onclick = () => clip(text());
get('#markdown').onclick = () => download('recipe.md', 'text/markdown', text());
get('#jsonld').onclick = () => download('recipe.json', 'application/ld+json', jsonld(sheet()));
get('#forget').onclick = () => {
	forget();
	shelve();
	get('#ingredients').focus();
};
for (const section of dish.six.filter((s) => s.part !== 'alt'))
	get(`#h-${section.part}`).after(make('span', { className: 'acts' },
		button(words.copy, 'act', () => clip(markdownOf(dish.recipe().texts, section)), words.copyOf(section.title)),
		button(words.again, 'act', () => partial([section.part]), words.againOf(section.title))));
shop(get('[data-part=add] .text'), () => ordered.ingredientsOnHand, clip);
offer(get('[data-part=ste] .text'));
get('#offline').hidden = 'serviceWorker' in navigator;
shelve();
/* Where this fails a run will too, and say why. */
services().then(view.serves, () => {});
graph().then(view.named, () => {});
