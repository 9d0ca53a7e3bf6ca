// Texts of the length that models write within the limits of stages.json.

export const TYPICAL = {
  init: JSON.stringify([
    { name: 'Seared Flank Steak with Charred Peppers', intro: 'Beef rested in its own juice under a heap of sweet, smoky peppers and onions.' },
    { name: 'Slow Onion and Beef Skillet', intro: 'Onions cooked down to jam, with strips of beef turned through at the last minute.' },
    { name: 'Flank Salad with Pickled Onion', intro: 'Cold sliced beef, crisp peppers and a sharp, pink tangle of onion.' },
  ]),
  add: `1 pound beef flank
2 large yellow onions, thinly sliced
3 bell peppers, red and yellow, cut in strips
2 tablespoons olive oil
2 cloves garlic, crushed
1 tablespoon soy sauce
1 teaspoon smoked paprika
1/2 teaspoon ground cumin
1 lime, halved
A small handful of coriander leaves
Salt and freshly ground black pepper`,
  int: 'There is an hour in every week when the fridge holds little more than a piece of flank, a few onions and the last of the peppers, and this is the dish for it. '
    + 'The beef goes into a very hot pan and stays there only long enough to take on a dark crust. '
    + 'While it rests, the onions and peppers soften in what it left behind, and pick up every bit of it. '
    + 'In the markets of northern Mexico it is eaten standing, folded into a warm tortilla with nothing but lime. '
    + 'At a table it needs only a sharp knife, and somebody to share it with.',
  ing: `Beef flank is lean and rich in protein, iron and vitamin B12.
Onions bring fibre that feeds the gut, and quercetin, which calms inflammation.
Peppers hold more vitamin C than oranges do, and the red ones vitamin A besides.`,
  sde: `Warm corn tortillas with salted butter
Black beans with garlic and bay
Cabbage slaw with lime and coriander`,
  ste: `1. Take the beef out of the fridge, pat it dry and season it well on both sides with salt, pepper, paprika and cumin.
2. Heat a heavy pan until a drop of water skips across it, add one tablespoon of oil and lay the beef in.
3. Sear it for four minutes without moving it, turn it and give it three minutes more; it should be well browned.
4. Lift it onto a board, cover it loosely and let it rest for ten minutes.
5. Turn the heat to medium, add the rest of the oil and the onions, and stir up everything that sticks to the pan.
6. After five minutes add the peppers and cook them for eight minutes, until they bend but still have a bite.
7. Stir in the garlic and the soy sauce and cook for one minute, until it smells sweet.
8. Slice the beef thinly, always across the grain, and pour the juice from the board over the peppers.
9. Pile the beef on the vegetables, squeeze the lime over all of it, scatter the coriander and serve at once.`,
};

/** As long as the prompts allow: eight words of a name, twenty of its sentence, five sentences, twelve lines, ten steps. */
export const FULL = {
  init: JSON.stringify([1, 2, 3].map(() => ({
    name: 'Slow-Simmered Flank Goulash with Caramelized Onions, Smoked Peppers',
    intro: 'Tender strips of beef in a deep red, gently smoky sauce of sweet onions and peppers, spooned over buttered noodles.',
  }))),
  add: `1 pound beef flank, cut across the grain in thin strips
2 large yellow onions, thinly sliced
3 bell peppers, red and yellow, cut in strips
2 tablespoons olive oil
3 cloves garlic, crushed with a little salt
1 tablespoon tomato paste
1 teaspoon sweet paprika
1 teaspoon smoked paprika
1/2 teaspoon caraway seeds, crushed
1 cup beef stock or water
1 tablespoon red wine vinegar
A small handful of parsley leaves, chopped`,
  int: `${TYPICAL.int} It asks for no more than one pan and a wooden spoon, and the noodles are done while the sauce rests.`,
  ing: `Beef flank is lean and rich in protein, iron and vitamin B12, which build muscle and blood.
Onions bring fibre that feeds the gut, and quercetin, which calms inflammation.
Peppers hold more vitamin C than oranges do, and the red ones vitamin A besides.
Tomatoes give lycopene, which guards the cells and the heart, and more of it when cooked.
Garlic has sulphur compounds that help the vessels stay wide and the blood run freely.
Parsley is full of vitamin K, which bones and clotting need, and of folate besides.`,
  sde: `Buttered egg noodles with toasted poppy seeds
Cucumber salad with sour cream and fresh dill
Warm rye bread with salted caraway butter`,
  ste: `${TYPICAL.ste}
10. Taste the sauce once more for salt and vinegar; it should coat a spoon and smell of smoke.`,
};

const WORDS = 'slowly until the edges turn golden brown and the whole kitchen smells of butter and thyme'.split(' ');

/** That many characters, beginning with this. */
function long(text, length) {
  for (let n = 0; text.length < length; n++) text += ` ${WORDS[n % WORDS.length]}`;
  return `${text.slice(0, length - 1)}.`;
}

const many = (count, line) => Array.from({ length: count }, (_, n) => line(n + 1)).join('\n');

/** The longest that the prompts and the bounds of stages.json allow, all at once. */
export const LONGEST = {
  init: JSON.stringify(Array(3).fill({ name: 'Slow Roasted Mediterranean Vegetables with Charred Flank Steak', intro: long('Beef rested in its own juice', 130) })),
  int: long('There is an hour in every week when the fridge holds little more than this', 1150),
  add: many(12, (n) => long(`${n} tablespoons of beef, chopped`, n % 3 ? 36 : 54)),
  ste: many(10, (n) => `${n}. ${long('Heat the pan for 10 minutes over a low flame', 168)}`),
  sde: many(3, () => long('Warm corn tortillas with', 48)),
  ing: many(5, () => long('Beef flank is lean and rich in protein, iron', 168)),
};
/** The same in Korean, whose letters are wider, and more tokens each. */
export const LONGEST_KO = {
  init: JSON.stringify(Array(3).fill({ name: '천천히 구운 지중해식 채소와 소고기 스테이크 덮밥', intro: '버터와 백리향 향기가 부엌에 가득한, 육즙이 살아 있는 소고기 한 접시.' })),
  int: '버터와 백리향 향기가 부엌에 가득해질 때까지 천천히 익힙니다. '.repeat(13).trim(),
  add: many(12, (n) => `소고기와 채소 ${n}큰술, 곱게 다진 것`),
  ste: many(10, (n) => `${n}. 약한 불에 팬을 올리고 10분 동안 버터와 백리향 향기가 부엌에 가득해질 때까지 천천히 저어 가며 노릇하게 익힙니다.`),
  sde: many(3, () => '따뜻한 또띠야와 짭짤한 버터를 곁들인 양배추'),
  ing: many(5, () => '소고기는 단백질과 철분이 많고 기름이 적어서 몸을 따뜻하게 하고 기운을 북돋아 줍니다.'),
};
