import {existsSync, readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {exitCodes} from '../../src/commands/exit-codes.ts';
import {flagTable} from '../../src/commands/help.ts';
import {commands} from '../../src/commands/table.ts';

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

test("the table of flags is the program's own", () => {
	expect(readme).toContain(flagTable());
});

test("the table of exit codes is the program's own", () => {
	for (const {code, text} of exitCodes) expect(readme).toContain(`| ${code} | ${text} |`);
});

test('it has exactly two set-up commands', () => {
	const [, setUp = ''] = /\n## Set up\n(.*?)\n## /s.exec(readme) ?? [];
	const blocks = [...setUp.matchAll(/```sh\n(.*?)\n```/gs)].map(match => match[1]);
	expect(blocks).toEqual(['npm ci && npm start', 'npm cit']);
});

test('what it shows and names is there', () => {
	for (const [, path = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
		expect(existsSync(new URL(path, root)), path).toBe(true);
	}
	const shown = [...readme.matchAll(/^calico-rr-wizard (\w+)/gm)].map(match => match[1] ?? '');
	expect(shown.length).toBeGreaterThan(4);
	for (const name of shown) expect(Object.keys(commands)).toContain(name);
	for (const [, script = ''] of readme.matchAll(/`npm run (\w+)`/g)) {
		expect(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')).scripts).toHaveProperty(script);
	}
});
