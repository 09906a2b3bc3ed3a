import {describe, expect, test} from 'vitest';
import type {Verdict} from '../../src/apply/dry-run.ts';
import type {Action} from '../../src/wizard/actions.ts';
import {modeOf} from '../../src/wizard/commands.ts';
import {visibleCandidates} from '../../src/wizard/selectors.ts';
import {initialState} from '../../src/wizard/state.ts';
import {tutorialSnapshot} from '../support/tutorial-snapshot.ts';
import {letters, practiceIdentity, press, readState} from '../support/wizard-state.ts';

const proposal = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-42-47'];

describe('the way through', () => {
	test('before the nodes are read nothing goes on', () => {
		const state = initialState(practiceIdentity, {}, 0);
		expect(press(state, 'enter').screen).toEqual({name: 'nodes'});
		expect(press(state, 'p', 'space', 'i').screen).toEqual({name: 'nodes'});
	});

	test('nodes, reflectors, preview, confirmation, run', () => {
		const reflectors = press(readState(), 'enter');
		expect(reflectors.screen.name).toBe('reflectors');
		expect(reflectors.answers.reflectors).toHaveLength(3);
		const preview = press(reflectors, 'enter');
		expect(preview.screen).toMatchObject({name: 'preview', cursor: 0, saved: 'no'});
		const confirm = press(preview, 'enter', ...letters('apply'));
		expect(confirm.screen).toMatchObject({name: 'confirm', typed: 'apply'});
		expect(press(confirm, 'enter').screen).toMatchObject({name: 'apply', run: {ended: null, interrupts: 0}});
	});

	test('the wrong word begins nothing', () => {
		const state = press(readState(), 'enter', 'enter', 'enter', ...letters('yes'), 'enter');
		expect(state.screen).toMatchObject({name: 'confirm', typed: 'yes', wrong: true});
		expect(press(state, 'ctrl+u', ...letters('apply'), 'enter').screen.name).toBe('apply');
	});

	test('a real cluster wants its name typed', () => {
		const identity = {...practiceIdentity, practice: false, name: 'prod-eu'};
		const state = press(readState(tutorialSnapshot, {}, identity), 'enter', 'enter', 'enter');
		expect(press(state, ...letters('apply'), 'enter').screen).toMatchObject({name: 'confirm', wrong: true});
		expect(press(state, ...letters('prod-eu'), 'enter').screen.name).toBe('apply');
	});

	test('back keeps the answers', () => {
		const chosen = press(readState(), 'enter', 'i', 'space', 'down', 'down', 'down', 'space');
		const returned = press(chosen, 'enter', 'esc', 'esc', 'enter');
		expect(returned.answers).toEqual(chosen.answers);
		expect(returned.answers.clusterIdMode).toBe('per-node');
		expect(returned.screen.name).toBe('reflectors');
	});

	test('flags that answer all questions of a step skip it, there and back', () => {
		const state = press(readState(tutorialSnapshot, {reflectors: proposal, clusterId: {mode: 'per-node'}}), 'enter');
		expect(state.screen.name).toBe('preview');
		expect(press(state, 'esc').screen.name).toBe('nodes');
	});

	test('a flag that answers one question leaves the other', () => {
		const state = press(readState(tutorialSnapshot, {reflectors: proposal}), 'enter');
		expect(state.screen.name).toBe('reflectors');
		const toggled = press(state, 'space');
		expect(toggled.answers).toEqual(state.answers);
		expect(toggled.refusal?.message).toContain('--reflectors');
		expect(press(state, 'i').answers.clusterIdMode).toBe('per-node');
	});

	test('flags that name an unknown node end it at once with exit code 2', () => {
		const {screen} = readState(tutorialSnapshot, {reflectors: ['nobody']});
		expect(screen).toMatchObject({name: 'ended', exitCode: 2});
		expect(screen.name === 'ended' && screen.problem?.message).toContain('nobody');
	});

	test('a cluster that is so already has nothing to do, and leaving it is success', () => {
		const nodes = tutorialSnapshot.nodes.map(node =>
			proposal.includes(node.metadata.name)
				? {
						...node,
						metadata: {...node.metadata, labels: {'calico-route-reflector': ''}},
						spec: {bgp: {...node.spec.bgp, routeReflectorClusterID: '224.0.0.1'}},
					}
				: node,
		);
		const peer = (name: string, nodeSelector: string) => ({
			apiVersion: 'projectcalico.org/v3',
			kind: 'BGPPeer' as const,
			metadata: {name},
			spec: {nodeSelector, peerSelector: 'has(calico-route-reflector)'},
		});
		const snapshot = {
			...tutorialSnapshot,
			nodes,
			bgpPeers: [
				peer('peer-to-rrs', '!has(calico-route-reflector)'),
				peer('rrs-to-rrs', 'has(calico-route-reflector)'),
			],
			bgpConfigurations: [
				{
					apiVersion: 'projectcalico.org/v3',
					kind: 'BGPConfiguration' as const,
					metadata: {name: 'default'},
					spec: {nodeToNodeMeshEnabled: false, asNumber: 64_512},
				},
			],
		};
		const state = press(readState(snapshot, {reflectors: proposal}), 'enter', 'enter');
		expect(state.screen).toMatchObject({name: 'preview', plan: {steps: []}});
		expect(press(state, 'enter').screen).toMatchObject({name: 'ended', exitCode: 0, of: null});
	});
});

describe('leaving', () => {
	test.each([
		['Ctrl+C leaves with 130', 'ctrl+c', 130],
		['q leaves with 0', 'q', 0],
	])('%s before anything is written', (_, name, exitCode) => {
		for (const way of [[], ['enter'], ['enter', 'enter']]) {
			expect(press(readState(), ...way, name).screen).toMatchObject({name: 'ended', exitCode, of: null});
		}
	});

	test('q is text where text is typed', () => {
		const state = press(readState(), '/', 'q');
		expect(state.lists.nodes).toMatchObject({filter: 'q', filtering: true});
		expect(press(state, 'ctrl+c').screen).toMatchObject({name: 'ended', exitCode: 130});
	});

	test('a signal before a run leaves at once with its code', () => {
		expect(press(readState(), {type: 'signal', exitCode: 143}).screen).toMatchObject({exitCode: 143});
	});

	test('a read that failed makes leaving a failure, and reading again is offered', () => {
		const problem = {message: 'no etcd', words: 'connection refused', next: []};
		const state = press(initialState(practiceIdentity, {}, 0), {type: 'read-failed', problem});
		expect(state.reading).toBeNull();
		expect(press(state, 'q').screen).toMatchObject({name: 'ended', exitCode: 1, problem});
		expect(press(state, 'r').reading).not.toBeNull();
	});
});

describe('answers', () => {
	test('space chooses and unchooses, a gives the proposal again', () => {
		const state = press(readState(), 'enter');
		const fewer = press(state, 'space');
		expect(fewer.answers.reflectors).toHaveLength(2);
		expect(press(fewer, 'space').answers.reflectors).toHaveLength(3);
		expect(press(fewer, 'a').answers.reflectors).toEqual(state.answers.reflectors);
	});

	test('no reflector at all is refused with a sentence', () => {
		const state = press(readState(), 'enter', 'space', 'down', 'space', 'down', 'space', 'enter');
		expect(state.screen.name).toBe('reflectors');
		expect(state.refusal?.message).toMatch(/\w+ .*\./);
		expect(press(state, 'up').refusal).toBeNull();
	});

	test('the cluster ID is typed, checked, and kept by enter or dropped by esc', () => {
		const typing = press(readState(), 'enter', 'c', 'ctrl+u', ...letters('10.0.0.300'));
		expect(modeOf(typing)).toBe('cluster-id');
		const refused = press(typing, 'enter');
		expect(refused.refusal?.message).toContain('10.0.0.300');
		const mended = press(refused, 'backspace', 'enter');
		expect(mended.answers.clusterId).toBe('10.0.0.30');
		expect(modeOf(mended)).toBe('reflectors');
		expect(press(typing, 'esc').answers.clusterId).toBe('224.0.0.1');
		expect(press(typing, 'esc').screen.name).toBe('reflectors');
	});

	test('a filter leaves fewer rows, esc clears it first and goes back second', () => {
		const filtered = press(readState(), 'enter', '/', ...letters('45-29'), 'enter');
		expect(filtered.lists.reflectors).toEqual({cursor: 0, filter: '45-29', filtering: false});
		const chosen = press(filtered, 'space');
		expect(chosen.answers.reflectors).toContain('ip-172-31-45-29');
		const cleared = press(chosen, 'esc');
		expect([cleared.screen.name, cleared.lists.reflectors.filter]).toEqual(['reflectors', '']);
		expect(press(cleared, 'esc').screen.name).toBe('nodes');
	});

	test('keys that arrive in one paste mean what they mean one after the other', () => {
		expect(press(readState(), ...letters('/30'), 'enter', 'enter').screen.name).toBe('reflectors');
	});
});

test('help opens over any screen and any key closes it', () => {
	const state = press(readState(), 'enter', '?');
	expect(modeOf(state)).toBe('help');
	const closed = press(state, 'q');
	expect([modeOf(closed), closed.screen.name]).toEqual(['reflectors', 'reflectors']);
	expect(press(state, 'ctrl+c').screen.name).toBe('ended');
});

test('saving asks for it once and shows what came of it', () => {
	const preview = press(readState(), 'enter', 'enter', 's');
	expect(preview.screen).toMatchObject({saved: 'saving'});
	expect(press(preview, {type: 'saved', folder: '/tmp/plan'}).screen).toMatchObject({saved: {folder: '/tmp/plan'}});
});

describe('peers', () => {
	test('opens on the node under the cursor and goes back to where it came from', () => {
		const state = press(readState(), 'down', 'p');
		expect(state.screen).toMatchObject({name: 'peers', node: 'ip-172-31-40-30', view: 'table'});
		expect(press(state, 'esc').screen).toEqual({name: 'nodes'});
		expect(press(state, 'right').screen).toMatchObject({node: 'ip-172-31-45-29'});
		expect(press(state, 'left', 'left').screen).toMatchObject({node: 'ip-172-31-42-47'});
	});

	test('the matrix leads to any node', () => {
		const state = press(readState(), 'p', 'm', 'G', 'enter');
		expect(state.screen).toMatchObject({name: 'peers', view: 'table', node: 'ip-172-31-42-47'});
	});
});

describe('what Kubernetes says of the nodes', () => {
	const fact = {
		ready: true,
		schedulable: true,
		taints: [],
		internalIps: [],
		os: 'linux',
		createdAt: '',
		workloads: 9,
	};
	const names = tutorialSnapshot.nodes.map(node => node.metadata.name);
	const proposed = readState().answers.reflectors ?? [];
	const gone = proposed[0] ?? '';
	const facts: Action = {
		type: 'facts',
		facts: {nodes: {known: true, value: new Map(names.map(name => [name, {...fact, ready: name !== gone}]))}},
	};

	test('changes the proposal as long as nobody has seen it', () => {
		const {reflectors} = press(readState(), facts).answers;
		expect(reflectors).toHaveLength(3);
		expect(reflectors).not.toContain(gone);
	});

	test('leaves a choice alone that is on the screen, and the cursor on its node', () => {
		const before = press(readState(), 'enter', 'down', 'down');
		const under = visibleCandidates(before)[before.lists.reflectors.cursor]?.name;
		const after = press(before, facts);
		expect(after.answers.reflectors).toEqual(proposed);
		expect(visibleCandidates(after)[after.lists.reflectors.cursor]?.name).toBe(under);
		expect(visibleCandidates(after).find(({name}) => name === gone)).toMatchObject({eligible: false});
	});
});

describe('what the server says to the plan when it is tried', () => {
	const preview = press(readState(), 'enter', 'enter');
	const {screen} = preview;
	if (screen.name !== 'preview') throw new Error('this is not the preview');
	const {plan} = screen;
	const write = plan.steps.flatMap(step => step.writes)[0];
	if (!write) throw new Error('the plan writes nothing');
	const tried = (verdict: Verdict, isEnd = true): Action => ({
		type: 'tried',
		plan,
		verdicts: new Map([[write, verdict]]),
		isEnd,
	});

	test('a refused write is not begun', () => {
		const refused = {state: 'refused', message: 'Not allowed.', words: '', next: []} as const;
		const after = press(preview, tried(refused), 'enter');
		expect(after.screen.name).toBe('preview');
		expect(after.refusal?.message).toContain('The server refuses');
		// Also where the verdict comes after the confirmation was opened.
		const late = press(preview, 'enter', tried(refused), ...letters('apply'), 'enter');
		expect(late.screen.name).toBe('confirm');
	});

	test('nothing is begun before the server has said everything', () => {
		const waiting = press(preview, tried({state: 'accepted'}, false), 'enter', ...letters('apply'), 'enter');
		expect(waiting.screen.name).toBe('confirm');
		expect(press(waiting, tried({state: 'accepted'}), 'enter').screen.name).toBe('apply');
	});
});
