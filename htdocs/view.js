import { said } from './lang.js';
import { button, dotted, get, speak } from './dom.js';
import * as race from './race.js';
import * as fault from './fault.js';
import { release } from './room.js';
import { seconds, words } from './words.js';

const { dataset } = document.body;
const tools = get('#tools');
/** @type {Page} */
export let page;
let patience = 0;
let clock = 0;
let tip = '';
let keep_s = 0;
/** @type {Partial<Graph>} */
let about = {};
let given = {};
let isMore = false;
let isHeard = false;
/** @type {Map<string, Fault>} */
const faults = new Map();

/** @param {Page} of */
export const wear = (of) => page = of;

export const site = () => said(about.title) || 'recipe.fcgi';

const sections = () => Object.values(page.parts.sections);
const written = () => page.counted.filter((s) => s.isWritten).length;

/** @param {Words} text */
export const say = (text) => speak(get('#status'), text);

let shown = '';
export function title(text = '') {
	shown = text;
	speak(get('title'), () => dotted(text, site()));
}

/** @type {View['named']} */
export function named(graph) {
	const before = site();
	about = graph;
	if (site() !== before)
		speak(get('h1'), site);
	title(shown);
}

/** @type {View['problem']} */
function problem(title = '', text = '', wait = 0) {
	fault.count(wait);
	get('#problem').hidden = text === '';
	speak(get('#problem-title'), title);
	speak(get('#problem-text'), text);
}

/** @type {View['refuse']} */
export function refuse(title, text) {
	dataset.run = 'refused';
	clearInterval(clock);
	say(() => words.nothing);
	problem(title, text);
}

export const unreachable = () => refuse(() => words.unreachableTitle, () => words.unreachable);

/** @type {View['sent']} */
export function sent(order, more) {
	dataset.run = 'sent';
	given = order.given ?? {};
	isMore = more;
	say(() => words.sent);
	problem();
	clearTimeout(patience);
	patience = setTimeout(() => dataset.run === 'sent' && say(() => words.connecting), 5000);
	const since = performance.now();
	const seconds = () => Math.floor((performance.now() - since) / 1000) + words.unit;
	const tick = () => speak(get('#clock'), seconds);
	clearInterval(clock);
	clock = setInterval(tick, 250);
	tick();
}

/** @param {Bag} about */
export function serves(about) {
	cooks(about);
	fault.know(about);
	get('#to-speed').hidden = about.speed !== true;
	keep_s = Number(about.keep_s) || 0;
	get('#stale').hidden = typeof about.broken !== 'string';
	speak(get('#stale'), () => about.broken ? `${words.edit} ${about.broken}` : '');
}

/** Whether a run is kept on the site, for so long after its end. @type {View['offers']} */
export function offers(run) {
	const left = () => keep_s - (run?.over ? Date.now() - run.over : 0) / 1000;
	get('#link').hidden = get('#linked').hidden = !run || left() < 1;
	speak(get('#linked'), () => words.linked(Math.ceil(keep_s / 60)));
}

export const isDemo = () => !get('#demo').hidden;

/** @param {Bag} about */
function cooks({ demo, hint, over }) {
	get('#demo').hidden = demo !== true;
	tip = typeof hint === 'string' ? hint : tip;
	speak(get('#demo-hint'), () => over ? `${words.why.limit} ${words.demoWrote}` : words.demo || tip);
}

/** @type {View['begin']} */
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

/** @type {View['reveal']} */
function reveal(begun, held) {
	const tops = begun.map((e) => e.getBoundingClientRect().top);
	if (!tops.some((top) => top >= 0 && top < innerHeight / 3))
		begun[0]?.scrollIntoView();
	/* What was tapped may have gone. */
	if (held && !held.isConnected && begun[0])
		get('h2, h3', begun[0]).focus({ preventScroll: true });
}

/** @type {View['end']} */
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
	const isBlank = !sections().some((s) => s.isWritten || s.text), isEmpty = isDone && isBlank;
	get('#more').hidden = came === 0;
	get('#finish').hidden = isEmpty || page.parts.missing().length === 0;
	say(() => isEmpty ? words.nothing : isDone ? words.finished(came, of, seconds(ms)) : outcome === 'stopped' ? isBlank ? words.nothing : words.stopped : words.broke(came, of));
	if (isDone)
		sumUp(isEmpty);
}

function sumUp(isEmpty = false) {
	const one = fault.common([...faults.values()], isEmpty);
	if (!one)
		return;
	if (isEmpty)
		dataset.empty = '';
	sections().filter(({ part }) => faults.has(part)).forEach((s) => s.note());
	problem(() => words.runTitle, () => fault.explained(one), one.retry_s);
}

export const broke = () => dataset.run === 'running' ? end('broken') : dataset.run === 'sent' && unreachable();

/** @param {Bag} about */
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

const sayNamed = (name = '') => say(() => words.named(name));

/** @param {WireEvent} event */
export function show(event) {
	if (event.kind === 'text') {
		page.parts.sections[event.part]?.append(event.text);
		return false;
	}
	const { value } = event;
	const { ms, first_ms, tokens } = value;
	switch (event.name) {
	case '_run':
		cooks(value);
		begin(value.parts, given, isMore);
		say(() => words.begun);
		/* There is a link to it. */
		get('#more').hidden = value.kept !== true;
		break;
	case '_lost':
		say(() => words.lost);
		break;
	case '_resumed': {
		const came = written();
		say(() => came ? words.progress(came, page.counted.length) : words.begun);
		break;
	}
	case '_waiting':
		clearTimeout(patience);
		say(() => words.queued(value.ahead));
		break;
	case '_pick':
		sayNamed(page.parts.pick(value));
		break;
	case '_alternates':
		page.parts.offer(Array.isArray(value.items) ? value.items : []);
		break;
	case '_part': change(value); break;
	case '_error': explain(value); break;
	case '_done':
		speak(get('#total'), () => words.total(seconds(ms), seconds(first_ms), tokens?.out ? (tokens.estimated ? words.about : '') + tokens.out : ''));
		end(value.how === 'broken' ? 'broken' : /stopped|left/.test(value.how) ? 'stopped' : 'done', ms);
	}
	return event.name === '_done';
}

tools.addEventListener('click', ({ target }) => target !== tools && tools.hidePopover?.());
