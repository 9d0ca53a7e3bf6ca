/**
 * Text that arrives in pieces, set line by line as text nodes; nothing in it
 * is ever read as markup. A translating browser puts elements of its own in
 * the place of these nodes, so none is held, and no text is read back.
 * A line that is whole sends the event "line", whose detail is its text. What
 * others then set beside its words has no text of its own.
 */
import { make } from './dom.js';

/** Beyond this many lines the rest goes into the last, newlines and all. */
const MOST = 500;

/** The elements that hold lines, by form; prose is none of these. @type {Record<string, 'ol' | 'ul'>} */
export const LISTS = { steps: 'ol', lines: 'ul', list: 'ul', elements: 'ul', head: 'ul' };

/** @param {HTMLElement} holder @returns {HTMLInputElement[]} */
const boxes = (holder) => [...holder.querySelectorAll('input')];

/** The places of the lines that are ticked. @param {HTMLElement} holder */
export const ticked = (holder) => boxes(holder).flatMap((box, i) => box.checked ? i : []);

/** Ticks these lines and no others. @param {HTMLElement} holder @param {number[]} places */
export const tick = (holder, places) => boxes(holder).forEach((box, i) => box.checked = places.includes(i));

export class Lines {
	#holder;
	#numbered;
	#unmarked;
	#ticks;
	#hasInitial;
	/** The line that is being written, or null between two. @type {HTMLElement | null} */
	#line = null;
	/** Where it goes on, beside its number. */
	#words = make('span', {});
	/** All of it, number and all. */
	#said = '';
	/** Whether it may still turn out to begin with a number. */
	#young = false;
	#count = 0;
	/** Whether the first letter stands apart, and is not whole. */
	#opens = false;
	/** That letter. @type {HTMLElement | null} */
	#initial = null;

	/** Of the form "steps" the "1." is set apart; that and "lines" have a box to tick, which the line's words tick too. If `unmarked`, "-" before a line of a list is left out. @param {HTMLElement} holder */
	constructor(holder, form = '', unmarked = false) {
		this.#holder = holder;
		this.#numbered = form === 'steps';
		this.#unmarked = unmarked && (form === 'lines' || form === 'list');
		this.#ticks = this.#numbered || form === 'lines';
		this.#hasInitial = form === 'prose' && !unmarked;
		this.clear();
	}

	clear() {
		this.#holder.replaceChildren();
		this.#line = null;
		this.#count = 0;
		this.#opens = this.#hasInitial;
		this.#initial = null;
	}

	append(text = '') {
		for (let from = 0; from < text.length;) {
			const newline = this.#count < MOST ? text.indexOf('\n', from) : -1;
			const to = newline < 0 ? text.length : newline;
			this.#write(text.slice(from, to));
			if (newline >= 0)
				this.close('\n');
			from = to + 1;
		}
	}

	/** The last line is whole. @param {string} [newline] if it has one */
	close(newline = '') {
		const line = this.#line;
		this.#line = null;
		if (line && this.#said.trim())
			this.#whole(line);
		else if (line)
			Object.assign(line, { className: 'line blank', ariaHidden: 'true' });
		/* After all else: what follows a newline stands in a row of its own. */
		line?.append(newline);
	}

	/** @param {HTMLElement} line */
	#whole(line) {
		if (this.#ticks)
			line.firstElementChild?.prepend(make('input', { type: 'checkbox', className: 'tick' }));
		line.dispatchEvent(new CustomEvent('line', { bubbles: true, detail: this.#said.trim() }));
	}

	#write(piece = '') {
		const line = this.#line ??= this.#begin();
		this.#said += piece;
		if (this.#opens)
			piece = this.#open(line, piece);
		const last = this.#words.lastChild;
		if (last instanceof Text)
			last.appendData(piece);
		else
			this.#words.append(piece);
		if (this.#young && this.#unmarked)
			this.#unmark();
		else if (this.#young)
			this.#number(line);
	}

	#begin() {
		this.#said = '';
		this.#young = this.#numbered || this.#unmarked;
		this.#count++;
		/* The caret is a border of the inline span: it shifts no box. */
		this.#words = make('span', { className: 'words' });
		const inside = this.#ticks ? make('label', {}, this.#words) : this.#words;
		const line = make(this.#holder.localName === 'div' ? 'div' : 'li', { className: 'line' }, inside);
		this.#holder.append(line);
		return line;
	}

	/**
	 * An initial is an element of its own, since WebKit draws ::first-letter anew
	 * whenever text is appended. Scripts whose letters are written apart, and of two
	 * sizes, have one; its accents may come in the next piece.
	 *
	 * @param {HTMLElement} line @param {string} piece
	 * @returns {string} the rest of it
	 */
	#open(line, piece) {
		if (this.#initial) {
			const [marks] = /^\p{M}*/u.exec(piece) ?? [''];
			this.#initial.append(marks);
			this.#opens = marks === piece;
			return piece.slice(marks.length);
		}
		const [all, space, letter] = /^(\s*)((?=\p{L})[\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}]\p{M}*)?/u.exec(piece) ?? [''];
		this.#opens = all === piece;
		if (!letter)
			return piece;
		this.#initial = make('span', { className: 'initial' }, letter);
		this.#words.before(this.#words.textContent + space, this.#initial);
		this.#words.textContent = '';
		return piece.slice(all.length);
	}

	#unmark() {
		const [mark] = /^\s*[-*\u2022]\s+(?=\S)/.exec(this.#said) ?? [];
		this.#young = !mark && /^\s*[-*\u2022]?\s*$/.test(this.#said);
		if (mark)
			this.#words.textContent = this.#said = this.#said.slice(mark.length);
	}

	/** @param {HTMLElement} line */
	#number(line) {
		const [number] = /^\s*\d{1,2}[.)]\s+(?=\S)/.exec(this.#said) ?? [];
		this.#young = !number && this.#said.length < 8;
		if (!number)
			return;
		this.#words.before(make('span', { className: 'number' }, number));
		line.classList.add('step');
		this.#words.textContent = this.#said.slice(number.length);
	}
}
