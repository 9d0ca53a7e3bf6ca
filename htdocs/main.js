import * as book from './book.js';
import { graph } from './client.js';
import { at, cooking } from './cooking.js';
import * as dish from './dish.js';
import { get, speak } from './dom.js';
import { wire } from './page.js';
import { shop } from './pantry.js';
import { asked, clip, download, fileName, jsonld, lines, quiet } from './paper.js';
import * as place from './place.js';
import { halt, run } from './runner.js';
import * as shelf from './shelf.js';
import { offer } from './timers.js';
import { sign } from './trust.js';
import * as view from './view.js';
import { words } from './words.js';

const { add, ste } = dish.parts.sections;
const cookingView = get('#cooking');
/** @type {Pick<Kept, 'id' | 'made' | 'order' | 'demo' | 'run' | 'whole'>} */
let on = { id: '', made: 0, order: {} };
let saving = 0;

const warn = sign(get('main'), (...notes) => get('#asked').after(...notes));
function showAsked() {
	speak(get('#asked'), () => asked(on));
	warn(on.order, !!on.demo);
}

/** @returns {Kept} */
const sheet = () => ({ ...book.find(on.id), ...dish.recipe(), ...on, seen: Date.now() });

const isLive = () => on.run && !on.run.over;

function store() {
	const recipe = sheet();
	if (on.id && (isLive() || recipe.ideas.length || Object.values(recipe.texts).some((text) => text.trim())))
		book.keep(recipe);
	else if (book.find(on.id))
		book.remove(recipe);
}

/** What is still written is read on. @param {Kept} recipe */
function open(recipe) {
	halt();
	const { id, made, order, demo, run: last, whole } = recipe;
	on = { id, made, order, demo, run: last, whole: last?.more ? whole : last };
	showAsked();
	dish.open(recipe);
	view.say(() => words.opened(recipe.name));
	book.change(id, { seen: Date.now() });
	if (last && !last.over)
		run(last.order, last.more, last);
}

/** By a link to a run, which may be one's own. */
function visit(id = '') {
	const own = book.recipes().find(({ whole }) => whole?.id === id);
	if (own) {
		open(own);
		place.be(own.id);
	} else {
		halt();
		on = { id: '', made: 0, order: {} };
		run({}, false, { id, key: '' });
	}
}

/** @param {Kept} [otherwise] if the address says nothing */
function arrive(otherwise) {
	if (place.run())
		return visit(place.run());
	const id = place.id();
	const recipe = id ? book.find(id) : otherwise;
	if (recipe && recipe.id !== on.id) {
		open(recipe);
		place.be(recipe.id);
	} else if (!recipe && id !== on.id) {
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
	const steps = lines(ste.text);
	const step = book.find(on.id)?.step ?? 0;
	cooking(steps, lines(add.text), step < steps.length - 1 || place.isCooking() ? step : 0);
}

wire({
	...dish, sheet: get('#recipe'),
	ordered: () => on.order,
	begun(order, more, run, isOld) {
		const isGiven = place.run() !== '';
		if (!on.id || !more && !isOld)
			on = { id: book.newId(), made: Date.now(), order, demo: view.isDemo() };
		on.run = run;
		if (!more)
			on.whole = run;
		(isGiven ? place.be : place.go)(on.id);
		showAsked();
		/* The page is emptied for it first; and it may go without a word. */
		setTimeout(store);
		saving = setInterval(store, 1000);
	},
	complete: () => navigator.serviceWorker?.register('sw.js').catch(() => {}),
	over(isFinal) {
		clearInterval(saving);
		saving = 0;
		if (isFinal && on.run)
			on.run.over = Date.now();
		store();
		if (place.id() === on.id && !book.find(on.id))
			place.be();
	},
	gone() {
		/* Long ago. */
		if (on.run)
			on.run.over = 1;
		store();
		const recipe = book.find(on.id);
		if (recipe)
			open(recipe);
		else
			view.refuse(() => words.runTitle, () => words.gone);
	},
	linked: () => on.whole,
	/* Another idea is another recipe. */
	take: (list, element) => run({ ...on.order, given: { recipe: element } }),
	head() {
		const { name, intro } = dish.recipe();
		return [`# ${quiet(name)}`, quiet(intro), quiet(asked(on))].filter(Boolean);
	},
	file: (end) => fileName(dish.recipe().name, end),
});
shelf.onOpen((recipe) => (open(recipe), place.go(recipe.id)));
addEventListener('popstate', () => arrive());
addEventListener('pagehide', () => {
	if (saving)
		store();
	book.leave();
});

get('#cook').onclick = () => {
	cook();
	if (cookingView.open)
		place.cook();
};
cookingView.addEventListener('turn', () => book.change(on.id, { step: at }));
cookingView.addEventListener('close', place.leave);
get('#recipe').addEventListener('change', () => book.change(on.id, { ticks: dish.recipe().ticks }));
get('#jsonld').onclick = () => download(fileName(dish.recipe().name, 'json'), 'application/ld+json', jsonld(sheet(), view.site()));
shop(add.holder, () => on.order.ingredientsOnHand, clip);
offer(ste.holder);
get('#offline').hidden = 'serviceWorker' in navigator;
graph().then(view.named, () => {});
await book.load(shelf.draw);
if (document.body.dataset.run === 'idle')
	arrive(book.last());
