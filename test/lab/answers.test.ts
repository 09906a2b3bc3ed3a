import {expect, test} from 'vitest';
import {numberIn, wordsIn} from '../../src/lab/answers.ts';

test.each([
	['4950', 4950],
	['4,950', 4950],
	['4.950', 4950],
	['499 500', 499500],
	["499'500 sessions", 499500],
	['about 12,497,500.', 12497500],
	['240s', 240],
	['0 seconds', 0],
	['', undefined],
	['many', undefined],
	// Who says two numbers has not decided.
	['9 or 10', undefined],
	['291, 294', undefined],
])('%j says %s', (answer, number) => {
	expect(numberIn(answer)).toBe(number);
});

test.each([
	['Node specific.', 'node specific'],
	['  "172.31.42.47" ', '172.31.42.47'],
	['172.31.42.47.', '172.31.42.47'],
	['ip-172-31-42-47', 'ip-172-31-42-47'],
	['16:35:44', '16:35:44'],
	['At once!', 'at once'],
])('%j is read as %j', (answer, words) => {
	expect(wordsIn(answer)).toBe(words);
});
