/** The parts of GET /graph as sections of the page: what is picked, what else there was, and what a run of some parts needs. */
import { button, get, make, speak } from './dom.js';
import { Growing } from './growing.js';
import { said } from './lang.js';
import { clean } from './runner.js';
import { Section } from './section.js';

/**
 * @typedef {{ name: string, title: any, form: string, needs: string[], each?: string,
 *	list?: { items: number, fields: string[], pick: string } }} Part
 * @typedef {Record<string, string>} Element of a list: its fields
 * @typedef {{ picked?: Element, others: Element[], listed?: boolean }} List what is picked, and what else there was; whether that is known
 */

export class Parts {
	/** @type {Part[]} */
	#parts;
	/** @type {Map<string, Section>} */
	sections;
	/** By part. @type {Map<string, List>} */
	#lists = new Map();
	/** Called when a visitor takes another element. @type {(part: Part, element: Element) => any} */
	onChoice = () => {};

	/** @param {Part[]} parts */
	constructor(parts) {
		this.#parts = parts;
		this.sections = new Map(parts.map((part) => [part.name, this.#section(part)]));
	}

	/** @param {Part} part */
	#section(part) {
		const root = make('section', {}, speak(make('h2', {}), () => said(part.title)));
		root.dataset.part = part.name;
		root.dataset.form = part.list || part.each ? 'elements' : part.form === 'choice' ? 'list' : part.form;
		const due = part.each ? [part.each] : part.needs;
		const titles = () => due.map((name) => said(this.#of(name)?.title)).join(', ');
		get('#sheet').append(root);
		const more = { due: titles, unmarked: true };
		return part.list ? new Growing(root, part.list.fields[0], part.list.items, more) : new Section(root, more);
	}

	/** The part of that name, or whose pick has it. */
	#of(name = '') {
		return this.#parts.find((part) => part.name === name || part.list?.pick === name);
	}

	/** @param {Part} part @returns {List} */
	#list(part) {
		return this.#lists.get(part.name) ?? { others: [] };
	}

	/** The parts that a run of these, with these picks given, empties. @param {string[]} names @param {Record<string, any>} given */
	begin(names, given) {
		for (const part of this.#parts.filter(({ list }) => list)) {
			const pick = given[part.list?.pick ?? ''];
			const { picked, others } = this.#list(part);
			if (names.includes(part.name))
				this.#lists.delete(part.name);
			else if (pick && !same(part, picked, pick))
				this.#lists.set(part.name, { picked: pick, listed: true, others: [...picked ? [picked] : [], ...others.filter((o) => !same(part, o, pick))] });
			this.#draw(part);
		}
	}

	/** @param {any} value of _pick @returns {string} what it is called */
	pick(value) {
		const part = this.#whose([value], ({ picked }) => !picked);
		if (!part?.list)
			return '';
		const picked = Object.fromEntries(part.list.fields.map((field) => [field, String(value[field] ?? '')]));
		this.#lists.set(part.name, { others: [], picked });
		this.#draw(part);
		return picked[part.list.fields[0]];
	}

	/** @param {any[]} others of _alternates */
	offer(others) {
		const part = this.#whose(others, ({ picked, listed }) => picked !== undefined && !listed);
		if (!part)
			return;
		this.#lists.set(part.name, { ...this.#list(part), others, listed: true });
		this.#draw(part);
	}

	/**
	 * The events of a list do not say whose they are. It is a list in whose text, which is JSON,
	 * these names are; of several, or if a model's JSON had to be mended, it is the first.
	 *
	 * @param {any[]} elements @param {(list: List) => boolean} fits
	 */
	#whose(elements, fits) {
		const lists = this.#parts.filter((part) => part.list && fits(this.#list(part)) && !['', 'waiting'].includes(this.sections.get(part.name)?.state ?? ''));
		return lists.find(({ name, list }) => elements.every((element) => {
			const called = element?.[list?.fields[0] ?? ''];
			return typeof called === 'string' && this.sections.get(name)?.text.includes(JSON.stringify(called).slice(1, -1));
		})) ?? lists[0];
	}

	/** The elements of a list, where they are shown: the picked one in its own section. @param {Part} part */
	#draw(part) {
		const { picked, others } = this.#list(part);
		const eaches = this.#parts.filter(({ each }) => each === part.name);
		const rest = (/** @type {boolean} */ pickable) => others.map((element) => this.#item(part, element, pickable));
		const own = /** @type {Growing} */ (this.sections.get(part.name));
		if (picked)
			own.settle();
		own.holder.replaceChildren(...picked ? [this.#item(part, picked, false)] : [], ...eaches.length ? [] : rest(true));
		for (const each of eaches)
			this.sections.get(each.name)?.holder.replaceChildren(...rest(each.form === 'choice'));
	}

	/** @param {Part} part @param {Element} element */
	#item(part, element, pickable = false) {
		const [first, ...more] = part.list?.fields ?? [];
		const name = element[first] ?? '';
		return make('li', { dir: 'auto' }, make('b', {}, pickable ? button(name, 'idea', () => this.onChoice(part, element)) : name),
			...more.flatMap((field) => [' ', make('span', {}, element[field] ?? '')]));
	}

	/** All that is written anew when this list's pick is another one. @param {Part} part @returns {string[]} */
	after(part) {
		/** @type {Set<string>} */
		const names = new Set();
		const picks = new Set([part.list?.pick]);
		for (const { name, needs, each, list } of this.#parts)
			if (needs.some((need) => names.has(need) || picks.has(need)) || names.has(each ?? '')) {
				names.add(name);
				picks.add(list?.pick);
			}
		return [...names];
	}

	/** A part again: of a list, with all that follows from it. @param {Part} part @returns {string[]} */
	again(part) {
		return part.list ? [part.name, ...this.#parts.filter(({ each }) => each === part.name).map(({ name }) => name), ...this.after(part)] : [part.name];
	}

	/** What those parts need of the page; what it has not is written with them. @param {string[]} want @returns {Record<string, any>} */
	given(want) {
		/** @type {Record<string, any>} */
		const given = {};
		const seen = new Set(want);
		const look = (/** @type {string} */ need) => {
			const part = this.#of(need);
			if (!part || seen.has(part.name))
				return;
			seen.add(part.name);
			const { picked } = this.#list(part);
			if (part.list && need === part.list.pick && picked)
				given[need] = trim(picked);
			else if (!part.list && this.sections.get(part.name)?.isWritten)
				given[need] = clean(this.sections.get(part.name)?.text, 6000);
			else
				part.needs.forEach(look);
		};
		for (const name of want)
			this.#of(name)?.needs.forEach(look);
		return given;
	}

	/** The parts that were to be written and are not; who has a pick misses no alternates. @returns {string[]} */
	missing() {
		return this.#parts.filter(({ name, each }) => {
			const section = this.sections.get(name);
			const list = this.#of(each);
			return section?.state && !section.isWritten && !(list && this.#list(list).picked);
		}).map(({ name }) => name);
	}

	/** Their texts, as they leave the page; of a list, what is picked. @returns {Record<string, string>} */
	texts() {
		return Object.fromEntries(this.#parts.map((part) => {
			const { picked } = this.#list(part);
			return [part.name, !part.list ? this.sections.get(part.name)?.text ?? '' : Object.values(picked ?? {}).filter(Boolean).join(': ')];
		}));
	}
}

/** As a server takes it back. @param {Element} element */
export const trim = (element) => Object.fromEntries(Object.entries(element).map(([field, text]) => [field, clean(String(text), 1000)]));

/** Whether two elements are the same, which their names decide. @param {Part} part @param {Element | undefined} a @param {Element | undefined} b */
function same({ list }, a, b) {
	const field = list?.fields[0] ?? '';
	return a?.[field] === b?.[field];
}
