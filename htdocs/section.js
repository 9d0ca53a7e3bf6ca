import { button, dotted, get, make, speak, spokenIn, tongue } from './dom.js';
import { LISTS, makeLines, makeNames } from './lines.js';
import { hold } from './room.js';
import { seconds, words } from './words.js';

const DUE = ['waiting', 'start'];
const WRITTEN = ['done', 'cut'];
const BAD = ['filtered', 'failed', 'skipped', 'stopped', 'broken'];

/** @type {Record<string, Section>} */
const all = {};

/** @type {MakeSection} */
export function makeSection(root, { list, due, isUnmarked = false } = {}) {
	const { part = '', form = 'prose' } = root.dataset;
	const heading = get('h2, h3', root);
	const word = make('span', { className: 'word' });
	const by = make('span', { className: 'by' });
	const note = make('p', { className: 'note', dir: 'auto', hidden: true });
	const holder = make(LISTS[form] ?? 'div', { className: form === 'elements' ? 'text ideas' : 'text', dir: 'auto' });
	const body = make('div', { className: 'body' }, holder, note);
	const writer = list ? makeNames(holder, list) : form !== 'elements' ? makeLines(holder, form, isUnmarked) : undefined;
	let pending = '';
	let frame = 0;

	heading.tabIndex = -1;
	if (root.localName === 'section')
		root.setAttribute('aria-labelledby', heading.id = `h-${part}`);
	root.append(make('p', { className: 'state' }, word, ' ', by), body);

	function flush() {
		cancelAnimationFrame(frame);
		frame = 0;
		writer?.append(pending);
		pending = '';
	}

	function clear() {
		self.text = pending = '';
		tongue(holder);
		flush();
		writer?.clear();
	}

	/** @param {Bag} about */
	function describe({ ms, attempt, why, ahead }) {
		const { state } = self;
		if (state === 'waiting')
			return ms === undefined ? words.waits(due ? due() : words.waiting[part]) : words.queues(ahead);
		if (state === 'done' && ms !== undefined)
			return words.doneIn(seconds(ms));
		if (state === 'skipped' && all[why])
			return words.skippedFor(all[why].title);
		return (words.states[state] ?? '') + (attempt > 1 && /start|first/.test(state) ? words.attempt(attempt) : '');
	}

	/** @type {Section} */
	const self = {
		part, form, root, holder, text: '', by: '', isFilled: !writer,
		get title() {
			return form === 'head' ? words.recipe : spokenIn(heading);
		},
		get state() {
			return root.dataset.state ?? '';
		},
		get isWritten() {
			return WRITTEN.includes(self.state);
		},
		get isFinal() {
			return self.isWritten || BAD.includes(self.state);
		},
		begin(more) {
			hold(root, more && self.isWritten && body);
			clear();
			by.textContent = self.by = '';
			self.note();
			self.setState('waiting');
		},
		append(text) {
			if (!writer)
				return;
			self.text += text;
			if (!holder.lang)
				tongue(holder, text);
			pending += text;
			/* Once a frame. */
			frame ||= requestAnimationFrame(flush);
		},
		setState(state = '', about = {}) {
			(state === 'reset' ? clear : flush)();
			root.dataset.state = state;
			root.className = DUE.includes(state) ? 'due' : self.isWritten ? 'over' : self.isFinal ? self.text ? 'over bad' : 'over bad empty' : '';
			root.ariaBusy = String(state !== 'waiting' && !self.isFinal);
			speak(word, () => describe(about));
			if (self.isFinal)
				writer?.close();
			/* Of a path the end is the name. */
			const model = String(about.model ?? '').split('/').pop();
			if (about.service || model)
				by.textContent = self.by = dotted(...new Set([about.service, model]));
		},
		note(text = '', ...more) {
			note.replaceChildren(make('span', {}, text), ...more.flatMap((e) => [' ', e]));
			note.hidden = text === '';
		},
		offer(copy, again) {
			heading.after(make('span', { className: 'acts' },
				button(() => words.copy, 'act', copy, () => words.copyOf(self.title)),
				button(() => words.again, 'act', again, () => words.againOf(self.title))));
		},
		settle: () => writer?.settle?.(),
	};
	return all[part] = self;
}
