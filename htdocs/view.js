/** The page of any graph: events in, DOM out. It knows nothing of the network, nor of any one part: that is its skin's. */
import { said } from './lang.js';
import { button, get, speak } from './dom.js';
import * as race from './race.js';
import * as fault from './fault.js';
import { seconds, words } from './words.js';

/** @typedef {import('./section.js').Section} Section */
/** @typedef {import('./dom.js').Words} Words */
/**
 * What a page adds. `all` are the sections that run, `counted` those of them
 * that are told to the visitor; `begin` makes room for a run of some parts, and
 * returns whether it is more of what is there; `pick` says what the picked
 * element is called.
 *
 * @typedef {{ all: Section[], counted: Section[], sheet: HTMLElement,
 *	sent: (order: import('./client.js').Order) => any, begin: (parts: string[]) => boolean,
 *	pick: (value: any, part: string) => string, offer: (items: any[], part: string) => any,
 *	end: () => any, missing: () => string[] }} Skin
 */

const page = document.body.dataset;
const tools = get('#tools');
/** @type {Skin} */
let skin;
/** @type {Map<string, Section>} */
let all;
let patience = 0;
/** How the demo is ended, in the server's words. */
let tip = '';
/** What GET /graph says, if it has said it. @type {{ title?: any }} */
let about = {};
/** Seconds since the order went out, beside the status; not read aloud. */
let clock = 0;
/** Whether the first word of this run has come. */
let isHeard = false;
/** Why parts of the run were not written, by part. @type {Map<string, fault.Fault>} */
const faults = new Map();
/** What the site is called. */
export const site = () => said(about.title) || 'recipe.fcgi';

/** To be called once, before any event. @param {Skin} of */
export function wear(of) {
	skin = of;
	all = new Map(of.all.map((s) => [s.part, s]));
}

const written = () => skin.counted.filter((s) => s.isWritten).length;

/** What the button of a part that was cut short does. @type {(part: string) => any} */
let again;

/** @param {typeof again} act */
export const onAgain = (act) => again = act;

/** In the one line that is read aloud. @param {Words} text */
export const say = (text) => speak(get('#status'), text);

/** What is shown, as the window's title calls it before the site's name. */
let shown = '';
export function title(text = '') {
	shown = text;
	speak(get('title'), () => text ? `${text} \u00b7 ${site()}` : site());
}

/** @param {{ title?: any }} graph its title is the site's name, which stands on the page once */
export function named(graph) {
	const before = site();
	about = graph;
	if (site() !== before)
		speak(get('h1'), site);
	title(shown);
}

/** @param {Words} title @param {Words} text */
function problem(title = '', text = '', wait = 0) {
	fault.count(wait);
	get('#problem').hidden = text === '';
	speak(get('#problem-title'), title);
	speak(get('#problem-text'), text);
}

/** There was no run at all. @param {Words} title @param {Words} text */
export function refuse(title, text) {
	page.run = 'refused';
	clearInterval(clock);
	say(() => words.nothing);
	problem(title, text);
}

/** An order has gone out; what the page shows stays until an answer comes. @param {import('./client.js').Order} order */
export function sent(order) {
	page.run = 'sent';
	skin.sent(order);
	say(() => words.sent);
	problem();
	clearTimeout(patience);
	patience = setTimeout(() => page.run === 'sent' && say(() => words.connecting), 5000);
	const since = performance.now();
	const tick = () => {
		const s = Math.floor((performance.now() - since) / 1000);
		speak(get('#clock'), () => s + words.unit);
	};
	clearInterval(clock);
	clock = setInterval(tick, 250);
	tick();
}

/** What GET /services says. @param {Record<string, unknown>} about also an edit of the prompts that is broken */
export function serves(about) {
	cooks(about);
	fault.know(about);
	get('#stale').hidden = typeof about.broken !== 'string';
	speak(get('#stale'), () => about.broken ? `${words.edit} ${about.broken}` : '');
}

/** @param {Record<string, unknown>} about whether it is the demo cook, and how to end that */
export function cooks({ demo, hint }) {
	get('#demo').hidden = demo !== true;
	tip = typeof hint === 'string' ? hint : tip;
	speak(get('#demo-hint'), () => words.demo || tip);
}

/** The answer begins. @param {string[]} parts those that are written, and emptied before */
export function begin(parts) {
	page.run = 'running';
	problem();
	isHeard = false;
	const held = document.activeElement;
	const more = skin.begin(parts);
	faults.clear();
	delete page.empty;
	const runners = skin.all.filter((s) => parts.includes(s.part));
	runners.forEach((section) => section.begin(more));
	race.begin(runners, more);
	speak(get('#total'), '');
	skin.sheet.hidden = false;
	reveal(more ? runners.map(({ root }) => root) : [skin.sheet], held);
}

/** On a phone the page is many screens; shows what a tap has begun. @param {HTMLElement[]} begun @param {Element | null} held what had the focus */
function reveal(begun, held) {
	const isSeen = begun.some((e) => {
		const { top } = e.getBoundingClientRect();
		return top >= 0 && top < innerHeight / 2;
	});
	if (!isSeen)
		begun[0]?.scrollIntoView();
	/* What was tapped has gone, and the focus with it. */
	if (held && !held.isConnected && begun[0])
		get('h2, h3', begun[0]).focus({ preventScroll: true });
}

/** The run is over; what came is kept. @param {'done' | 'stopped' | 'broken'} outcome @param {number} [ms] */
export function end(outcome, ms) {
	page.run = outcome;
	clearInterval(clock);
	for (const section of skin.all)
		if (!section.isFinal && section.state)
			section.setState(outcome === 'done' ? 'broken' : outcome);
	skin.all.forEach((section) => section.end());
	const of = skin.counted.length;
	skin.end();
	race.end();
	get('#more').hidden = written() === 0;
	get('#finish').hidden = skin.missing().length === 0;
	const came = written();
	const empty = outcome === 'done' && !skin.all.some((s) => s.isWritten || s.text);
	say(() => empty ? words.nothing : outcome === 'done' ? words.finished(came, of, seconds(ms)) : outcome === 'stopped' ? words.stopped : words.broke(came, of));
	if (outcome === 'done')
		sumUp(empty);
}

/** What is wrong with many parts alike is said once, and not in each of them. */
function sumUp(empty = false) {
	const one = fault.common([...faults.values()], empty);
	if (!one)
		return;
	if (empty)
		page.empty = '';
	skin.all.filter(({ part }) => faults.has(part)).forEach((s) => s.note());
	problem(() => words.runTitle, () => fault.explained(one), one.retry_s);
}

/** No more events come: the run broke, unless it was over. */
export function broke() {
	if (page.run === 'running')
		end('broken');
	else if (page.run === 'sent')
		refuse(() => words.unreachableTitle, () => words.unreachable);
}

/** @param {Record<string, any>} about a _part */
function change(about) {
	const section = all.get(about.part);
	section?.setState(String(about.state ?? ''), about);
	race.take(about, section?.by ?? '');
	if (about.state === 'cut')
		section?.note(() => words.cutShort, button(() => words.again, 'act', () => again(about.part), () => words.againOf(section.title)));
	if (section?.isWritten && skin.counted.includes(section)) {
		const came = written();
		say(() => words.progress(came, skin.counted.length));
	} else if (about.state === 'first' && !isHeard) {
		isHeard = true;
		say(() => words.first(seconds(about.ms)));
	} else if (about.state === 'waiting' && !isHeard) {
		say(() => words.place(about.ahead));
	}
}

/** @param {fault.Fault} error */
function explain(error) {
	faults.set(error.part, error);
	const section = all.get(error.part);
	/* The state of what is skipped has said why. */
	if (section?.state !== 'skipped')
		section?.note(() => fault.explained(error));
}

/** @param {Record<string, any>} done */
function total({ ms, first_ms, tokens }) {
	const count = () => tokens?.out ? (tokens.estimated ? words.about : '') + tokens.out : '';
	speak(get('#total'), () => words.total(seconds(ms), seconds(first_ms), count()));
}

/** @param {import('./client.js').WireEvent} event @returns {boolean} whether a whole run ends with it */
export function show(event) {
	if (event.kind === 'text') {
		all.get(event.part)?.append(event.text);
		return false;
	}
	const { value } = event;
	switch (event.name) {
	case '_run':
		cooks(value);
		begin(value.parts);
		say(() => words.begun);
		break;
	case '_waiting':
		clearTimeout(patience);
		say(() => words.queued(value.ahead));
		break;
	case '_pick': {
		const name = skin.pick(value, value.part);
		say(() => words.named(name));
		break;
	}
	case '_alternates':
		skin.offer(Array.isArray(value.items) ? value.items : [], value.part);
		break;
	case '_part': change(value); break;
	case '_error': explain(value); break;
	case '_done':
		total(value);
		end('done', value.ms);
	}
	return event.name === '_done';
}

/* What was chosen of the tools is done, and said in the status, which stands above them. */
tools.addEventListener('click', ({ target }) => target !== tools && tools.hidePopover?.());
