/**
 * One part on the page: its text as it comes, its state in words,
 * who writes it, what went wrong. What it says is kept here, beside the page,
 * whose words a translating browser replaces by its own.
 */
import { button, get, make, speak, spokenIn, tongue } from './dom.js';
import { LISTS, Lines } from './lines.js';
import { hold } from './room.js';
import { seconds, words } from './words.js';

/** Nothing shows yet; all came; no more comes, and not all did. */
const DUE = ['waiting', 'start'];
const WRITTEN = ['done', 'cut'];
const BAD = ['filtered', 'failed', 'skipped', 'stopped', 'broken'];

/** What the parts are called, in the language of the page. @type {Record<string, Section>} */
const sections = {};

export class Section {
	#word = make('span', { className: 'word' });
	#by = make('span', { className: 'by' });
	#note = make('p', { className: 'note', dir: 'auto', hidden: true });
	/** All that came, and what of it is not on the page yet. */
	text = '';
	#pending = '';
	/** Whether its text is JSON, which shows otherwise. */
	isList = false;
	/** Who writes it. */
	by = '';
	#frame = 0;
	/** @type {Lines | null} null where the text of this part is not shown as it comes */
	#lines = null;
	/** What it waits for, in words. @type {(() => string) | undefined} */
	#due;
	#heading;
	#body;

	/**
	 * @param {HTMLElement} root with its part, its form and a heading; the rest is made here. Of the
	 * form "elements" the page fills the list, of "head" there is no text
	 * @param {{ due?: () => string, unmarked?: boolean }} [more] what the part waits for; and whether the marks
	 * that a model writes before the lines of a list are left out
	 */
	constructor(root, { due, unmarked = false } = {}) {
		const part = this.part = root.dataset.part ?? '';
		const form = this.form = root.dataset.form ?? 'prose';
		this.#due = due ?? (() => words.waiting[part]);
		const heading = this.#heading = get('h2, h3', root);
		/** What it fills. */
		this.root = root;
		heading.tabIndex = -1;
		sections[part] = this;
		this.holder = make(LISTS[form] ?? 'div', { className: 'text', dir: 'auto' });
		if (form !== 'elements' && form !== 'head')
			this.#lines = new Lines(this.holder, form, unmarked);
		if (root.localName === 'section')
			root.setAttribute('aria-labelledby', heading.id = `h-${part}`);
		root.append(make('p', { className: 'state' }, this.#word, ' ', this.#by), this.#body = make('div', { className: 'body' }, this.holder, this.#note));
	}

	/** What it is called, in the language of the page. The recipe's head has the dish in its heading. */
	get title() {
		return this.form === 'head' ? words.recipe : spokenIn(this.#heading);
	}

	/** One of the wire's, or waiting, or broken; '' before the first run. */
	get state() {
		return this.root.dataset.state ?? '';
	}

	get isWritten() {
		return WRITTEN.includes(this.state);
	}

	get isFinal() {
		return this.isWritten || BAD.includes(this.state);
	}

	/** Empties the section for a new run, and makes room for it. `more`: of the same recipe. */
	begin(more = false) {
		hold(this.root, more && this.isWritten && this.#body);
		this.#clear();
		this.#sign('');
		this.note();
		this.setState('waiting');
	}

	append(text = '') {
		if (!this.#lines && !this.isList)
			return;
		this.text += text;
		if (!this.holder.lang)
			tongue(this.holder, text);
		this.#pending += text;
		/* Once a frame: a token may come every millisecond. */
		this.#frame ||= requestAnimationFrame(() => this.#flush());
	}

	/** @param {Record<string, any>} [about] the _part that says so */
	setState(state = '', about = {}) {
		if (state === 'reset')
			this.#clear();
		else
			this.#flush();
		this.root.dataset.state = state;
		this.root.className = DUE.includes(state) ? 'due' : this.isWritten ? 'over' : this.isFinal ? 'over bad' : '';
		this.root.setAttribute('aria-busy', String(state !== 'waiting' && !this.isFinal));
		speak(this.#word, () => this.#say(state, about));
		if (this.isFinal)
			this.#lines?.close();
		if (about.service || about.model) {
			/* Providers prefix their models with a path; its end is the name. */
			const model = String(about.model ?? '').split('/').pop();
			this.#sign([...new Set([about.service, model])].filter(Boolean).join(' \u00b7 '));
		}
	}

	#sign(by = '') {
		this.#by.textContent = this.by = by;
	}

	/** The state in words. @param {string} state @param {Record<string, any>} about @returns {string} */
	#say(state, { ms, attempt, why, ahead }) {
		if (state === 'waiting' && ms !== undefined)
			return words.queues(ahead);
		if (state === 'waiting')
			return words.waits(this.#due?.());
		if (state === 'done' && ms !== undefined)
			return words.doneIn(seconds(ms));
		if (state === 'skipped' && sections[why])
			return words.skippedFor(sections[why].title);
		return (words.states[state] ?? '') + (attempt > 1 && /start|first/.test(state) ? words.attempt(attempt) : '');
	}

	/** Shown inside the section. @param {import('./dom.js').Words} text @param {Element[]} more what one can do about it */
	note(text = '', ...more) {
		this.#note.replaceChildren(speak(make('span', {}), text), ...more.flatMap((e) => [' ', e]));
		this.#note.hidden = text === '';
	}

	/** What one can do with it, beside its heading. @param {() => any} copy @param {() => any} again */
	offers(copy, again) {
		this.#heading.after(make('span', { className: 'acts' },
			button(() => words.copy, 'act', copy, () => words.copyOf(this.title)),
			button(() => words.again, 'act', again, () => words.againOf(this.title))));
	}

	#clear() {
		this.text = this.#pending = '';
		tongue(this.holder);
		this.#flush();
		this.#lines?.clear();
	}

	#flush() {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		this.draw(this.#pending);
		this.#pending = '';
	}

	/** Puts more of its text on the page. */
	draw(text = '') {
		this.#lines?.append(text);
	}
}
