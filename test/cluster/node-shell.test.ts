import {execFileSync} from 'node:child_process';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
	createLocalNodeShell,
	createPracticeNodeShell,
	createTemplateNodeShell,
	parseNodeShellTemplate,
	quoteForShell,
} from '../../src/cluster/node-shell.ts';
import {UserError} from '../../src/core/user-error.ts';
import {createTableExec} from './table-exec.ts';

const {exec} = createTableExec({});
const shell = (template: string) => createTemplateNodeShell(exec, parseNodeShellTemplate(template));
const argvOf = (template: string, argv: readonly string[], node = 'node-3') => {
	const {file, args} = shell(template).describe(node, argv);
	return [file, ...args];
};

describe('parseNodeShellTemplate', () => {
	it.each([
		['ssh {node} sudo {command}', ['ssh', '{node}', 'sudo', '{command}']],
		[
			'  ssh\t-o "ProxyJump bastion" root@{node}  {command} ',
			['ssh', '-o', 'ProxyJump bastion', 'root@{node}', '{command}'],
		],
		[`kubectl exec 'calico {node}' -- {command}`, ['kubectl', 'exec', 'calico {node}', '--', '{command}']],
		['a\\ b {node} "c\\"d" \'e\\f\' "" {command}', ['a b', '{node}', 'c"d', 'e\\f', '', '{command}']],
		['x $HOME `id` ;{node} "{command}"', ['x', '$HOME', '`id`', ';{node}', '{command}']],
	])('splits %j', (text, words) => {
		expect(parseNodeShellTemplate(text)).toEqual({text, words});
	});

	it.each([
		['', 'begin with the program'],
		['{node} {command}', 'begin with the program'],
		['ssh {command}', 'lacks {node}'],
		['ssh {node}', '{command} once'],
		['ssh {node} {command} {command}', '{command} once'],
		['ssh {node} "sudo {command}"', 'word of its own'],
		["ssh {node} 'sudo {command}", 'never closed'],
	])('refuses %j', (text, problem) => {
		expect(() => parseNodeShellTemplate(text)).toThrow(UserError);
		expect(() => parseNodeShellTemplate(text)).toThrow(problem);
	});
});

describe('createTemplateNodeShell', () => {
	it('puts node and command in their places', () => {
		expect(argvOf('ssh -l root {node}.example {command} --quiet', ['birdcl', 'show', 'protocols'])).toEqual([
			'ssh',
			'-l',
			'root',
			'node-3.example',
			'birdcl',
			'show',
			'protocols',
			'--quiet',
		]);
	});

	it('quotes what is special for the shell behind ssh, and nowhere else', () => {
		const argv = ['birdcl', 'show protocols', "it's", '$HOME', '', 'a/b:c=1,2'];
		expect(argvOf('/usr/bin/ssh {node} sudo {command}', argv).slice(3)).toEqual([
			'birdcl',
			"'show protocols'",
			`'it'\\''s'`,
			"'$HOME'",
			"''",
			'a/b:c=1,2',
		]);
		expect(argvOf('docker exec {node} {command}', argv).slice(3)).toEqual(argv);
		expect(argvOf('sshpass -e ssh {node} {command}', argv)).toContain("'$HOME'");
	});

	it('quotes so that a shell reads every word back', () => {
		fc.assert(
			fc.property(
				fc.array(
					fc.string({unit: 'grapheme'}).map(word => word.replaceAll(/\p{C}/gu, '')),
					{minLength: 1},
				),
				words => {
					const script = `printf '%s\\0' ${words.map(quoteForShell).join(' ')}`;
					expect(execFileSync('/bin/sh', ['-c', script], {encoding: 'utf8'})).toBe(
						words.map(word => `${word}\0`).join(''),
					);
				},
			),
			{numRuns: 30},
		);
	});

	it.each(['-oProxyCommand=touch x', 'a b', 'a;b', '', '../x', '$(id)'])('refuses the node name %j', node => {
		expect(() => argvOf('ssh {node} {command}', ['true'], node)).toThrow(UserError);
	});

	it('runs what it describes', async () => {
		const {exec, calls} = createTableExec({'ssh node-3 birdcl show': {stdout: 'yes'}});
		const ssh = createTemplateNodeShell(exec, parseNodeShellTemplate('ssh {node} {command}'));
		expect(await ssh.run('node-3', ['birdcl', 'show'], {timeout: 5})).toMatchObject({stdout: 'yes'});
		expect(calls).toEqual([{argv: ['ssh', 'node-3', 'birdcl', 'show'], timeout: 5}]);
	});
});

it('reaches practice nodes by node-exec', () => {
	expect(createPracticeNodeShell(exec).describe('172.31.45.29', ['ip', 'route'])).toEqual({
		file: 'node-exec',
		args: ['172.31.45.29', 'ip', 'route'],
	});
});

it('runs on this machine for this node only', () => {
	const local = createLocalNodeShell(exec, 'node-1');
	expect(local.describe('node-1', ['ip', 'route'])).toEqual({file: 'ip', args: ['route']});
	expect(() => local.describe('node-2', ['ip', 'route'])).toThrow(UserError);
});
