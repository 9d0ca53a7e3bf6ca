import { button, make, tongue } from './dom.js';
import { clean } from './paper.js';

/** @param {Picked} element */
const trim = (element) => Object.fromEntries(Object.entries(element).map(([field, text]) => [field, clean(text, 1000)]));

/** @type {MakeParts} */
export function makeParts(graph, sectionOf, head) {
	/** @type {Parts['sections']} */
	const sections = Object.assign(Object.create(null), Object.fromEntries(graph.map((part) => [part.name, sectionOf(part)])));
	/** @type {List[]} */
	const lists = graph.flatMap(({ name, list }) => list ? { ...list, part: name, others: [] } : []);
	/** @param {string} name */
	const find = (name) => graph.find((part) => part.name === name || part.list?.pick === name);
	/** @param {string} name */
	const listOf = (name) => lists.find(({ part }) => part === name);

	/** @param {List} list @param {Picked} element */
	function item(list, element, canPick = false) {
		const [name, ...more] = list.fields.map((field) => element[field]);
		return tongue(make('li', { dir: 'auto' }, make('b', {}, canPick ? button(name, 'idea', () => self.take(list, trim(element))) : name),
			...more.flatMap((text) => [' ', make('span', {}, text)])), name);
	}

	/** @param {List} list */
	function draw(list) {
		const { part, picked, others } = list;
		const { holder, form, settle } = sections[part];
		const choices = graph.filter(({ each }) => each === part);
		const items = (canPick = false) => others.map((element) => item(list, element, canPick));
		if (picked)
			settle();
		if (form === 'head')
			head?.(picked);
		else if (picked)
			holder.append(item(list, picked), ...choices.length ? [] : items(true));
		for (const { name, form } of choices)
			sections[name].holder.replaceChildren(...items(form === 'choice'));
	}

	/** @type {Whose} */
	function whose(elements, fits) {
		const able = lists.filter((list) => fits(list) && !['', 'waiting'].includes(sections[list.part].state));
		return able.find(({ part, fields: [field] }) => elements.every((element) => {
			const name = element?.[field];
			return typeof name === 'string' && sections[part].text.includes(JSON.stringify(name).slice(1, -1));
		})) ?? able[0];
	}

	/** @param {List} list @param {any} raw @returns {Picked} */
	const sane = ({ fields }, raw) => Object.fromEntries(fields.map((field) => [field, String(raw?.[field] ?? '')]));

	/** @param {string[]} from */
	function after(...from) {
		const old = new Set(from);
		return graph.filter(({ name, needs, each = '', list }) =>
			[...needs, each].some((need) => old.has(need)) && old.add(name).add(list?.pick ?? name)).map(({ name }) => name);
	}

	/** @type {Parts} */
	const self = {
		sections, listOf, after, take() {},
		begin(names, given) {
			for (const list of lists) {
				const { part, pick, fields: [name], picked, others } = list;
				const taken = given[pick];
				if (names.includes(part)) {
					Object.assign(list, { picked: undefined, others: [], isListed: false });
					draw(list);
				} else if (taken) {
					const is = (/** @type {Picked} */ other) => JSON.stringify(other) === JSON.stringify(taken);
					const like = others.filter((other) => other[name] === taken[name]);
					const left = like.find(is) ?? like[0];
					/* What was picked takes the place of what is taken now. */
					const now = picked && !is(picked) ? others.map((other) => other === left ? picked : other) : others;
					Object.assign(list, { picked: taken, others: now, isListed: true });
					draw(list);
				}
			}
		},
		pick(value) {
			const list = whose([value], ({ picked }) => !picked);
			if (!list)
				return '';
			list.picked = sane(list, value);
			draw(list);
			return list.picked[list.fields[0]];
		},
		offer(items) {
			const list = whose(items, ({ picked, isListed }) => !!picked && !isListed);
			if (!list)
				return;
			Object.assign(list, { others: items.map((raw) => sane(list, raw)), isListed: true });
			draw(list);
		},
		again: (name) => [name, ...listOf(name) ? after(name, listOf(name)?.pick ?? '') : []],
		given(want) {
			/** @type {Bag} */
			const given = {};
			const seen = new Set(want);
			const look = (/** @type {string} */ need) => {
				const part = find(need);
				if (!part || seen.has(part.name))
					return;
				seen.add(part.name);
				const { isWritten, text } = sections[part.name];
				const picked = listOf(part.name)?.picked;
				if (picked && need === part.list?.pick)
					given[need] = trim(picked);
				else if (isWritten && !part.list)
					given[need] = clean(text, 6000);
				else
					part.needs.forEach(look);
			};
			want.forEach((name) => find(name)?.needs.forEach(look));
			return given;
		},
		missing: () => graph.filter(({ name, each = name }) =>
			sections[name].state && !sections[name].isWritten && !listOf(each)?.picked).map(({ name }) => name),
		texts: () => Object.fromEntries(graph.map(({ name, list }) =>
			[name, list ? Object.values(listOf(name)?.picked ?? {}).filter(Boolean).join(': ') : sections[name].text])),
	};
	return self;
}
