/** The recipe's skin of the page: its head, which is the dish, and the other ideas. */
import { button, get, make, speak, tongue } from './dom.js';
import { Growing } from './growing.js';
import * as race from './race.js';
import { tick, ticked } from './lines.js';
import { Section } from './section.js';
import * as view from './view.js';
import { words } from './words.js';

/** @typedef {{ name: string, intro: string }} Dish */

const name = get('#name');
const intro = get('#intro');
/** The recipe's head stands for init. */
const head = new Growing(get('#recipe > header'), 'name', 3);
/** In the order of a text, which begins with what has no heading there. */
export const six = [...document.querySelectorAll('section')].map((e) => new Section(e)).sort((a, b) => Number(b.form === 'prose') - Number(a.form === 'prose'));
const all = [head, ...six];
const ideas = get('[data-part=alt] .text');
ideas.id = 'ideas';

/** The dish on the page; its name is '' while there is none. */
let chosen = { name: '', intro: '' };
/** @type {Dish[]} */
let others = [];
/** The dish of a run that chooses none. @type {Dish | undefined} */
let given;
/** What a click on another idea does. @type {(dish: Dish) => any} */
let cook;

/** @param {unknown} value */
const string = (value) => typeof value === 'string' ? value : '';
/** @param {any} dish @returns {Dish} */
const dish = (dish) => ({ name: string(dish?.name), intro: string(dish?.intro) });

/** @param {typeof cook} act */
export const onIdea = (act) => cook = act;

/** @param {Dish} dish */
function choose(dish) {
	chosen = dish;
	if (dish.name)
		head.settle();
	speak(name, () => dish.name || words.choosing);
	name.className = dish.name ? '' : 'open';
	tongue(name, dish.name);
	tongue(intro, dish.intro).textContent = dish.intro;
	view.title(dish.name);
}

/** @param {Dish[]} dishes */
function offer(dishes) {
	others = dishes;
	ideas.replaceChildren(...dishes.map((dish) => tongue(make('li', { dir: 'auto' },
		make('b', {}, button(dish.name, 'idea', () => cook(dish))), ' ', make('span', {}, dish.intro)), dish.name)));
}

/** @param {string[]} parts */
function begin(parts) {
	const more = given?.name === chosen.name;
	/* A dish that is taken from the list leaves its place there to the one before. */
	if (given && !more && chosen.name) {
		const { name, intro } = given;
		const like = others.filter((other) => other.name === name);
		const taken = like.find((other) => other.intro === intro) ?? like[0];
		offer(others.map((other) => other === taken ? chosen : other));
	}
	if (given || parts.includes('init'))
		choose(dish(given));
	if (parts.includes('alt'))
		offer([]);
	get('#frontispiece').hidden = true;
	get('#notes').hidden = false;
	return more;
}

function end() {
	head.settle();
	speak(name, () => chosen.name || words.noName);
	get('#cook').hidden = !recipe().texts.ste.trim();
}

view.wear({
	all, counted: six, sheet: get('#recipe'), begin,
	sent: (order) => given = order.given?.recipe,
	pick: (value) => (choose(dish(value)), chosen.name),
	offer: (items) => offer(items.map(dish)),
	end,
	missing: () => recipe().missing,
});

/** What is on the page, and the parts that a cook would miss: beside a dish no other ideas. */
export function recipe() {
	return {
		...chosen, texts: Object.fromEntries(six.map((s) => [s.part, s.text])), ideas: others, laps: [...race.laps],
		ticks: Object.fromEntries(six.map((s) => [s.part, ticked(s.holder)])),
		missing: six.filter((s) => !s.isWritten && s.state && !(chosen.name && s.part === 'alt')).map((s) => s.part),
	};
}

/** No dish is on the page: it is as it was at first. */
export function close() {
	for (const part of ['#recipe', '#notes', '#race', '#more', '#cook', '#finish'])
		get(part).hidden = true;
	speak(get('#total'), '');
	get('#frontispiece').hidden = false;
	document.body.dataset.run = 'idle';
	view.title();
}

/** @param {import('./book.js').Kept} kept shown as it was */
export function open(kept) {
	given = kept;
	view.begin(all.map((s) => s.part));
	offer(kept.ideas);
	for (const section of all) {
		delete section.root.dataset.room;
		section.append(string(kept.texts[section.part]));
		section.setState(kept.missing.includes(section.part) || section.holder === ideas && !others.length ? 'stopped' : 'done');
		tick(section.holder, kept.ticks?.[section.part] ?? []);
	}
	view.end(kept.missing.length ? 'stopped' : 'done');
	document.body.dataset.run = 'kept';
	race.end(new Map(kept.laps));
}
