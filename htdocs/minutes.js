const NAMES = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty'.split(' ');
/* "3분의 1" is a third, "3분할" are three pieces. */
const UNIT = '(h(?:(?:ou)?rs?)?|min(?:ut\\p{L}{0,2}|s)?|seconds|secs?|시간|분(?!의|할)|초)';
const TIME = new RegExp(`(?<![\\p{L}\\d.,/])(\\d+(?:[.,]\\d+)?) ?${UNIT}?(?:-? ?(?:[-–~]|to|or|에서) ?\\d+(?:[.,]\\d+)?)?[ -]?(?:more )?${UNIT}(?![a-z])`, 'gu');

const counted = (text = '') => text.toLowerCase()
	.replace(/[a-z]+/g, (word) => {
		const n = NAMES.indexOf(word);
		return n < 0 ? word : String(n > 20 ? (n - 18) * 10 : n);
	})
	.replace(/\b([2-6])0[- ]([1-9])\b/g, '$1$2')
	.replace(/(\d*) ?([¼½¾])/g, (_, n, part) => String(Number(n) + ('¼½¾'.indexOf(part) + 1) / 4))
	.replace(/(?:(\d+) )?(\d)\/(\d)/g, (_, n = 0, part, of) => String(Number(n) + part / of))
	.replace(/(?<!\p{L})([반한두세네]) ?시간/gu, (_, n) => `${'반한두세네'.indexOf(n) || 0.5}시간`)
	.replace(/(\d+|\ban?)( ?(?:hours?|시간))? ?(?:and a half|반(?!\p{L}))/gu, (_, n, unit = '') => `${Number(n) || 1}.5${unit}`)
	.replace(/(?<!of )\b(half(?: an?)?|an?)[- ](?=(?:hour|minute)s?\b)/g, (_, n) => n[0] === 'h' ? '0.5 ' : '1 ');

/** In seconds. Of a range it is the shorter time: food can be looked at early. */
export function waits(text = '') {
	const plain = counted(text.slice(0, 999));
	let end = 0, before = 0;
	/** @type {number[]} */
	const all = [];
	for (const { 0: { length }, 1: n, 2: first, 3: last, index } of plain.matchAll(TIME)) {
		const unit = { h: 3600, 시: 3600, m: 60, 분: 60 }[(first ?? last)[0]] ?? 1;
		const isMore = unit < before && /^,? ?(and )?$/.test(plain.slice(end, index));
		all.push(Math.round(Number(n.replace(',', '.')) * unit) + (isMore ? all.pop() ?? 0 : 0));
		end = index + length;
		before = unit;
	}
	return [...new Set(all)].filter((s) => s > 0 && s <= 86400).slice(0, 4);
}
