/** The page: events in, DOM out. It knows nothing of the network. */
import './lang.js';
import { button, get, make } from './dom.js';
import * as race from './race.js';
import { Section } from './section.js';
import { explained, seconds, words } from './words.js';

/** @typedef {{ name: string, intro: string }} Dish */

const page = document.body.dataset;
const name = get('#name');
const intro = get('#intro');
/** The recipe's head stands for init. */
const head = new Section(get('#recipe > header'));
export const six = [...document.querySelectorAll('section')].map((e) => new Section(e));
const all = new Map([head, ...six].map((s) => [s.part, s]));
const written = () => six.filter((s) => s.isWritten).length;
const ideas = get('[data-part=alt] .text');
ideas.id = 'ideas';

/** The dish on the page; its name is '' while there is none. */
let chosen = { name: '', intro: '' };
/** @type {Dish[]} */
let others = [];
let patience = 0;
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

/** In the one line that is read aloud. */
export const say = (text = '') => get('#status').textContent = text;

function problem(title = '', text = '') {
	get('#problem').hidden = text === '';
	get('#problem-title').textContent = title;
	get('#problem-text').textContent = text;
}

/** There was no run at all. */
export function refuse(title = '', text = '') {
	page.run = 'refused';
	say(words.nothing);
	problem(title, text);
}

/** An order has gone out; what the page shows stays until an answer comes. @param {Dish} [recipe] */
export function sent(recipe) {
	page.run = 'sent';
	given = recipe;
	say(words.sent);
	problem();
	clearTimeout(patience);
	patience = setTimeout(() => page.run === 'sent' && say(words.connecting), 5000);
}

/** @param {Record<string, unknown>} about whether it is the demo cook, and how to end that */
export function cooks({ demo, hint }) {
	get('#demo').hidden = demo !== true;
	get('#demo-hint').textContent ||= string(hint);
}

/** @param {Dish} dish */
function choose(dish) {
	chosen = dish;
	name.textContent = dish.name || words.choosing;
	intro.textContent = dish.intro;
	document.title = dish.name ? `${dish.name} \u00b7 recipe.fcgi` : 'recipe.fcgi';
}

/** @param {Dish[]} dishes */
function offer(dishes) {
	others = dishes;
	ideas.replaceChildren(...dishes.map((dish) => make('li', { dir: 'auto' },
		make('b', {}, button(dish.name, 'idea', () => cook(dish))), ' ', make('span', {}, dish.intro))));
}

/** The answer begins. @param {string[]} parts those that are written, and emptied before */
function begin(parts) {
	page.run = 'running';
	const more = given?.name === chosen.name;
	if (given || parts.includes('init'))
		choose(dish(given));
	if (parts.includes('alt'))
		offer([]);
	const runners = [head, ...six].filter((s) => parts.includes(s.part));
	runners.forEach((section) => section.begin());
	race.begin(runners, more);
	get('#total').textContent = '';
	get('#tools').hidden = get('#finish').hidden = get('#frontispiece').hidden = true;
	const recipe = get('#recipe');
	recipe.hidden = get('#notes').hidden = false;
	/* On a phone the form fills the screen; show what the tap has begun. */
	if (recipe.getBoundingClientRect().top > innerHeight / 2)
		recipe.scrollIntoView();
}

/** The run is over; what came is kept. @param {'done' | 'stopped' | 'broken'} outcome @param {number} [ms] */
export function end(outcome, ms) {
	page.run = outcome;
	for (const section of [head, ...six])
		if (!section.isFinal && section.state)
			section.setState(outcome === 'done' ? 'broken' : outcome);
	const { missing } = recipe();
	if (!chosen.name)
		name.textContent = words.noName;
	race.end();
	get('#tools').hidden = written() === 0;
	get('#finish').hidden = missing.length === 0;
	say(outcome === 'done' ? words.finished(written(), six.length, seconds(ms)) : outcome === 'stopped' ? words.stopped : words.broke(written(), six.length));
}

/** No more events come: the run broke, unless it was over. */
export function broke() {
	if (page.run === 'running')
		end('broken');
	else if (page.run === 'sent')
		refuse(words.unreachableTitle, words.unreachable);
}

/** @param {Record<string, any>} about a _part */
function change(about) {
	const section = all.get(about.part);
	section?.setState(string(about.state), about);
	race.take(about, section?.by ?? '');
	if (section !== head && section?.isWritten)
		say(words.progress(written(), six.length));
}

/** @param {Record<string, any>} error */
function explain(error) {
	const section = all.get(error.part);
	if (error.part === null)
		problem(words.runTitle, explained(error));
	/* The state of what is skipped has said why. */
	else if (section?.state !== 'skipped')
		section?.note(explained(error));
}

/** @param {Record<string, any>} done */
function total({ ms, first_ms, tokens }) {
	const count = tokens?.out ? (tokens.estimated ? words.about : '') + tokens.out : '';
	get('#total').textContent = words.total(seconds(ms), seconds(first_ms), count);
}

/** @param {import('./api.js').WireEvent} event @returns {boolean} whether a whole run ends with it */
export function show(event) {
	if (event.kind === 'text') {
		all.get(event.part)?.append(event.text);
		return false;
	}
	const { value } = event;
	switch (event.name) {
	case '_run':
		cooks(value);
		begin(value.parts);
		say(words.begun);
		break;
	case '_waiting':
		clearTimeout(patience);
		say(words.queued(value.ahead));
		break;
	case '_pick':
		choose(dish(value));
		say(words.named(string(value.name)));
		break;
	case '_alternates':
		offer(Array.isArray(value.items) ? value.items.map(dish) : []);
		break;
	case '_part': change(value); break;
	case '_error': explain(value); break;
	case '_done':
		total(value);
		end('done', value.ms);
	}
	return event.name === '_done';
}

/** What is on the page, and the parts that a cook would miss: beside a dish no other ideas. */
export function recipe() {
	return {
		...chosen, texts: Object.fromEntries(six.map((s) => [s.part, s.text])), ideas: others, laps: [...race.laps],
		missing: six.filter((s) => !s.isWritten && s.state && !(chosen.name && s.part === 'alt')).map((s) => s.part),
	};
}

/** @param {import('./keep.js').Kept} kept shown as it was */
export function open(kept) {
	given = kept;
	begin([head, ...six].map((s) => s.part));
	offer(kept.ideas);
	for (const section of [head, ...six]) {
		section.append(string(kept.texts[section.part]));
		section.setState(kept.missing.includes(section.part) || section.holder === ideas && !others.length ? 'stopped' : 'done');
	}
	end(kept.missing.length ? 'stopped' : 'done');
	page.run = 'kept';
	race.end(new Map(kept.laps));
}
