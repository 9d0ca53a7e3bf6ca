/*
 * The manual of the page's modules: what each is for, what they hand to each
 * other, and what their functions take. Programmers and tsc read it; no browser
 * does. client.js, which others use without the page, has one of its own.
 *
 * Both pages
 *	client.js	the wire of recipe.fcgi, asked and parsed
 *	runner.js	a run from its request to its end, one at a time
 *	view.js		events in, DOM out; it knows nothing of the network
 *	parts.js	the parts of a graph: their sections, what is picked of their
 *			lists, and what a run of some needs
 *	section.js	one part on the page
 *	lines.js	its text, set line by line as it comes, or the names in a list
 *	room.js		room for a long text from the start, so that none pushes
 *			another; what is left of it is given back out of sight
 *	race.js		the race of the sections: a bar each, and a table
 *	order.js	the form as an order, and what is wrong with it
 *	fault.js	what went wrong, in a plain sentence, and how long to wait
 *	trust.js	that a model wrote it, and which lines name an allergy
 *	paper.js	what leaves the page: Markdown, files, the clipboard, paper
 *	page.js		what both do alike with all of these
 *	lang.js		the language of the page, which is switched in place; early.js
 *			before it, words.js and ko.js for it
 *	dom.js		elements found and made; text is always text, never markup
 * The recipe
 *	main.js		its page, wired
 *	dish.js		the recipe on the page: its graph, its head, a kept one
 *	book.js		the cookbook, in IndexedDB; what that refuses, full or
 *			forbidden, is held as long as the page is open
 *	shelf.js	the cookbook on the page
 *	place.js	where the visitor is, by Back and Forward: at a recipe, and
 *			maybe in its cooking view
 *	cooking.js	that view: one step at a time
 *	timers.js	what a step takes, as buttons, and the timers that run
 *	minutes.js	how long a step takes, as it says it
 *	pantry.js	what of the ingredients is to buy
 * Any graph
 *	app.js		its page, as GET /graph says it: its form, and its parts
 */

type Order = import('./client.js').Order;
type WireEvent = import('./client.js').WireEvent;
/** Of JSON: an event of the wire, or an answer. */
type Bag = Record<string, any>;
type Names = Record<string, string>;

// ---- dom.js

/** A text, or what says it in the language of the page. */
type Words = string | (() => string);

/** Elements that are more than HTMLElement, by the selectors that find them. */
interface Found {
	'#order': HTMLFormElement;
	'#stop': HTMLButtonElement;
	'#cooking': HTMLDialogElement;
	'#shelf': HTMLDetailsElement;
	'#find': HTMLInputElement;
	'#file': HTMLInputElement;
}

/** What is looked for is there, or the page is broken. */
type Get = <S extends string>(selector: S, root?: ParentNode) => S extends keyof Found ? Found[S] : HTMLElement;

/** `has` are properties of the new element, `inside` what it contains, or the one function that says that. */
type Make = <K extends keyof HTMLElementTagNameMap>(name: K, has?: Bag, ...inside: (Node | Words)[]) => HTMLElementTagNameMap[K];

/** A button; `label` if its text says too little. */
type MakeButton = (text: Words, className: string, onclick: () => any, label?: Words) => HTMLButtonElement;

/** Marks an element as Korean if that text is: its words stay whole, and a voice can read it. */
type Tongue = <E extends HTMLElement>(e: E, text?: string) => E;

/** Says it now, and a function's words again in each language that the page is switched to. `where` is the property that says it, or "first" for the first text in the element. */
type Speak = <E extends Element>(e: E, what: Words, where?: string) => E;

/** Its result, or undefined if it throws. */
type Attempt = <T>(act: () => T) => T | undefined;

// ---- the parts of a text

/** Strings by language, or one for all, as GET /graph has them: said in the page's language, else in one that the browser likes, else in the first. */
type Titled = any;

/** A list that a model writes, of which one element is picked: how many elements, their fields, of which the first is the name, and what the picked one is called. */
interface ListSpec {
	items: number;
	fields: string[];
	pick: string;
}

/** A part of GET /graph. */
interface Part {
	name: string;
	title?: Titled;
	/** "prose", "lines", "list", "steps", or "choice" if one can pick another of its elements. */
	form?: string;
	/** Parts, or picks of lists. */
	needs: string[];
	/** It shows the elements of that list which were not picked. */
	each?: string;
	list?: ListSpec;
}

interface Choice {
	value: string | number;
	label?: Titled;
}

type MakeRow = (name: string, choices: Choice[], title: Words) => HTMLFieldSetElement;

/** An input of GET /graph. */
interface Input {
	name: string;
	type: 'text' | 'integer';
	min: number;
	max: number;
	letter?: boolean;
	required: boolean;
	label?: Titled;
	hint?: Titled;
	choices?: Choice[];
}

/** What GET /graph says. */
interface Graph {
	title?: Titled;
	inputs: Input[];
	parts: Part[];
}

/** An element of a list: its fields. */
type Picked = Record<string, string>;

/** A list on the page: whose it is, what is picked, and what else there was, if that is known by now. */
interface List extends ListSpec {
	part: string;
	picked?: Picked;
	others: Picked[];
	isListed?: boolean;
}

/** What puts the text of a part on the page. */
interface Writer {
	append(text: string): void;
	/** No more comes; a newline, if the last line has one. */
	close(newline?: string): void;
	clear(): void;
	/** The page fills the holder from now on. */
	settle?(): void;
}

/** What has more than 500 lines has the rest in the last. Of the form "steps" the number is set apart; these and "lines" have a box to tick, which the line's words tick too. Each whole line is told by the event "line"; what is then set beside its words has no text of its own. */
type MakeLines = (holder: HTMLElement, form: string, isUnmarked: boolean) => Writer;
/** The names in it show while it comes. */
type MakeNames = (holder: HTMLElement, list: ListSpec) => Writer;

/** A line is whole; `detail` is its text. */
interface LineEvent extends CustomEvent<string> {
	target: HTMLElement;
}
interface HTMLElementEventMap {
	line: LineEvent;
}

/** A part on the page. What it says is kept, as a translating browser replaces the words on the page by its own. */
interface Section {
	part: string;
	/** That of its root: also "elements", which the page fills, and "head", whose heading is what was picked. */
	form: string;
	root: HTMLElement;
	/** What its text is in. */
	holder: HTMLElement;
	/** All that came. */
	text: string;
	/** Who writes it. */
	by: string;
	/** Whether it has no text of its own. */
	isFilled: boolean;
	/** In the language of the page. */
	readonly title: string;
	/** One of the wire's, or waiting, or broken; '' before the first run. */
	readonly state: string;
	readonly isWritten: boolean;
	readonly isFinal: boolean;
	/** Empties it for a run, and makes room; `more` of the same text. */
	begin(more: boolean): void;
	append(text: string): void;
	/** `about` is the _part that says so. */
	setState(state?: string, about?: Bag): void;
	/** Shown inside of it, with what one can do about it. */
	note(text?: Words, ...more: Element[]): void;
	/** What one can do with it, beside its heading. */
	offer(copy: () => any, again: () => any): void;
	settle(): void;
}

/**
 * `root` has its part, its form and a heading; the rest is made. `list` if its
 * text is one, `due` says what it waits for; `isUnmarked` if the marks that a
 * model writes before the lines of a list are left out.
 */
type MakeSection = (root: HTMLElement, more?: { list?: ListSpec; due?: () => string; isUnmarked?: boolean }) => Section;

/** The events of a list do not say whose they are: of the lists that fit it is the first in whose text, which is JSON, these names are; or, as that may have been mended, the first. */
type Whose = (elements: any[], fits: (list: List) => boolean) => List | undefined;

/** All parts of a graph on the page. */
interface Parts {
	/** By name, in the graph's order. */
	sections: Record<string, Section>;
	listOf(part: string): List | undefined;
	/** A run of these parts, with these picks given, empties them. */
	begin(names: string[], given: Bag): void;
	/** A _pick; returns what it is called. */
	pick(value: any): string;
	/** The items of an _alternates. */
	offer(items: any[]): void;
	/** A visitor takes another element, which is as a server takes it back. */
	take(list: List, element: Picked): any;
	/** The parts that follow from these parts and picks. */
	after(...from: string[]): string[];
	/** The parts to run if this is wanted again: of a list, with all that follows from it. */
	again(name: string): string[];
	/** What those parts need of the page; what it has not is written with them. */
	given(want: string[]): Bag;
	/** The parts that were to be written and are not; who has a pick misses neither its list nor the alternates. */
	missing(): string[];
	/** The texts as they leave the page; of a list, what is picked. */
	texts(): Record<string, string>;
}

/** `head` shows what is picked of a list whose section has the form "head". */
type MakeParts = (graph: Part[], sectionOf: (part: Part) => Section, head?: (picked?: Picked) => any) => Parts;

// ---- the two pages

/** A run that its site keeps. */
interface Begun {
	id: string;
	/** '' of somebody else's. */
	key?: string;
	order: Order;
	more: boolean;
	/** When it ended, in ms as of Date.now(). */
	over?: number;
}
/** Without `begun` it begins a run; else it reads that one, from its beginning. */
type RunOrder = (order: Order, more?: boolean, begun?: { id?: string; key?: string }) => Promise<void>;

/** What a page is to page.js, runner.js and view.js. */
interface PageSpec {
	parts: Parts;
	/** The sections that are told to the visitor. */
	counted: Section[];
	sheet: HTMLElement;
	/** Whether prose is copied with its heading. */
	isHeaded?: boolean;
	/** What is on the page was ordered as. */
	ordered(): Order;
	/** A run has begun, `more` of what is on the page; or, if it is old, it is read again. `run` if it is kept. */
	begun(order: Order, more: boolean, run: Begun | undefined, isOld: boolean): any;
	/** It is complete; it has ended in whatever way, or only its line has. */
	complete?(): any;
	over?(isFinal: boolean): any;
	/** What was to be read again is not kept any longer. */
	gone(): any;
	/** What a link to it leads to. */
	linked(): Begun | undefined;
	/** The page makes room for it; and shows what came. */
	begin?(): any;
	end?(): any;
	take?(list: List, element: Picked): any;
	/** The first paragraphs of its Markdown, and the name of a file. */
	head(): string[];
	file(end: string): string;
}
/** view.js, whose callers are runner.js and dish.js. */
interface View {
	/** More has a link to this run, if it is kept. */
	offers(run?: Begun): void;
	/** GET /graph has told the site's name, which stands on the page once. */
	named(about: Partial<Graph>): void;
	problem(title?: Words, text?: Words, wait_s?: number): void;
	/** There was no run at all. */
	refuse(title: Words, text: Words): void;
	/** An order has gone out, for `more` of what is shown; that stays until an answer comes. */
	sent(order: Order, more: boolean): void;
	/** The answer begins: these parts are written, and emptied before. */
	begin(parts: string[], given?: Bag, isMore?: boolean): void;
	/** Shows what a tap has begun, as a phone's page is many screens, and takes the focus that it held. */
	reveal(begun: HTMLElement[], held: Element | null): void;
	/** The run is over; what came is kept. */
	end(outcome: 'done' | 'stopped' | 'broken', ms?: number): void;
	/** What is wrong with many parts alike is said once, and not in each of them. */
	sumUp(isEmpty: boolean): void;
	/** No more events come: the run broke, unless it was over. */
	broke(): void;
}

interface Page extends PageSpec {
	take(list: List, element: Picked): any;
	again(part: string): any;
}
type Wire = (page: PageSpec) => void;

/** _error of recipe.fcgi(8): code, message, part, retry_s. */
type Fault = Bag;
/** What says it for all: if nothing was written, or all that failed did so alike. */
type Common = (faults: Fault[], nothing: boolean) => Fault | undefined;

/** What is wrong with a field, by the same bounds as the server's, which has the last word; or ''. */
type Complaint = (field: any) => (() => string) | '';
/** The order, or the first complaint; each stands beside its field. */
type ReadOrder = (form: HTMLFormElement) => Order | (() => string);
/** Says at a field what the server does not take; '' if the form has none of that name. */
type Blame = (form: HTMLFormElement, name: string) => Words;

/** Makes room, as much as style.css says; `again` keeps its height, as the same is written once more. */
type Hold = (e: HTMLElement, again: HTMLElement | false) => void;

/** A part's times in ms since the run began, and the tokens that came out. */
interface Lap {
	by: string;
	start?: number;
	first?: number;
	end?: number;
	out?: number;
}

// ---- the recipe

/** A recipe in the book. */
interface Kept {
	id: string;
	/** Times in ms; of a recipe from before there were any, `made` is its place. */
	made: number;
	seen?: number;
	star?: boolean;
	demo?: boolean;
	name: string;
	intro: string;
	texts: Record<string, string>;
	missing: string[];
	ideas: Picked[];
	laps: [string, Lap][];
	order: Order;
	/** The places of ticked lines, by part; and the step at which it is cooked. */
	ticks?: Record<string, number[]>;
	step?: number;
	/** The last one of it, while it may be kept; and the first, of which the link is. */
	run?: Begun;
	whole?: Begun;
}

/** A recipe as it is now; without one it is no more. */
interface Change {
	id: string;
	recipe?: Kept;
}
/** Resolves after the database has done it. */
type Transact = <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => T) => Promise<T>;

/** What was asked, or `most` of it, in words, and when. */
type Asked = (recipe: Pick<Kept, 'order' | 'made'>, most?: number) => string;

/** Its step, how long it is in seconds, and when it ends, in ms as of Date.now(). */
interface Timer {
	label: string;
	seconds: number;
	endsAt: number;
}

/** `onHand` is as the visitor wrote it. */
type Judge = (line: string, onHand: string) => 'here' | 'buy' | '';
interface Judged {
	target: HTMLElement;
	detail: string;
	is: ReturnType<Judge>;
}
/** Marks lines as they come, and lets what is to buy be copied. */
type Shop = (holder: HTMLElement, onHand: () => string, copy: (text: string) => any) => void;
/** Those of the allergies, as the visitor wrote them, that the line names. */
type Touched = (line: string, allergies: string) => string[];
/** Says who wrote it where `put` puts that, and marks the lines of the sheet; what it returns says it again for another text. */
type Sign = (sheet: HTMLElement, put: (...notes: HTMLElement[]) => void) => (order: Order, isDemo: boolean) => void;

// ---- words.js and ko.js

/** What the page's code says; what stands on the page from the start is in the HTML. */
interface Vocabulary {
	recipe: string;
	choosing: string;
	noName: string;
	/** After a number of seconds. */
	unit: string;
	/** By the state of a part. */
	states: Names;
	/** What a part of the recipe waits for. */
	waiting: Names;
	waits(what: string): string;
	/** For a place at the model's server. */
	queues(before: number): string;
	doneIn(time: string): string;
	/** What went wrong, and what to do: see fault.js. */
	why: Names;
	/** When it makes sense to ask again. */
	pause(s: number): string;
	cutShort: string;
	skippedFor(what: string): string;
	attempt(n: number): string;
	sent: string;
	/** The line of a run that is kept. */
	lost: string;
	/** A run that was to be read again. */
	gone: string;
	/** Below the link to a run. */
	linked(minutes: number): string;
	linkCopied: string;
	connecting: string;
	/** In the queue of runs. */
	queued(before: number): string;
	/** That queue is full. */
	full(s: number): string;
	begun: string;
	first(time: string): string;
	/** What has begun has no place at the model's server yet. */
	place(before: number): string;
	named(name: string): string;
	progress(n: number, of: number): string;
	finished(n: number, of: number, time: string): string;
	nothing: string;
	/** What is said of the demo in place of the server's hint, which is English; '' for that. */
	demo: string;
	noLanguage: string;
	stopped: string;
	unfinished: string;
	broke(n: number, of: number): string;
	total(all: string, first: string, tokens: string): string;
	about: string;
	/** Of the race. */
	table: string;
	columns: string[];
	pace(all: string, sum: string): string;
	/** What was asked, by input. */
	asked: Record<string, (value: string) => string>;
	opened(name: string): string;
	unknown: string;
	ready: string;
	starOf(name: string): string;
	remove: string;
	removeOf(name: string): string;
	removed(name: string): string;
	cleared(n: number): string;
	restored: string;
	found(n: number, of: number): string;
	taken(added: number, known: number, bad: number): string;
	notTaken: string;
	edit: string;
	step(n: number, of: number): string;
	sleepy: string;
	timer(time: string): string;
	timerRuns(time: string): string;
	timerUp(step: string): string;
	timerOff(step: string): string;
	toBuy: string;
	shopping: string;
	again: string;
	againOf(title: string): string;
	copy: string;
	copyOf(title: string): string;
	copied: string;
	saved: string;
	notCopied: string;
	modelWrote: string;
	demoWrote: string;
	caution(what: string): string;
	notSent(why: string): string;
	needed: string;
	tooLittle(least: string): string;
	tooLong(n: number, most: number): string;
	whole(least: string, most: string): string;
	unfit: string;
	refusedTitle: string;
	unreachableTitle: string;
	unreachable: string;
	runTitle: string;
	/** Of the board: what the spans are called, and how many answers one has. */
	spans: Names;
	answers(n: number, failed: number, since: string): string;
	noAnswers: string;
	never: string;
	unmeasured: string;
	closed: string;
	notOurs(answer: string): string;
}

/** What is said otherwise if it is not a kitchen that writes. */
type Neutral = Pick<Vocabulary, 'modelWrote' | 'recipe' | 'choosing' | 'noName' | 'waits' | 'sent' | 'queued' | 'full' | 'begun' | 'named' | 'refusedTitle'> & { demo?: string };

/** The first text, or the placeholder, of what a selector finds; of a list, one each. */
type Texts = Record<string, string | string[]>;
