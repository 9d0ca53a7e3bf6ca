import { get, speak, tongue } from './dom.js';
import { tick, ticked } from './lines.js';
import { makeParts } from './parts.js';
import * as race from './race.js';
import { makeSection } from './section.js';
import * as view from './view.js';
import { words } from './words.js';

/** In the order of a text. @type {Part[]} */
const GRAPH = [
	{ name: 'init', needs: [], list: { items: 3, fields: ['name', 'intro'], pick: 'recipe' } },
	{ name: 'int', needs: ['recipe'] },
	{ name: 'add', needs: ['recipe'] },
	{ name: 'ste', needs: ['recipe', 'add'] },
	{ name: 'sde', needs: ['recipe'] },
	{ name: 'ing', needs: [] },
	{ name: 'alt', needs: [], each: 'init', form: 'choice' },
];
const name = get('#name');
const intro = get('#intro');
const dish = () => ({ name: '', intro: '', ...ideas?.picked });

export const parts = makeParts(GRAPH, ({ name, list }) => makeSection(get(`[data-part=${name}]`), { list }), () => {
	const is = dish();
	speak(tongue(name, is.name), () => is.name || words.choosing).className = is.name ? '' : 'open';
	tongue(intro, is.intro).textContent = is.intro;
	view.title(is.name);
});
const ideas = parts.listOf('init');
const [head, ...six] = Object.values(parts.sections);
parts.sections.alt.holder.id = 'ideas';
export const counted = six;

export function begin() {
	get('#notes').hidden = false;
}

export function end() {
	head.settle();
	speak(name, () => dish().name || words.noName);
	get('#cook').hidden = !parts.sections.ste.text.trim();
}

export const recipe = () => ({
	...dish(), ideas: ideas?.others ?? [], laps: [...race.laps], missing: parts.missing(),
	texts: Object.fromEntries(six.map((s) => [s.part, s.text])), ticks: Object.fromEntries(six.map((s) => [s.part, ticked(s.holder)])),
});

export function close() {
	for (const part of ['#recipe', '#notes', '#race', '#more', '#cook', '#finish'])
		get(part).hidden = true;
	speak(get('#total'), '');
	get('#frontispiece').hidden = false;
	document.body.dataset.run = 'idle';
	view.title();
}

/** @param {Kept} kept */
export function open({ name, intro, ideas, texts, missing, ticks = {}, laps }) {
	view.begin(Object.keys(parts.sections));
	for (const { root, part, holder, append, setState } of [head, ...six]) {
		delete root.dataset.room;
		append(texts[part] ?? '');
		setState(missing.includes(part) || part === 'alt' && !ideas.length ? 'stopped' : 'done');
		tick(holder, ticks[part] ?? []);
	}
	if (name)
		parts.pick({ name, intro });
	parts.offer(ideas);
	view.end(missing.length ? 'stopped' : 'done');
	document.body.dataset.run = 'kept';
	race.end(new Map(laps));
}
