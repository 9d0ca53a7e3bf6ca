// htdocs/trust.js: which lines name what the visitor must not eat. It may mark one
// too many, but none that names it in the visitor's own words may be without.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { touched } from '../../htdocs/trust.js';

/** By what was written as allergies: lines, and what is found in them. */
const ALLERGIES = {
  'peanuts, sesame seeds': {
    '2 tbsp peanut butter': ['peanuts'], '1 cup PEANUTS, chopped': ['peanuts'], 'Scatter the sesame on top': ['sesame seeds'], 'peanut-sesame sauce': ['peanuts', 'sesame seeds'],
    '1 cup peas': [], '2 onions': [], '': [],
  },
  'shellfish and milk; Egg': { '1 egg': ['Egg'], '2 eggs, beaten': ['Egg'], '1 eggplant': [], '200 ml milk': ['milk'], 'Shellfish stock': ['shellfish'] },
  'berries': { '1 berry': ['berries'], 'Fold in the berries.': ['berries'], '1 bay leaf': [] },
  'Crème fraîche': { '2 tbsp creme fraiche': ['Crème fraîche'] },
  // What is made of it is marked too; peanut butter is one too many.
  'milk, nuts, wheat, shellfish, fish, soy': {
    '2 tbsp butter': ['milk'], '100 g cheese': ['milk'], '50 g almonds': ['nuts'], '1 cup flour': ['wheat'], '12 shrimps': ['shellfish'], '2 anchovies': ['fish'], '200 g tofu': ['soy'],
    '1 nutmeg': [], '2 tbsp oil': [],
  },
  '달걀, 참깨': { '계란 2개': ['달걀'], '참기름 1큰술': ['참깨'], '깨소금 약간': ['참깨'], '깻잎 5장': [], '닭고기 200g': [] },
  '땅콩, 우유': { '땅콩버터 2큰술': ['땅콩', '우유'], '버터 1큰술': ['우유'], '땅콩을 다진다': ['땅콩'], '우유 200ml': ['우유'], '양파 1개': [] },
  '게, 밀·콩': { '게살 100g': ['게'], '밀가루 1컵': ['밀'], '콩나물 한 줌': ['콩'], '양파를 얇게 썬다': [], '두껍게 자른 무': [] },
  '': { '2 tbsp peanut butter': [] },
};

for (const [allergies, lines] of Object.entries(ALLERGIES))
  for (const [line, found] of Object.entries(lines)) test(`allergic to ${allergies || 'nothing'}: ${line}`, () => assert.deepEqual(touched(line, allergies), found));
