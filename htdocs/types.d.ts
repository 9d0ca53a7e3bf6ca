/*
 * What the modules of the page hand to each other, and what their functions
 * take. Programmers and tsc read it; no browser does. client.js, which others
 * use without the page, says its own types: see client.d.ts.
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

/** Marks an element as having that text. */
type Tongue = <E extends HTMLElement>(e: E, text?: string) => E;

/** `where` is the property that says it, or "first" for the first text in the element. */
type Speak = <E extends Element>(e: E, what: Words, where?: string) => E;

/** Its result, or undefined if it throws. */
type Attempt = <T>(act: () => T) => T | undefined;

// ---- the parts of a text

/** Strings by language, or one for all, as GET /graph has them. */
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

/** Lines in a form: of "steps" the number is set apart; these and "lines" have a box to tick, which the line's words tick too. */
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

/** A part on the page. */
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

/** Which list has these elements, of those that fit. */
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
	/** A visitor takes another element. */
	take(list: List, element: Picked): any;
	/** The parts that follow from these parts and picks. */
	after(...from: string[]): string[];
	/** The parts to run if this is wanted again: of a list, with all that follows from it. */
	again(name: string): string[];
	/** What those parts need of the page; what it has not is written with them. */
	given(want: string[]): Bag;
	/** The parts that were to be written and are not. */
	missing(): string[];
	/** The texts as they leave the page; of a list, what is picked. */
	texts(): Record<string, string>;
}

/** `head` shows what is picked of a list whose section has the form "head". */
type MakeParts = (graph: Part[], sectionOf: (part: Part) => Section, head?: (picked?: Picked) => any) => Parts;

// ---- the two pages

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
	/** A run has begun; `more` of what is on the page. */
	begun(order: Order, more: boolean): any;
	/** It is complete; it has ended in whatever way. */
	complete?(): any;
	over?(): any;
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
	/** GET /graph has told the site's name, which stands on the page once. */
	named(about: Partial<Graph>): void;
	problem(title?: Words, text?: Words, wait_s?: number): void;
	/** There was no run at all. */
	refuse(title: Words, text: Words): void;
	/** An order has gone out, for `more` of what is shown; that stays until an answer comes. */
	sent(order: Order, more: boolean): void;
	/** The answer begins: these parts are written, and emptied before. */
	begin(parts: string[], given?: Bag, isMore?: boolean): void;
	/** Shows what a tap has begun, and takes the focus that it held. */
	reveal(begun: HTMLElement[], held: Element | null): void;
	/** The run is over; what came is kept. */
	end(outcome: 'done' | 'stopped' | 'broken', ms?: number): void;
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

/** What is wrong with a field, or ''. */
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

/** What the page's code says. */
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
	notOurs(answer: string): string;
}

/** What is said otherwise if it is not a kitchen that writes. */
type Neutral = Pick<Vocabulary, 'modelWrote' | 'recipe' | 'choosing' | 'noName' | 'waits' | 'sent' | 'queued' | 'full' | 'demo' | 'begun' | 'named' | 'refusedTitle' | 'unreachable'>;

/** The first text, or the placeholder, of what a selector finds; of a list, one each. */
type Texts = Record<string, string | string[]>;
