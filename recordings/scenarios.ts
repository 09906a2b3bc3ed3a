import {keys} from '../test/support/terminal.ts';

/** One thing done in a recording. */
export type Act =
	/** Waits until the screen shows that, and marks the moment; the screens at marks are held to the program by a test. */
	| {readonly see: RegExp; readonly mark: string}
	/** Waits until the screen shows that. */
	| {readonly see: RegExp}
	/** Presses a key again and again until the screen shows that, and marks it. */
	| {readonly press: string; readonly until: RegExp; readonly mark: string}
	/** Types, key by key. */
	| {readonly type: readonly string[]; readonly what: string};

export type Scenario = {
	readonly name: string;
	readonly title: string;
	/** How the program is started. A cluster behind calicoctl can be made to fail; the built-in one cannot. */
	readonly cluster: 'built-in' | 'the last patch of a reflector is forbidden';
	readonly args: readonly string[];
	readonly acts: readonly Act[];
};

const allSeen = /(?:4\/4 up.*){5}/s;
const chosen = /(?:\[x\] ip-.*){3}/s;
const press = (key: string, what: string): Act => ({type: [key], what});

/** From the nodes to the plan. */
const toPlan: readonly Act[] = [
	{see: allSeen, mark: 'nodes'},
	press(keys.enter, 'next'),
	{see: chosen, mark: 'reflectors'},
	press(keys.enter, 'next'),
	{see: /The whole plan/, mark: 'plan'},
];

/** From the whole plan to the step of the first reflector, whatever stands before it. */
const throughThePlan: readonly Act[] = [
	{press: keys.down, until: /Create BGPPeer peer-to-rrs/, mark: 'the BGPPeers'},
	{press: keys.down, until: /Change Node/, mark: 'the first reflector'},
	{press: 'J', until: /routeReflectorClusterID/, mark: 'its cluster ID'},
];

/** The answer to the question before the first write. */
function confirm(word: string): readonly Act[] {
	return [
		press(keys.enter, 'apply'),
		{see: /Type .* and press enter/, mark: 'confirmation'},
		{type: [...word], what: 'the word'},
		{see: new RegExp(`> ${word}`)},
		press(keys.enter, 'begin'),
	];
}

/** The recordings, as scripts. */
export const scenarios: readonly Scenario[] = [
	{
		name: 'migration',
		title: 'From the mesh to three route reflectors',
		cluster: 'built-in',
		args: ['--practice'],
		acts: [
			...toPlan,
			...throughThePlan,
			...confirm('apply'),
			{see: /what changed/, mark: 'applied'},
			press(keys.enter, 'what changed'),
			{see: /Done: the cluster uses route reflectors/, mark: 'done'},
			press(keys.enter, 'leave'),
		],
	},
	{
		name: 'going-back',
		title: 'A write fails; the run goes back by itself',
		cluster: 'the last patch of a reflector is forbidden',
		args: ['--node-shell', 'node-exec {node} {command}'],
		acts: [
			{see: allSeen, mark: 'nodes'},
			press(keys.enter, 'next'),
			{see: chosen, mark: 'reflectors'},
			press(keys.enter, 'next'),
			{see: /The whole plan/, mark: 'plan'},
			...confirm('etcd at http://127.0.0.1:2379'),
			{see: /Gone back/, mark: 'gone back'},
			press(keys.enter, 'what changed'),
			{see: /every change was taken back/, mark: 'done'},
			press(keys.enter, 'leave'),
		],
	},
	{
		name: 'preview',
		title: 'Every change before it is made, and none made',
		cluster: 'built-in',
		args: ['--practice'],
		acts: [
			...toPlan,
			...throughThePlan,
			{press: keys.down, until: /│ Turn the node-to-node mesh off/, mark: 'the mesh'},
			{press: 'J', until: /nodeToNodeMeshEnabled: false/, mark: 'its change'},
			press('q', 'leave'),
		],
	},
];
