import {describe, expect, test} from 'vitest';
import {proposeReflectors, rankCandidates} from '../../src/core/candidates.ts';
import {type NodeFacts, unknownFacts} from '../../src/core/facts.ts';
import {tutorialSnapshot as snapshot} from '../support/tutorial-snapshot.ts';

const names = snapshot.nodes.map(node => node.metadata.name).sort();
const [first = '', second = ''] = names;
const plain: NodeFacts = {
	ready: true,
	schedulable: true,
	taints: [],
	internalIps: [],
	os: 'linux',
	createdAt: '2026-01-01T00:00:00Z',
	workloads: 10,
};

function factsWith(changes: Readonly<Record<string, Partial<NodeFacts>>>) {
	const nodes = new Map(names.map(name => [name, {...plain, ...changes[name]}]));
	return {...unknownFacts('nobody told'), nodes: {known: true, value: nodes}} as const;
}

function judged(change: Partial<NodeFacts>) {
	const found = rankCandidates(snapshot, factsWith({[first]: change})).find(each => each.name === first);
	const {eligible, score, reasons} = found ?? {};
	return {eligible, score, texts: reasons?.map(reason => reason.text)};
}

describe('candidates from facts', () => {
	test.each<readonly [string, Partial<NodeFacts>, {eligible: boolean; score: number; texts: readonly string[]}]>([
		['nothing special', {}, {eligible: true, score: 0, texts: ['10 pods']}],
		['not ready', {ready: false}, {eligible: false, score: 0, texts: ['not ready', '10 pods']}],
		[
			'Windows',
			{os: 'windows', workloads: null},
			{eligible: false, score: 0, texts: ['runs Windows, which cannot reflect']},
		],
		[
			'cordoned',
			{schedulable: false, taints: ['node.kubernetes.io/unschedulable:NoSchedule']},
			{eligible: true, score: -2, texts: ['cordoned: kept free, or about to be taken down', '10 pods']},
		],
		[
			'about to go',
			{taints: ['ToBeDeletedByClusterAutoscaler=1765:NoSchedule']},
			{eligible: true, score: -4, texts: ['about to go: taint ToBeDeletedByClusterAutoscaler', '10 pods']},
		],
		[
			'kept for something',
			{taints: ['gpu=yes:NoSchedule', 'node-role.kubernetes.io/control-plane:NoSchedule']},
			{eligible: true, score: 0, texts: ['taint gpu=yes:NoSchedule: kept for something else', '10 pods']},
		],
		['empty', {workloads: 0}, {eligible: true, score: 2, texts: ['no pods but DaemonSets: nobody misses the 2 s']}],
		['few pods', {workloads: 5}, {eligible: true, score: 1, texts: ['few pods (5)']}],
		['pods not counted', {workloads: null}, {eligible: true, score: 0, texts: []}],
		[
			'old',
			{createdAt: '2024-05-06T07:08:09Z'},
			{eligible: true, score: 1, texts: ['10 pods', 'one of the oldest nodes (since 2024-05-06)']},
		],
	])('%s', (_, change, expected) => {
		expect(judged(change)).toEqual(expected);
	});

	test('the proposal follows them, and never holds a node that is not ready', () => {
		const facts = factsWith({[first]: {ready: false}, [second]: {schedulable: false}});
		expect(proposeReflectors(snapshot, 3, facts)).toEqual(names.slice(2));
		expect(proposeReflectors(snapshot, 5, facts)).not.toContain(first);
	});

	test('facts that are not known change nothing', () => {
		expect(rankCandidates(snapshot, unknownFacts('nobody told'))).toEqual(rankCandidates(snapshot));
		expect(proposeReflectors(snapshot, 3, unknownFacts('nobody told'))).toEqual(proposeReflectors(snapshot));
	});
});
