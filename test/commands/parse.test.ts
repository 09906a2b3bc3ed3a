import {describe, expect, test} from 'vitest';
import {parseCommandLine} from '../../src/commands/parse.ts';
import {flagEntries} from '../../src/commands/table.ts';
import {UserError} from '../../src/core/user-error.ts';

function refusal(...args: string[]): string {
	try {
		parseCommandLine(args);
	} catch (error) {
		if (error instanceof UserError && error.exitCode === 2) return error.message;
		throw error;
	}
	throw new Error('it was accepted');
}

describe('what is understood', () => {
	test('no command means the wizard', () => {
		expect(parseCommandLine([])).toEqual({command: 'wizard', positionals: [], options: {}});
	});

	test('values are read as the table says', () => {
		const {options} = parseCommandLine([
			'apply',
			'--reflectors=a, b,c',
			'--order',
			'tutorial',
			'--cluster-id',
			'per-node',
			'--gate-timeout',
			'1.5',
			'--yes',
			'--json',
		]);
		expect(options).toEqual({
			reflectors: ['a', 'b', 'c'],
			order: 'tutorial',
			'cluster-id': {mode: 'per-node'},
			'gate-timeout': 1.5,
			yes: true,
			json: true,
		});
	});

	test.each([
		[['--practice'], 5],
		[['--practice=7'], 7],
	])('%j is a practice cluster of %i nodes', (args, nodes) => {
		expect(parseCommandLine(args).options.practice).toBe(nodes);
	});

	test('--practice takes no separate word: what follows is the command', () => {
		expect(parseCommandLine(['--practice', 'plan'])).toMatchObject({command: 'plan', options: {practice: 5}});
	});

	test('several files, standard input among them', () => {
		const {options, positionals} = parseCommandLine(['predict', '-f', 'a.yaml', '-f', '-', 'b.yaml']);
		expect(options.file).toEqual(['a.yaml', '-']);
		expect(positionals).toEqual(['b.yaml']);
	});

	test('a speed, or no waiting at all', () => {
		expect(parseCommandLine(['--speed', '0.5']).options.speed).toBe(0.5);
		expect(parseCommandLine(['--speed', 'jump']).options.speed).toBe('jump');
	});
});

describe('what is refused, in one sentence', () => {
	test.each([
		[['--reflektors', 'a'], 'There is no flag --reflektors. Did you mean --reflectors?'],
		[['plan', '--jsno'], 'There is no flag --jsno. Did you mean --json?'],
		[['--xyzzy'], 'There is no flag --xyzzy.'],
		[['-x'], 'There is no flag -x.'],
		[['aply'], "There is no command 'aply'. Did you mean apply?"],
		[['frobnicate'], "There is no command 'frobnicate'."],
		[['status', '--reflectors', 'a'], 'status knows no --reflectors; it belongs to plan, apply, doctor.'],
		[['apply', '--reflectors'], '--reflectors needs names with commas between them.'],
		[['apply', '--reflectors', '--yes'], '--reflectors needs names with commas between them.'],
		[['apply', '--reflectors', 'a,,b'], "--reflectors needs names with commas between them, not 'a,,b'."],
		[['apply', '--yes=no'], '--yes takes no value.'],
		[['plan', '--order', 'fast'], "--order needs safe or tutorial, not 'fast'."],
		[['plan', '--order', 'safe', '--order', 'tutorial'], '--order is given twice.'],
		[['plan', '--practice=many'], "--practice needs a whole number from 1 to 10000, not 'many'."],
		[['plan', '--speed', '0'], "--speed needs a number above 0, or jump, not '0'."],
		[['apply', '--gate-timeout', '-5'], '--gate-timeout needs a number above 0.'],
		[['apply', '--gate-timeout=-5'], "--gate-timeout needs a number above 0, not '-5'."],
		[['plan', '--__proto__'], 'There is no flag --__proto__.'],
		[['constructor'], "There is no command 'constructor'."],
	])('%j', (args, sentence) => {
		expect(refusal(...args)).toBe(sentence);
	});
});

test('no two flags share a short name, and every flag belongs to a command', () => {
	const shorts = flagEntries.flatMap(([, flag]) => flag.short ?? []);
	expect(new Set(shorts).size).toBe(shorts.length);
	for (const [, flag] of flagEntries) expect(flag.commands.length).toBeGreaterThan(0);
});

describe('flags from variables', () => {
	const env = {CALICO_RR_WIZARD_VIA: 'calicoctl', CALICO_RR_WIZARD_NODE_SHELL: 'ssh {node} sudo {command}'};

	test('stand in for flags that are not given, where the command knows them', () => {
		expect(parseCommandLine(['status'], env).options).toEqual({
			via: 'calicoctl',
			'node-shell': 'ssh {node} sudo {command}',
		});
		expect(parseCommandLine(['status', '--via', 'kubectl'], env).options.via).toBe('kubectl');
		expect(parseCommandLine(['help'], env).options).toEqual({});
	});

	test('must be right', () => {
		expect(() => parseCommandLine(['status'], {CALICO_RR_WIZARD_VIA: 'etcd'})).toThrow(
			"CALICO_RR_WIZARD_VIA needs kubectl or calicoctl, not 'etcd'.",
		);
	});
});

test('what follows -- is nothing of ours', () => {
	expect(parseCommandLine(['practice', 'run', '--', 'x', '--practice', '--nosuch'])).toEqual({
		command: 'practice',
		positionals: ['run', 'x', '--practice', '--nosuch'],
		options: {},
	});
});
