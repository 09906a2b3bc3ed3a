import {expect, test} from 'vitest';
import {parseSsh, plainWords} from '../../../src/practice/host/ssh.ts';

test.each([
	[['node'], {host: 'node', command: null}],
	[['admin@node', 'ip', 'route'], {host: 'node', command: 'ip route'}],
	[
		['-t', '-o', 'BatchMode=yes', '-oPort=22', '-i', 'key', '-lroot', 'node', 'x', '-o', 'y'],
		{host: 'node', command: 'x -o y'},
	],
	[['-n', '--', 'ssh://me@node', 'true'], {host: 'node', command: 'true'}],
])('%j', (argv, call) => {
	expect(parseSsh(argv)).toEqual(call);
});

test.each([
	[['-L', '80:x:80', 'node']],
	[['-D1080', 'node']],
	[['-N', 'node']],
	[['-J', 'a', 'node']],
	[['--help']],
	[['-t']],
	[[]],
])('%j is refused', argv => {
	expect(parseSsh(argv)).toEqual({
		refusal: expect.stringMatching(/^ssh: the practice cluster knows no -|^usage: ssh /),
	});
});

test('a command that needs a shell is left to one', () => {
	expect(plainWords(' sudo  calicoctl node status ')).toEqual(['sudo', 'calicoctl', 'node', 'status']);
	for (const command of ['a | b', 'a > b', "a 'b c'", 'a; b', 'a $B', 'a && b', 'a *', 'a `b`', 'a\nb', '~/a', '']) {
		expect(plainWords(command), command).toBeUndefined();
	}
});
