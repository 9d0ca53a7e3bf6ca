// @ts-check
/**
 * One part of the recipe on the page: its text as it comes, its state in
 * words, who writes it, and what went wrong.
 */
import { Lines } from './lines.js';
import { words } from './words.js';

/** After these nothing more comes. */
const FINAL = new Set(['done', 'cut', 'filtered', 'failed', 'skipped', 'stopped', 'broken']);

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function get(root, selector) {
	const found = root.querySelector(selector);
	if (!(found instanceof HTMLElement))
		throw new Error(`the page lacks ${selector}`);
	return found;
}

export class Section {
	#root;
	#word;
	#by;
	#note;
	/** @type {Lines | null} null where text of this part is not shown */
	#lines = null;
	#pending = '';
	#frame = 0;
	/** @type {Element | null} */
	#text;

	/** @param {HTMLElement} root */
	constructor(root) {
		this.#root = root;
		this.part = root.dataset.part ?? '';
		this.#word = get(root, '.word');
		this.#by = get(root, '.by');
		this.#note = get(root, '.note');
		const holder = root.querySelector('.text');
		if (holder instanceof HTMLElement)
			this.#lines = new Lines(holder, this.part === 'ste', this.part === 'ste' || this.part === 'add');
		this.#text = holder;
	}

	get state() {
		return this.#root.dataset.state ?? '';
	}

	/** What is written so far. */
	get text() {
		return this.#text?.textContent ?? '';
	}

	get isFinal() {
		return FINAL.has(this.state);
	}

	get isWritten() {
		return this.state === 'done' || this.state === 'cut';
	}

	/** Whether the state says already why nothing came. */
	get isExplained() {
		return this.state === 'skipped' && this.#word.textContent !== words.state(this.part, 'skipped');
	}

	/** Empties the section for a new run. */
	begin() {
		this.#clear();
		this.#by.textContent = '';
		this.#by.title = '';
		this.note('');
		this.setState('waiting');
	}

	/** @param {string} text */
	append(text) {
		if (!this.#lines)
			return;
		this.#pending += text;
		/* Once a frame: a token may come every millisecond. */
		this.#frame ||= requestAnimationFrame(() => this.#flush());
	}

	/**
	 * @param {string} state one of the wire's, or waiting, or broken
	 * @param {Record<string, any>} [about] the _part that says so
	 */
	setState(state, about = {}) {
		if (state === 'reset')
			this.#clear();
		else
			this.#flush();
		this.#root.dataset.state = state;
		if (this.isFinal)
			this.#lines?.close();
		this.#word.textContent = words.state(this.part, state, about);
		this.#root.setAttribute('aria-busy', String(state !== 'waiting' && !this.isFinal));
		if (about.service || about.model) {
			const model = String(about.model ?? '');
			/* Providers prefix their models with a path; its end is the name. */
			const names = new Set([about.service, model.split('/').pop()]);
			this.#by.textContent = [...names].filter(Boolean).join(' \u00b7 ');
			this.#by.title = model;
		}
		if (typeof about.why === 'string' && (state === 'failed' || state === 'filtered'))
			this.note(about.why);
	}

	/** @param {string} text shown inside the section; '' for none */
	note(text) {
		this.#note.textContent = text;
		this.#note.hidden = text === '';
	}

	#clear() {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#pending = '';
		this.#lines?.clear();
	}

	#flush() {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.#lines?.append(this.#pending);
		this.#pending = '';
	}
}
