/*
 * What the modules of the page hand to each other, and what their functions
 * take. Programmers and tsc read it; no browser does. client.js, which others
 * use without the page, says its own types: see client.d.ts.
 */

type Order = import('./client.js').Order;
type WireEvent = import('./client.js').WireEvent;

// ---- dom.js

/** A text, or what says it in the language of the page. */
type Words = string | (() => string);

/** Elements that are more than HTMLElement, by the selectors that find them. */
interface Found {
	'#order': HTMLFormElement;
	'#stop': HTMLButtonElement;
	'#bars': SVGElement;
	'#cooking': HTMLDialogElement;
	'#shelf': HTMLDetailsElement;
	'#find': HTMLInputElement;
	'#file': HTMLInputElement;
}

/** What is looked for is there, or the page is broken. */
type Get = <S extends string>(selector: S, root?: ParentNode) => S extends keyof Found ? Found[S] : HTMLElement;

/** `has` are properties of the new element, `inside` what it contains. */
type Make = <K extends keyof HTMLElementTagNameMap>(name: K, has?: Record<string, any>, ...inside: (Node | string)[]) => HTMLElementTagNameMap[K];

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
	setState(state?: string, about?: Record<string, any>): void;
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

/** All parts of a graph on the page. */
interface Parts {
	/** By name, in the graph's order. */
	sections: Record<string, Section>;
	listOf(part: string): List | undefined;
	/** A run of these parts, with these picks given, empties them. */
	begin(names: string[], given: Record<string, any>): void;
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
	given(want: string[]): Record<string, any>;
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
interface Page extends PageSpec {
	take(list: List, element: Picked): any;
	again(part: string): any;
}
type Wire = (page: PageSpec) => void;

/** _error of recipe.fcgi(8): code, message, part, retry_s. */
type Fault = Record<string, any>;
type Common = (faults: Fault[], nothing: boolean) => Fault | undefined;

/** '' if nothing is wrong. */
type Complaint = (field: any) => (() => string) | '';
type ReadOrder = (form: HTMLFormElement) => Order | (() => string);
type Blame = (form: HTMLFormElement, name: string) => Words;

/** `again` is what keeps its height, as the same is written once more. */
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
type Transact = <T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => T) => Promise<T>;

/** `most`: so many of what was asked. */
type Asked = (recipe: Pick<Kept, 'order' | 'made'>, most?: number) => string;

/** Its step, how long it is in seconds, and when it ends, in ms as of Date.now(). */
interface Timer {
	label: string;
	seconds: number;
	endsAt: number;
}

/** `onHand` is as the visitor wrote it. */
type Judge = (line: string, onHand: string) => 'here' | 'buy' | '';
type Shop = (holder: HTMLElement, onHand: () => string, copy: (text: string) => any) => void;
type Touched = (line: string, allergies: string) => string[];
type Sign = (sheet: HTMLElement, put: (...notes: HTMLElement[]) => void) => (order: Order, isDemo: boolean) => void;
