// htdocs/minutes.js: what of a step is a time to wait, and how long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waits } from '../../htdocs/minutes.js';

const MINUTE = 60;
const HOUR = 3600;

/** Seconds by what a step says. @type {[string, ...number[]][]} */
const STEPS = [
  ['Simmer for 20 minutes.', 20 * MINUTE],
  ['Bake it 10–12 min, then rest it.', 10 * MINUTE],
  ['10-12 minutes, or 8 to 9 mins', 10 * MINUTE, 8 * MINUTE],
  ['a 30- to 40-minute bake', 30 * MINUTE],
  ['45 minutes to 1 hour', 45 * MINUTE],
  ['1 hour', HOUR],
  ['1½ hours', 90 * MINUTE],
  ['1 1/2 hours, or 1–1½ hours', 90 * MINUTE, HOUR],
  ['2.5 hrs', 150 * MINUTE],
  ['1 hour and 15 minutes', 75 * MINUTE],
  ['1h 30min', 90 * MINUTE],
  ['an hour and a half', 90 * MINUTE],
  ['two and a half hours', 150 * MINUTE],
  ['half an hour, a half-hour', 30 * MINUTE],
  ['Sear it for four minutes, turn it and give it three minutes more', 4 * MINUTE, 3 * MINUTE],
  ['twenty-five minutes', 25 * MINUTE],
  ['ten to twelve minutes', 10 * MINUTE],
  ['Toast for 30 seconds', 30],
  ['5 more minutes', 5 * MINUTE],
  ['2 minutes on each side, 2 minutes', 2 * MINUTE],
  ['At 180 °C for 20 min.', 20 * MINUTE],
  ['15 minutos', 15 * MINUTE], ['20 Minuten', 20 * MINUTE],
  ['20분 동안 끓입니다.', 20 * MINUTE],
  ['1시간 30분', 90 * MINUTE],
  ['10~12분간', 10 * MINUTE], ['10분에서 15분', 10 * MINUTE],
  ['한 시간', HOUR], ['두 시간 반 동안', 150 * MINUTE], ['반 시간', 30 * MINUTE],
  ['1시간 반죽을 둡니다', HOUR],
  ['30초간 볶다가 2분 더', 30, 2 * MINUTE],
];

/** Numbers, and words of time, that are no time to wait. */
const NONE = ['2 minced cloves', '2 mint leaves', '4 hamburgers', '2 heads of garlic', 'a few minutes', 'one second layer', 'a quarter of an hour', '48 hours', '0 minutes',
  '1/0 hours', '1/2 cup', '350 °F', '2인분', '물 3분의 1', '4분할', '2등분', '충분히 익힙니다', '몇 분', 'minutes', ''];

for (const [step, ...seconds] of STEPS) test(`"${step}" waits`, () => assert.deepEqual(waits(step), seconds));
for (const step of NONE) test(`"${step}" does not wait`, () => assert.deepEqual(waits(step), []));

test('a step that never ends costs no time', () => {
  for (const word of ['1', '1 ', '1 - ', 'half a ', '1 hour ', '½', '/1']) assert.ok(waits(word.repeat(100_000)).length <= 4);
});
