import {fileURLToPath} from 'node:url';
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
	readonly acts: readonly Act[];
} & (
	| {
			/** How the program is started. A cluster behind calicoctl can be made to fail; the built-in one cannot. */
			readonly cluster: 'none' | 'built-in' | 'the last patch of a reflector is forbidden';
			readonly args: readonly string[];
	  }
	/** The acts are done in a shell; the first run is killed when its second reflector is written. */
	| {readonly cluster: 'killed at the second reflector'}
);

const allSeen = /(?:4\/4 up.*){5}/s;
const chosen = /(?:\[x\] ip-.*){3}/s;
const press = (key: string, what: string): Act => ({type: [key], what});

/** A transcript of this folder, shown again. */
const replayOf = (name: string): readonly string[] => [
	'replay',
	fileURLToPath(new URL(`${name}.jsonl`, import.meta.url)),
];

/** From one call of a transcript to the next that shows that. */
const toCall = (until: RegExp, mark: string): Act => ({press: 'n', until, mark});

/** A replay that stands still at its first call. */
const paused: readonly Act[] = [{see: /REPLAY/}, press(keys.space, 'pause'), {see: /paused/}, press('g', 'beginning')];

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

/** Types a command into the shell, on a screen of its own. */
function command(line: string): readonly Act[] {
	return [{type: [...'clear', keys.enter], what: 'clear'}, {see: /^\$\s*$/}, {type: [...line, keys.enter], what: line}];
}

/** A run that is killed in the middle, and what it leaves. */
const killed: readonly Act[] = [
	...command('calico-rr-wizard apply --reflectors ip-172-31-40-217,ip-172-31-40-30 --yes'),
	{see: /Killed/},
	{see: /\$ $|\$$/},
	...command('calico-rr-wizard hold status'),
	{see: /held routes on/, mark: 'what is left'},
	...command('calico-rr-wizard doctor | grep -A2 held'),
	{see: /hold clear/, mark: 'what the doctor says'},
];

/** Not marked: its lines come in the order in which the nodes answer. */
const ended = /Done\.\n\$$/;

const nothingHeld: readonly Act[] = [
	...command('calico-rr-wizard hold status'),
	{see: /0 held routes on/, mark: 'nothing is left'},
	{type: [...'exit', keys.enter], what: 'exit'},
];

/** The doctor has answered: how long it looks differs from one run to the next. */
const examined = /Doctor: \d/;

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
			{see: allSeen},
			{see: examined, mark: 'nodes'},
			press(keys.enter, 'next'),
			{see: chosen, mark: 'reflectors'},
			press(keys.enter, 'next'),
			{see: /The whole plan/},
			{see: examined, mark: 'plan'},
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
	{
		name: 'tutorial',
		title: 'The tutorial, typed by hand and shown again',
		cluster: 'none',
		args: replayOf('tutorial'),
		acts: [
			...paused,
			{see: /call 1 of /, mark: 'the nodes'},
			toCall(/PEER ADDRESS/, 'the mesh'),
			toCall(/routeReflectorClusterID: 224/, 'a node is marked'),
			toCall(/BIRD v0/, 'what is left of the mesh'),
			toCall(/name: peer-to-rrs/, 'the peers of the reflectors'),
			toCall(/Node_/, 'sessions with the reflectors'),
			toCall(/name: rrs-to-rrs/, 'the reflectors among each other'),
			toCall(/nodeToNodeMeshEnabled: false/, 'the mesh off'),
			toCall(/PEER ADDRESS/, "the tutorial's last table"),
			press('q', 'leave'),
		],
	},
	{
		name: 'mesh-off-first',
		title: 'The mesh off before anything else: all routes are gone, and how they come back',
		cluster: 'none',
		args: replayOf('mesh-off-first'),
		acts: [
			...paused,
			{see: /call 1 of /, mark: 'the nodes'},
			toCall(/PEER ADDRESS/, 'the mesh'),
			toCall(/ via /, 'the routes'),
			toCall(/nodeToNodeMeshEnabled: false/, 'the mesh off'),
			toCall(/No IPv4 peers found/, 'no peers'),
			toCall(/^(?!.* via ).*blackhole/s, 'no routes'),
			toCall(/nodeToNodeMeshEnabled":true/, 'the mesh on'),
			{press: 'n', until: /(?:Established.*){4}/s, mark: 'the mesh again'},
			toCall(/ via /, 'the routes again'),
			press('p', 'one call back'),
			{see: /PEER ADDRESS/, mark: 'one call back'},
			press('q', 'leave'),
		],
	},
	{
		name: 'killed-and-resumed',
		title: 'A run is killed with SIGKILL; resume finishes it',
		cluster: 'killed at the second reflector',
		acts: [
			...killed,
			...command('calico-rr-wizard resume --yes'),
			{see: ended},
			...command('calico-rr-wizard plan --reflectors ip-172-31-40-217,ip-172-31-40-30'),
			{see: /\n\$$/, mark: 'finished'},
			...nothingHeld,
		],
	},
	{
		name: 'killed-and-taken-back',
		title: 'A run is killed with SIGKILL; rollback takes it back',
		cluster: 'killed at the second reflector',
		acts: [
			...killed,
			...command('calico-rr-wizard rollback --yes'),
			{see: ended},
			...command('kubectl get bgppeers.crd.projectcalico.org'),
			{see: /\n\$$/, mark: 'taken back'},
			...nothingHeld,
		],
	},
];
