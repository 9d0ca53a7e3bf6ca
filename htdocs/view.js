/** Events in, DOM out. It knows nothing of the network, nor of any one part. */
import { said } from './lang.js';
import { button, get, speak } from './dom.js';
import * as race from './race.js';
import * as fault from './fault.js';
import { release } from './room.js';
import { seconds, words } from './words.js';

const { dataset } = document.body;
const tools = get('#tools');
/** @type {Page} */
let page;
let patience = 0;
/** The timer of the seconds that run. */
let clock = 0;
/** How the demo is ended, in the server's words. */
let tip = '';
/** What GET /graph says, if it has said it. @type {{ title?: any }} */
let about = {};
/** Whether this run has a first word. */
let isHeard = false;
/** What the run was given, and whether it is more of what is shown. */
let given = {};
let isMore = false;
/** Why parts of the run were not written, by part. @type {Map<string, Fault>} */
const faults = new Map();

/** To be called once, before any event. @param {Page} of */
export const wear = (of) => page = of;

/** What the site is called. */
export const site = () => said(about.title) || 'recipe.fcgi';

const sections = () => Object.values(page.parts.sections);
const written = () => page.counted.filter((s) => s.isWritten).length;

/** In the one line that is read aloud. @param {Words} text */
export const say = (text) => speak(get('#status'), text);

/** What is shown, as the window's title calls it before the site's name. */
let shown = '';
export function title(text = '') {
	shown = text;
	speak(get('title'), () => text ? `${text} \u00b7 ${site()}` : site());
}

/** The site's name stands on the page once. @param {{ title?: any }} graph */
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
	dataset.run = 'refused';
	clearInterval(clock);
	say(() => words.nothing);
	problem(title, text);
}

export const unreachable = () => refuse(() => words.unreachableTitle, () => words.unreachable);

/** An order has gone out; what the page shows stays until an answer comes. @param {Order} order */
export function sent(order, more = false) {
	dataset.run = 'sent';
	given = order.given ?? {};
	isMore = more;
	say(() => words.sent);
	problem();
	clearTimeout(patience);
	patience = setTimeout(() => dataset.run === 'sent' && say(() => words.connecting), 5000);
	const since = performance.now();
	const tick = () => {
		const s = Math.floor((performance.now() - since) / 1000);
		speak(get('#clock'), () => s + words.unit);
	};
	clearInterval(clock);
	clock = setInterval(tick, 250);
	tick();
}

/** What GET /services says, also an edit of the prompts that is broken. @param {Record<string, any>} about */
export function serves(about) {
	cooks(about);
	fault.know(about);
	get('#stale').hidden = typeof about.broken !== 'string';
	speak(get('#stale'), () => about.broken ? `${words.edit} ${about.broken}` : '');
}

export const isDemo = () => !get('#demo').hidden;

/** Whether it is the demo cook, and how to end that. @param {Record<string, any>} about */
function cooks({ demo, hint }) {
	get('#demo').hidden = demo !== true;
	tip = typeof hint === 'string' ? hint : tip;
	speak(get('#demo-hint'), () => words.demo || tip);
}

/** The answer begins: these parts are written, and emptied before. @param {string[]} parts */
export function begin(parts, given = {}, isMore = false) {
	dataset.run = 'running';
	problem();
	isHeard = false;
	const held = document.activeElement;
	get('#frontispiece').hidden = true;
	page.parts.begin(parts, given);
	page.begin?.();
	faults.clear();
	delete dataset.empty;
	const runners = sections().filter((s) => parts.includes(s.part));
	runners.forEach((section) => section.begin(isMore));
	race.begin(runners, isMore);
	speak(get('#total'), '');
	page.sheet.hidden = false;
	reveal(isMore ? runners.map(({ root }) => root) : [page.sheet], held);
}

/** A phone's page is many screens: shows what a tap has begun. @param {HTMLElement[]} begun @param {Element | null} held the focus */
function reveal(begun, held) {
	const tops = begun.map((e) => e.getBoundingClientRect().top);
	if (!tops.some((top) => top >= 0 && top < innerHeight / 3))
		begun[0]?.scrollIntoView();
	/* What was tapped may have gone. */
	if (held && !held.isConnected && begun[0])
		get('h2, h3', begun[0]).focus({ preventScroll: true });
}

/** The run is over; what came is kept. @param {'done' | 'stopped' | 'broken'} outcome @param {number} [ms] */
export function end(outcome, ms) {
	const isDone = outcome === 'done';
	dataset.run = outcome;
	clearInterval(clock);
	for (const section of sections()) {
		if (!section.isFinal && section.state)
			section.setState(isDone ? 'broken' : outcome);
		release(section.root);
	}
	page.end?.();
	race.end();
	const of = page.counted.length, came = written();
	const isEmpty = isDone && !sections().some((s) => s.isWritten || s.text);
	get('#more').hidden = came === 0;
	get('#finish').hidden = isEmpty || page.parts.missing().length === 0;
	say(() => isEmpty ? words.nothing : isDone ? words.finished(came, of, seconds(ms)) : outcome === 'stopped' ? words.stopped : words.broke(came, of));
	if (isDone)
		sumUp(isEmpty);
}

/** What is wrong with many parts alike is said once, and not in each of them. */
function sumUp(isEmpty = false) {
	const one = fault.common([...faults.values()], isEmpty);
	if (!one)
		return;
	if (isEmpty)
		dataset.empty = '';
	sections().filter(({ part }) => faults.has(part)).forEach((s) => s.note());
	problem(() => words.runTitle, () => fault.explained(one), one.retry_s);
}

/** No more events come: the run broke, unless it was over. */
export function broke() {
	if (dataset.run === 'running')
		end('broken');
	else if (dataset.run === 'sent')
		unreachable();
}

/** @param {Record<string, any>} about a _part */
function change(about) {
	const { part, state = '', ms, ahead } = about;
	const section = page.parts.sections[part];
	section?.setState(String(state), about);
	race.take(about, section?.by);
	if (state === 'cut')
		section?.note(() => words.cutShort, button(() => words.again, 'act', () => page.again(part), () => words.againOf(section.title)));
	if (section?.isWritten && page.counted.includes(section)) {
		const came = written();
		say(() => words.progress(came, page.counted.length));
	} else if (state === 'first' && !isHeard) {
		isHeard = true;
		say(() => words.first(seconds(ms)));
	} else if (state === 'waiting' && !isHeard) {
		say(() => words.place(ahead));
	}
}

/** @param {Fault} error */
function explain(error) {
	faults.set(error.part, error);
	const section = page.parts.sections[error.part];
	/* The state of what is skipped has said why. */
	if (section?.state !== 'skipped')
		section?.note(() => fault.explained(error));
}

/** @param {Record<string, any>} done */
function total({ ms, first_ms, tokens }) {
	const count = () => tokens?.out ? (tokens.estimated ? words.about : '') + tokens.out : '';
	speak(get('#total'), () => words.total(seconds(ms), seconds(first_ms), count()));
}

/** Returns whether a whole run ends with it. @param {WireEvent} event */
export function show(event) {
	if (event.kind === 'text') {
		page.parts.sections[event.part]?.append(event.text);
		return false;
	}
	const { value } = event;
	switch (event.name) {
	case '_run':
		cooks(value);
		begin(value.parts, given, isMore);
		say(() => words.begun);
		break;
	case '_waiting':
		clearTimeout(patience);
		say(() => words.queued(value.ahead));
		break;
	case '_pick': {
		const name = page.parts.pick(value);
		say(() => words.named(name));
		break;
	}
	case '_alternates':
		page.parts.offer(Array.isArray(value.items) ? value.items : []);
		break;
	case '_part': change(value); break;
	case '_error': explain(value); break;
	case '_done':
		total(value);
		end('done', value.ms);
	}
	return event.name === '_done';
}

/* One of them is enough. */
tools.addEventListener('click', ({ target }) => target !== tools && tools.hidePopover?.());
