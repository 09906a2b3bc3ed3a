import {describe, expect, test} from 'vitest';
import {examine} from '../../src/core/doctor/examine.ts';
import {createDoctorInput} from '../../src/core/doctor/input.ts';
import {unknownFacts} from '../../src/core/facts.ts';
import {widthOf} from '../../src/tui/text.ts';
import {choiceOf} from '../../src/wizard/answers.ts';
import {initialState, type WizardState} from '../../src/wizard/state.ts';
import {draw} from '../support/draw.tsx';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';
import {letters, practiceIdentity, press, readState, seenUp} from '../support/wizard-state.ts';

const seen = press(readState(), seenUp(tutorialSnapshot));
const preview = press(seen, 'enter', 'enter');
const examined = press(seen, {
	type: 'preflight',
	preflight: {
		choice: choiceOf(seen.answers),
		snapshot: tutorialSnapshot,
		answer: {
			state: 'known',
			findings: examine(
				createDoctorInput({
					snapshot: tutorialSnapshot,
					facts: unknownFacts('nobody was asked.'),
					observations: new Map(),
					choice: choiceOf(seen.answers),
				}),
			),
		},
	},
});
const states: Readonly<Record<string, WizardState>> = {
	reading: initialState(practiceIdentity, {}, 0),
	nodes: seen,
	reflectors: press(seen, 'enter'),
	'the whole plan': preview,
	'a step': press(preview, 'j', 'j', 'j'),
	confirmation: press(preview, 'enter', ...letters('app')),
	run: press(preview, 'enter', ...letters('apply'), 'enter'),
	peers: press(seen, 'p'),
	matrix: press(seen, 'p', 'm'),
	doctor: press(examined, 'd'),
	help: press(seen, '?'),
};
const sizes = [
	[60, 16],
	[80, 24],
	[120, 30],
	[200, 60],
] as const;

describe.each(sizes)('at %i columns and %i rows', (columns, rows) => {
	test.each(Object.entries(states))('%s fits, and names the cluster', (_, state) => {
		const lines = draw(state, columns, rows);
		expect(lines.length).toBeLessThanOrEqual(rows - 1);
		expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
		expect(lines[0]).toContain('practice cluster');
	});
});

describe('nodes', () => {
	test('at 60 columns names and sessions stand in full, lesser columns are gone', () => {
		const text = draw(seen, 60, 16).join('\n');
		expect(text).toContain('❯ ip-172-31-40-217  172.31.40.217  mesh  yes    4/4 up');
		expect(text).not.toContain(' AS  ');
	});

	test('at 120 columns the AS stands there too', () => {
		expect(draw(seen, 120, 30).join('\n')).toMatch(/NODE +ADDRESS +AS +ROLE +READY +SESSIONS/);
	});

	test('the first frame says what is waited for, and how long so far', () => {
		expect(draw(states.reading as WizardState, 80, 24, {now: 2300}).join('\n')).toContain(
			'Reading nodes from calicoctl … 2 s',
		);
	});

	test('a node whose BIRD does not answer is told apart, in words', () => {
		const state = press(seen, {
			type: 'observed',
			observations: [{node: 'ip-172-31-40-30', at: 1, sessions: {known: false, reason: 'no route to host'}}],
		});
		expect(draw(state, 80, 24).join('\n')).toMatch(/ip-172-31-40-30 .* no +\?\/4/);
	});

	test('what cannot be looked at is said', () => {
		const state = press(readState(), {
			type: 'visibility',
			visibility: {nodes: ['ip-172-31-45-29'], source: 'calicoctl node status', reason: 'no --node-shell'},
		});
		const text = draw(state, 100, 24).join('\n');
		expect(text).toContain('Not every node can be looked at: no --node-shell');
		expect(text).toMatch(/ip-172-31-40-30 .* unseen/);
	});
});

test('reflectors show sessions as numbers, here and at 100 and 1,000 nodes', () => {
	const text = draw(states.reflectors as WizardState, 80, 24).join('\n');
	expect(text).toContain('10 to 9 here');
	expect(text).toContain('at 100: 4,950 to 294; at 1,000: 499,500 to 2,994');
	expect(text.match(/\[x\]/g)).toHaveLength(3);
});

test('the preview shows counts, and a step its diff with signs, its reasons and its command', () => {
	expect(draw(preview, 160, 50).join('\n')).toContain('3 to add, 3 to change, 0 to delete');
	const text = draw(states['a step'] as WizardState, 160, 50).join('\n');
	for (const expected of [
		'+     calico-route-reflector: ""',
		'+     routeReflectorClusterID: 224.0.0.1',
		'Why',
		'Effect on sessions',
		'Effect on traffic',
		'$ calicoctl patch node',
		'Gate',
	]) {
		expect(text).toContain(expected);
	}
});

test('what a low preview has no room for is reached by page down', () => {
	const state = states['a step'] as WizardState;
	expect(draw(state, 80, 24).join('\n')).not.toContain('$ calicoctl');
	expect(draw(press(state, 'pagedown', 'pagedown', 'pagedown'), 80, 24).join('\n')).toContain('$ calicoctl');
});

test("peers have calicoctl's own five columns, in full at 80 columns", () => {
	const text = draw(states.peers as WizardState, 80, 24).join('\n');
	expect(text).toMatch(/PEER ADDRESS +PEER TYPE +STATE +SINCE +INFO/);
	expect(text).toContain('172.31.40.30  node-to-node mesh up    10:00:00 Established');
	expect(text).toContain('No IPv6 peers found.');
});

test('the footer names only keys that work here, and always the help', () => {
	const footer = (name: string, columns = 80) => draw(states[name] as WizardState, columns, 24).at(-1);
	expect(footer('nodes')).toMatch(/^enter next .*q quit .*\? keys$/);
	expect(footer('confirmation')).toBe('enter apply  esc back');
	expect(footer('run')).toMatch(/^Ctrl\+C stop and go back/);
	expect(footer('nodes', 60)).toMatch(/\? keys$/);
});

test('a terminal that is too small says so', () => {
	expect(draw(seen, 40, 10)).toEqual(['needs 60x16, is 40x10']);
});

test('without Unicode every symbol is ASCII, and no line grows', () => {
	for (const state of Object.values(states)) {
		const text = draw(state, 80, 24, {ascii: true}).join('\n');
		expect(text).toMatch(/^[\x20-\x7E\n]*$/);
	}
});

test('hostile text from a cluster cannot reach the terminal', () => {
	const nodes = tutorialSnapshot.nodes.map((node, index) =>
		index === 0
			? {...node, metadata: {...node.metadata, labels: {'topology.kubernetes.io/zone': 'a\u001B]0;owned\u0007\u202Eb'}}}
			: node,
	);
	const lines = draw(readState({...tutorialSnapshot, nodes}), 120, 30);
	expect(lines.join('\n')).toMatch(/ab/);
	expect(lines.join('')).not.toMatch(/[\p{Cc}\u202E]/u);
});
