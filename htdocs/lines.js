// @ts-check
/**
 * Text that arrives in pieces, set line by line as text nodes; nothing in it
 * is ever read as markup. The holder's textContent is the text, exactly.
 */

/** Beyond this many lines the rest goes into the last, newlines and all. */
const MOST = 500;

/** @param {HTMLElement} line */
function tick(line) {
	const box = document.createElement('input');
	box.type = 'checkbox';
	box.className = 'tick';
	box.setAttribute('aria-label', line.textContent?.trim().slice(0, 200) ?? '');
	line.prepend(box);
}

export class Lines {
	#holder;
	#numbered;
	/** @type {HTMLElement | null} */
	#line = null;
	/** @type {Text | null} the last Text of #line */
	#text = null;
	/** Whether #line may still turn out to begin with a number. */
	#young = false;
	#count = 0;
	#ticks;

	/**
	 * @param {HTMLElement} holder
	 * @param {boolean} numbered set "1." and the like apart from its line
	 * @param {boolean} ticks a box to tick before each line that is whole
	 */
	constructor(holder, numbered, ticks) {
		this.#holder = holder;
		this.#numbered = numbered;
		this.#ticks = ticks;
	}

	/** No more comes: the last line is whole. */
	close() {
		if (this.#line)
			this.#end();
	}

	clear() {
		this.#holder.replaceChildren();
		this.#line = this.#text = null;
		this.#count = 0;
	}

	/** @param {string} text */
	append(text) {
		for (let from = 0; from < text.length;) {
			const newline = this.#count < MOST ? text.indexOf('\n', from) : -1;
			const to = newline < 0 ? text.length : newline + 1;
			this.#write(text.slice(from, to));
			if (newline >= 0)
				this.#end();
			from = to;
		}
	}

	/** @param {string} piece */
	#write(piece) {
		if (this.#line && this.#text)
			this.#text.appendData(piece);
		else
			this.#begin(piece);
		if (this.#young && this.#line && this.#text)
			this.#number(this.#line, this.#text);
	}

	/** @param {string} piece */
	#begin(piece) {
		/* The caret is a border of the inline span: it moves with every word,
		 * and yet no box is shifted by it. */
		const words = document.createElement('span');
		words.className = 'words';
		this.#text = document.createTextNode(piece);
		words.append(this.#text);
		this.#line = document.createElement('div');
		this.#line.className = 'line';
		this.#line.append(words);
		this.#holder.append(this.#line);
		this.#young = this.#numbered;
		this.#count++;
	}

	/**
	 * @param {HTMLElement} line
	 * @param {Text} text
	 */
	#number(line, text) {
		const found = /^\s*\d{1,2}[.)]\s+(?=\S)/.exec(text.data);
		this.#young = !found && text.length < 8;
		if (!found)
			return;
		this.#text = text.splitText(found[0].length);
		const number = document.createElement('span');
		number.className = 'number';
		number.append(text);
		line.prepend(number);
		line.classList.add('step');
	}

	#end() {
		if (this.#line?.textContent?.trim() === '')
			this.#line.classList.add('blank');
		else if (this.#line && this.#ticks)
			tick(this.#line);
		this.#line = this.#text = null;
	}
}
