/**
 * Text that arrives in pieces, set line by line as text nodes; nothing in it
 * is ever read as markup. The holder's textContent is the text, exactly.
 */
import { make } from './dom.js';

/** Beyond this many lines the rest goes into the last, newlines and all. */
const MOST = 500;

export class Lines {
	#holder;
	#numbered;
	#ticks;
	/** @type {HTMLElement | null} */
	#line = null;
	/** The last Text of #line. */
	#text = document.createTextNode('');
	/** Whether #line may still turn out to begin with a number. */
	#young = false;
	#count = 0;

	/** Steps have "1." set apart; they and ingredients have a box to tick. @param {HTMLElement} holder */
	constructor(holder, part = '') {
		this.#holder = holder;
		this.#numbered = part === 'ste';
		this.#ticks = this.#numbered || part === 'add';
	}

	clear() {
		this.#holder.replaceChildren();
		this.#line = null;
		this.#count = 0;
	}

	append(text = '') {
		for (let from = 0; from < text.length;) {
			const newline = this.#count < MOST ? text.indexOf('\n', from) : -1;
			const to = newline < 0 ? text.length : newline + 1;
			this.#write(text.slice(from, to));
			if (newline >= 0)
				this.close();
			from = to;
		}
	}

	/** The last line is whole. */
	close() {
		const said = this.#line?.textContent?.trim();
		if (said === '')
			this.#line?.classList.add('blank');
		else if (this.#ticks)
			this.#line?.prepend(make('input', { type: 'checkbox', className: 'tick', ariaLabel: said ?? null }));
		this.#line = null;
	}

	#write(piece = '') {
		if (this.#line) {
			this.#text.appendData(piece);
		} else {
			this.#text = document.createTextNode(piece);
			/* The caret is a border of the inline span: it shifts no box. */
			this.#line = make('div', { className: 'line' }, make('span', { className: 'words' }, this.#text));
			this.#holder.append(this.#line);
			this.#young = this.#numbered;
			this.#count++;
		}
		if (this.#young)
			this.#number(this.#line);
	}

	/** @param {HTMLElement} line */
	#number(line) {
		const found = /^\s*\d{1,2}[.)]\s+(?=\S)/.exec(this.#text.data);
		this.#young = !found && this.#text.length < 8;
		if (!found)
			return;
		const number = this.#text;
		this.#text = number.splitText(found[0].length);
		line.prepend(make('span', { className: 'number' }, number));
		line.classList.add('step');
	}
}
