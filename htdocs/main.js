/** The recipe's page, wired: form to run, run to view and cookbook, and what one does with a recipe. */
import * as book from './book.js';
import { graph, services } from './client.js';
import { at as step, cooking } from './cooking.js';
import * as dish from './dish.js';
import { get, speak } from './dom.js';
import { shop } from './pantry.js';
import { clip, download, lines, markdownOf } from './paper.js';
import * as place from './place.js';
import { clean, halt, listen, onRun, run } from './runner.js';
import { asked, fileName, jsonld, markdown } from './sheet.js';
import * as shelf from './shelf.js';
import { offer } from './timers.js';
import { sign } from './trust.js';
import * as view from './view.js';
import { words } from './words.js';

/** @typedef {import('./client.js').Order} Order */

const cookingView = /** @type {HTMLDialogElement} */ (get('#cooking'));

/** The recipe on the page: its id in the book, '' if there is none, when it was ordered and as what, and whether the demo wrote it. */
let on = { id: '', made: 0, order: /** @type {Order} */ ({}), demo: false };
/** Whether the next run goes on with it. */
let goesOn = false;
let saving = 0;

onRun({ begun, complete: install, over });

/** @param {Order} order @param {boolean} more of the recipe on the page */
function start(order, more = false) {
	goesOn = more;
	run(order);
}

function over() {
	clearInterval(saving);
	store();
	/* Nothing came. */
	if (place.id() === on.id && !book.find(on.id))
		place.be();
}

/** @param {Order} order */
function begun(order) {
	if (!goesOn || !on.id)
		on = { id: book.newId(), made: Date.now(), order, demo: view.isDemo() };
	place.go(on.id);
	showAsked();
	/* A page may go at any time, without a word. */
	saving = setInterval(store, 1000);
}

const warn = sign(get('main'), (...notes) => get('#asked').after(...notes));
function showAsked() {
	speak(get('#asked'), () => asked(on));
	warn(on.order, on.demo);
}

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
	start({ ...on.order, want, given: chosen.name ? { recipe: trim(chosen), add } : undefined }, true);
}

/** @returns {import('./book.js').Kept} */
const sheet = () => ({ ...book.find(on.id), ...dish.recipe(), ...on, seen: Date.now() });

/** Keeps what is on the page, whole or not. */
function store() {
	const recipe = sheet();
	if (on.id && (recipe.ideas.length || Object.values(recipe.texts).some((text) => text.trim())))
		book.keep(recipe);
}

/** @param {import('./book.js').Kept} recipe */
function open(recipe) {
	halt();
	const { id, made, order, demo = false } = recipe;
	on = { id, made, order, demo };
	showAsked();
	dish.open(recipe);
	view.say(() => words.opened(recipe.name));
	book.change(id, { seen: Date.now() });
}

/** Shows what the address says. @param {import('./book.js').Kept} [otherwise] if it says nothing */
function arrive(otherwise) {
	const id = place.id();
	const recipe = id ? book.find(id) : otherwise;
	if (recipe && recipe.id !== on.id) {
		open(recipe);
		place.be(recipe.id);
	} else if (!recipe && (!id || id !== on.id)) {
		halt();
		on.id = '';
		dish.close();
		view.say(() => id ? words.unknown : words.ready);
	}
	if (place.isCooking())
		cook();
	else
		cookingView.close();
}

function cook() {
	const { texts } = dish.recipe();
	const steps = lines(texts.ste);
	const at = book.find(on.id)?.step ?? 0;
	cooking(steps, lines(texts.add), at < steps.length - 1 || place.isCooking() ? at : 0);
}

view.onAgain((part) => partial([part]));
listen(start);
dish.onIdea((dish) => start({ ...on.order, given: { recipe: trim(dish) } }));
shelf.onOpen((recipe) => (open(recipe), place.go(recipe.id)));
addEventListener('popstate', () => arrive());
/* After the run was halted for it. */
addEventListener('pagehide', book.leave);

const text = () => markdown(sheet(), dish.six);
get('#finish').onclick = () => (get('#generate').focus({ preventScroll: true }), partial(dish.recipe().missing));
get('#cook').onclick = () => {
	cook();
	if (cookingView.open)
		place.cook();
};
cookingView.addEventListener('turn', () => book.change(on.id, { step }));
cookingView.addEventListener('close', place.leave);
get('#recipe').addEventListener('change', () => book.change(on.id, { ticks: dish.recipe().ticks }));
get('#print').onclick = () => print();
get('#copy').onclick = () => clip(text());
get('#markdown').onclick = () => download(fileName(sheet().name, 'md'), 'text/markdown', text());
get('#jsonld').onclick = () => download(fileName(sheet().name, 'json'), 'application/ld+json', jsonld(sheet(), view.site()));
for (const section of dish.six.filter((s) => s.part !== 'alt'))
	section.offers(() => clip(markdownOf(dish.recipe().texts, section)), () => partial([section.part]));
shop(get('[data-part=add] .text'), () => on.order.ingredientsOnHand, clip);
offer(get('[data-part=ste] .text'));
get('#offline').hidden = 'serviceWorker' in navigator;
/* Where this fails a run will too, and say why. */
services().then(view.serves, () => {});
graph().then(view.named, () => {});
await book.load(shelf.draw);
if (document.body.dataset.run === 'idle')
	arrive(book.last());
