// @ts-check
/**
 * The page: events in, DOM out. It knows nothing of the network.
 *
 * @typedef {'done' | 'stopped' | 'broken' | 'refused'} Outcome
 */
import { Section, get } from './section.js';
import { Race } from './race.js';
import { words } from './words.js';

/** @param {unknown} value */
const string = (value) => typeof value === 'string' ? value : '';

export class View {
	#status = get(document, '#status');
	#name = get(document, '#name');
	#intro = get(document, '#intro');
	#ideas = get(document, '#ideas');
	#total = get(document, '#total');
	#recipe = get(document, '#recipe');
	/** The recipe's head stands for init. */
	#head = new Section(get(document, '.title[data-part]'));
	#six = [...document.querySelectorAll('section[data-part]')].map((e) => new Section(/** @type {HTMLElement} */ (e)));
	#race = new Race();
	#sections = new Map([this.#head, ...this.#six].map((s) => [s.part, s]));

	/** An order has gone out; what the page shows stays until an answer comes. */
	sent() {
		document.body.dataset.run = 'sent';
		this.say(words.sent);
		this.#problem('', '');
	}

	/**
	 * The answer begins.
	 *
	 * @param {string[]} [want] the parts that are written; all by default
	 * @param {{ name: string, intro: string }} [recipe] which is known already
	 */
	begin(want = [...this.#sections.keys()], recipe) {
		document.body.dataset.run = 'running';
		document.title = recipe ? `${recipe.name} \u00b7 recipe.fcgi` : 'recipe.fcgi';
		this.#name.textContent = recipe?.name ?? words.choosing;
		this.#intro.textContent = recipe?.intro ?? '';
		if (want.includes('alt'))
			this.#ideas.replaceChildren();
		this.#total.textContent = '';
		get(document, '#tools').hidden = get(document, '#rest').hidden = true;
		for (const part of want)
			this.#sections.get(part)?.begin();
		this.#race.begin();
		get(document, '#frontispiece').hidden = true;
		this.#recipe.hidden = false;
		get(document, '#notes').hidden = false;
		this.say(words.started);
		/* On a phone the form fills the screen; show what the tap has begun. */
		if (this.#recipe.getBoundingClientRect().top > innerHeight / 2)
			this.#recipe.scrollIntoView();
	}

	/**
	 * @param {import('./wire.js').WireEvent} event
	 * @returns {boolean} whether this was the last event of a whole run
	 */
	show(event) {
		if (event.kind === 'text') {
			this.#sections.get(event.part)?.append(event.text);
			return false;
		}
		const value = event.value;
		switch (event.name) {
		case '_run': this.demo(value.demo === true, string(value.hint)); break;
		case '_pick': this.#pick(value); break;
		case '_alternates': this.#alternates(value); break;
		case '_part': this.#part(value); break;
		case '_error': this.#error(value); break;
		case '_done':
			this.#total.textContent = words.total(value);
			this.end('done', value.ms);
			return true;
		}
		return false;
	}

	/**
	 * The run is over; what came is kept.
	 *
	 * @param {Outcome} outcome
	 * @param {number} [ms]
	 */
	end(outcome, ms) {
		document.body.dataset.run = outcome;
		for (const section of this.#sections.values())
			if (!section.isFinal && section.state !== 'idle')
				section.setState(outcome === 'stopped' ? 'stopped' : 'broken');
		if (this.#name.textContent === words.choosing)
			this.#name.textContent = words.noName;
		const written = this.#six.filter((s) => s.isWritten).length;
		this.#race.end();
		get(document, '#tools').hidden = written === 0;
		get(document, '#rest').hidden = this.missing.length === 0;
		if (outcome === 'done') {
			this.say(words.finished(written, this.#six.length, ms));
		} else if (outcome === 'stopped') {
			this.say(words.stopped);
		} else if (outcome === 'broken') {
			this.say(words.broke(written, this.#six.length));
		}
	}

	/**
	 * There was no run at all.
	 *
	 * @param {string} title
	 * @param {string} text
	 */
	refuse(title, text) {
		document.body.dataset.run = 'refused';
		this.say(words.nothing);
		this.#problem(title, text);
	}

	/** Parts that a visitor would miss and can still have: other ideas come with the choice of a recipe alone. */
	get missing() {
		return this.#six.filter((s) => !s.isWritten && s.state !== 'idle' && (s.part !== 'alt' || !this.recipe.name)).map((s) => s.part);
	}

	/** What is on the page; name '' where there is none. */
	get recipe() {
		const name = this.#name.textContent ?? '';
		return {
			name: name === words.choosing || name === words.noName ? '' : name, intro: this.#intro.textContent ?? '',
			texts: Object.fromEntries(this.#six.map((s) => [s.part, s.text])),
			written: this.#six.filter((s) => s.isWritten).map((s) => s.part),
		};
	}

	/** @param {import('./keep.js').Kept} kept shown as it was */
	open({ name, intro, texts }) {
		this.begin(undefined, { name, intro });
		for (const [part, text] of Object.entries(texts)) {
			this.#sections.get(part)?.append(string(text));
			this.#sections.get(part)?.setState('done');
		}
		this.#sections.get('alt')?.setState('done');
		this.end('done');
		get(document, '#race').hidden = true;
	}

	/** @param {string} text for the one line that is read aloud */
	say(text) {
		this.#status.textContent = text;
	}

	/**
	 * @param {boolean} on
	 * @param {string} hint how to have a real model cook
	 */
	demo(on, hint) {
		get(document, '#demo').hidden = !on;
		get(document, '#demo-hint').textContent = hint || words.demoHint;
	}

	/** @param {Record<string, any>} pick */
	#pick({ name, intro }) {
		this.#name.textContent = string(name);
		this.#intro.textContent = string(intro);
		document.title = `${string(name)} \u00b7 recipe.fcgi`;
		this.say(words.named(string(name)));
	}

	/** @param {Record<string, any>} alternates */
	#alternates({ items }) {
		const list = Array.isArray(items) ? items : [];
		this.#ideas.replaceChildren(...list.map((item) => {
			const li = document.createElement('li');
			const name = document.createElement('b');
			const intro = document.createElement('span');
			const button = document.createElement('button');
			button.type = 'button';
			button.className = 'idea';
			button.dataset.name = string(item?.name);
			button.dataset.intro = string(item?.intro);
			button.textContent = string(item?.name);
			li.dir = name.dir = intro.dir = 'auto';
			name.append(button);
			intro.textContent = string(item?.intro);
			li.append(name, ' ', intro);
			return li;
		}));
		if (list.length === 0)
			this.#sections.get('alt')?.note(words.noIdeas);
	}

	/** @param {Record<string, any>} part */
	#part(part) {
		const section = this.#sections.get(part.part);
		if (!section)
			return;
		section.setState(string(part.state), part);
		this.#race.take(part);
		if (section !== this.#head && section.isWritten)
			this.say(words.progress(this.#six.filter((s) => s.isWritten).length, this.#six.length));
	}

	/** @param {Record<string, any>} error */
	#error({ part, message }) {
		const section = this.#sections.get(part);
		if (part === null || part === undefined)
			this.#problem(words.runTitle, string(message));
		else if (!section?.isExplained)
			section?.note(string(message));
	}

	/**
	 * @param {string} title
	 * @param {string} text '' for none
	 */
	#problem(title, text) {
		get(document, '#problem').hidden = text === '';
		get(document, '#problem-title').textContent = title;
		get(document, '#problem-text').textContent = text;
	}
}
