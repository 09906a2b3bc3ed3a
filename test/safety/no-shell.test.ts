import {readdirSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';

const root = fileURLToPath(new URL('../../src', import.meta.url));
const sources = readdirSync(root, {recursive: true, withFileTypes: true})
	.filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
	.map(entry => {
		const path = join(entry.parentPath, entry.name);
		return {path: relative(root, path), text: readFileSync(path, 'utf8')};
	});

/**
 * Files that may start programs: the one that starts a cluster's tools; the client that a practice cluster's tools are;
 * and what starts and ends a practice cluster beside this process and the real BIRDs of one. All of them give arguments as a list.
 */
const starters = [
	'cluster/real-exec.ts',
	'practice-client.ts',
	'practice/host/kept.ts',
	'practice/host/run-inside.ts',
	'practice/engine/bird/remove.ts',
];

/** Ways to hand a string to a shell or to JavaScript, in code; words in comments and strings are none. */
const dangers: Readonly<Record<string, RegExp>> = {
	'a shell is asked for': /\bshell:\s*(?:true\b|['"`])/,
	'a string is executed as a command':
		/\b(?:execSync|execaCommand|execaCommandSync)\s*\(|\{[^}]*\bexec\b[^}]*\} from '(?:node:)?child_process'/,
	'a command stands in a template': /(?:^|[\s(=,])\$`/m,
	'JavaScript is made of a string': /\beval\s*\(|\bnew\s+Function\s*\(|\bvm\.run|from 'node:vm'/,
};

test('the sources are found', () => {
	expect(sources.length).toBeGreaterThan(150);
	expect(sources.map(({path}) => path)).toContain(join('cluster', 'real-exec.ts'));
});

test('only the files that are meant to start programs can', () => {
	const able = sources.filter(({text}) =>
		/from '(?:execa|node:child_process|child_process)'|import\('(?:execa|node:child_process)'\)/.test(text),
	);
	expect(able.map(({path}) => path).filter(path => !starters.includes(path))).toEqual([]);
	expect(able.map(({path}) => path)).toContain('cluster/real-exec.ts');
});

test.each(Object.entries(dangers))('nowhere: %s', (_, pattern) => {
	expect(sources.filter(({text}) => pattern.test(withoutComments(text))).map(({path}) => path)).toEqual([]);
});

test('the patterns find what they are for', () => {
	const bad = [
		'spawn(line, {shell: true})',
		"execa(line, {shell: '/bin/sh'})",
		'execSync(line)',
		"import {exec, spawn} from 'node:child_process'",
		'await $`rm -rf /`',
		'eval(text)',
		'new Function(text)()',
	];
	for (const line of bad) {
		expect(
			Object.values(dangers).some(pattern => pattern.test(line)),
			line,
		).toBe(true);
	}
});

function withoutComments(text: string): string {
	return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
