import {describe, expect, test} from 'vitest';
import {exitCodes} from '../../src/commands/exit-codes.ts';
import {helpText} from '../../src/commands/help.ts';
import {type CommandName, commands, flagEntries, flagsOf} from '../../src/commands/table.ts';

const names = Object.keys(commands) as CommandName[];

describe.each(names)('help of %s', name => {
	test('fits into 100 columns', () => {
		for (const line of helpText(name).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
	});

	test('names every flag that the command knows, and no other', () => {
		const text = helpText(name);
		const known = flagsOf(name === 'help' ? 'wizard' : name).map(([flag]) => flag);
		for (const [flag] of flagEntries) {
			const shown = new RegExp(`^ {2}(-\\w, )?--${flag}(?![\\w-])`, 'm').test(text);
			expect(shown, flag).toBe(known.includes(flag));
		}
	});
});

test('the program help names every command and every exit code', () => {
	const text = helpText();
	for (const name of names.filter(each => each !== 'wizard')) expect(text).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
	for (const {code} of exitCodes) expect(text).toMatch(new RegExp(`^ {2}${code}\\b`, 'm'));
});
