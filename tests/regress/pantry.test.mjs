// htdocs/pantry.js: which lines of an ingredient list are at hand, which are to
// buy, and when nothing is said.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../../htdocs/pantry.js';

/** By what the visitor wrote: lines, and what each is. */
const KITCHENS = {
  'beef flank, onions, peppers': {
    '1 pound beef flank': 'here', '2 large yellow onions, thinly sliced': 'here', '1 onion': 'here', '3 BELL PEPPERS': 'here',
    '2 tablespoons olive oil': 'buy', '2 cloves garlic, crushed': 'buy', '1 lime, halved': 'buy', '2 cups beef stock': 'buy', '1 teaspoon onion powder': 'buy',
    '1 cup water': '', 'Salt and black pepper': 'here', 'Salt': '', 'no peanuts: read every label': '', 'For the sauce:': '', '12': '', '': '',
  },
  'Tomatoes; 2 cups of rice, berries, radishes, crème fraîche': {
    '1 tomato': 'here', '200 g rice': 'here', '1 berry': 'here', '1 radish': 'here', '2 tbsp creme fraiche': 'here',
    '2 cups milk': 'buy', '1 tbsp tomato paste': 'buy', '1 small leek': 'buy',
  },
  'We have some chicken and two potatoes left': { '2 chicken breasts': 'here', '1 potato': 'here', '1 leek': 'buy' },
  '양파, 돼지고기': { '돼지 고기 200g': 'here', '양파 1개': 'here', '고추장 2큰술': 'buy', '쌀가루 1컵': 'buy', '소금 약간': '', '물 2컵': '' },
  '돼지 고기와 양파를': { '돼지고기 200g': 'here', '양파 반 개': 'here', '대파 1대': 'buy' },
  '두부 한 모, 김치': { '두부 1모': 'here', '김치 1컵': 'here', '모짜렐라 치즈': 'buy' },
  '豚肉、玉ねぎ': { '豚肉 200g': 'here', '醤油 大さじ2': 'buy' },
  // What is written in two languages may be there in the other one.
  '양파, olive oil': { '1 tbsp olive oil': 'here', '1 onion': '', '당근 1개': '' },
};

for (const [onHand, lines] of Object.entries(KITCHENS))
  for (const [line, is] of Object.entries(lines)) test(`with ${onHand}: ${line}`, () => assert.equal(judge(line, onHand), is));
