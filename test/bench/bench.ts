import {spawnSync} from 'node:child_process';
import {mkdtempSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createKubectlCluster} from '../../src/cluster/kubectl/cluster.ts';
import {proposeReflectors} from '../../src/core/candidates.ts';
import {preparePeering} from '../../src/core/peering/prepare.ts';
import {countSessions} from '../../src/core/peering/totals.ts';
import {defaultChoice, makePlan} from '../../src/core/plan/make.ts';
import {createClock} from '../../src/practice/clock.ts';
import {createPracticeCluster} from '../../src/practice/cluster.ts';
import {plannedSnapshot, totalSessions} from '../../src/wizard/session-math.ts';
import {lossOf, ways} from '../support/loss-ways.ts';
import {cleanEnvironment, program} from '../support/program.ts';
import {TestTerminal} from '../support/terminal.ts';

/**
 * This machine's own environment, in which people start programs (some variables cost Node itself 60 ms), but nothing
 * that names a cluster, and a terminal even where CI is set.
 */
const {CI, KUBECONFIG, ...inherited} = process.env;
const env = cleanEnvironment({
	...inherited,
	XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'calico-rr-bench-')),
	TERM: 'xterm-256color',
} as Record<string, string>);
let missed = 0;

/** Prints a number beside its aim; a ratio of two medians of one run, so that a slow machine slows both. */
function report(what: string, value: number, aim: number, unit = ''): void {
	const met = value <= aim;
	if (!met) missed += 1;
	console.log(`${what.padEnd(58)} ${value.toFixed(2)}${unit}  (aim ${aim}${unit})${met ? '' : '  MISSED'}`);
}

/**
 * The median time of each task in milliseconds; the tasks take turns, so that all see the same machine. A task that
 * measures itself gives its own time.
 */
async function medians(rounds: number, tasks: readonly (() => unknown)[]): Promise<readonly number[]> {
	const times = tasks.map((): number[] => []);
	for (let round = 0; round <= rounds; round++) {
		for (const [index, task] of tasks.entries()) {
			const start = performance.now();
			const own = await task();
			const time = typeof own === 'number' ? own : performance.now() - start;
			// The first round warms up files and code.
			if (round > 0) times[index]?.push(time);
		}
	}
	return times.map(list => list.sort((left, right) => left - right)[Math.floor(list.length / 2)] ?? Number.NaN);
}

function node(...args: readonly string[]): {readonly stdout: string; readonly stderr: string} {
	const {status, stdout, stderr} = spawnSync(process.execPath, args, {env, encoding: 'utf8', maxBuffer: 1e9});
	if (status !== 0) throw new Error(`node ${args.join(' ')} exited ${status}: ${stderr}`);
	return {stdout, stderr};
}

/** Milliseconds until the program's screen shows that; ending the program does not count. */
function untilShown(
	args: readonly string[],
	isShown: (text: string, terminal: TestTerminal) => boolean,
	more: Readonly<Record<string, string>> = {},
) {
	return async (): Promise<number> => {
		const terminal = new TestTerminal(args, {env: {...env, ...more}});
		await terminal.waitUntil(`the screen of ${args.join(' ')}`, text => isShown(text, terminal));
		const seconds = terminal.seconds();
		await terminal.close();
		return seconds * 1000;
	};
}

/** Milliseconds until the wizard's screen shows that. */
function untilWizard(what: RegExp): () => Promise<number> {
	return untilShown(['--practice'], (text, terminal) => terminal.isAlternate && what.test(text));
}

/** A shell without start-up files of its owner's: theirs may take seconds, with or without the practice cluster. */
const plainShell = {SHELL: '/bin/bash', HOME: mkdtempSync(join(tmpdir(), 'calico-rr-bench-'))};

async function startUp(): Promise<void> {
	const prompt = (text: string): boolean => /^practice \S.*[#$]$/m.test(text);
	const [version = 0, frame = 0, nodes = 0, practice = 0, lab = 0, nothing = 1] = await medians(15, [
		() => void node(program, '--version'),
		untilWizard(/practice cluster/),
		untilWizard(/172\.31\.45\.29/),
		untilShown(['practice', 'shell'], prompt, plainShell),
		untilShown(['lab', 'start', 'the-hard-way'], prompt, plainShell),
		() => void node('-e', '0'),
	]);
	report('--version / node -e 0', version / nothing, 1.2);
	report('first frame in a terminal / node -e 0', frame / nothing, 3);
	report("a practice shell's first prompt / node -e 0", practice / nothing, 5);
	report("a lab's first prompt / node -e 0", lab / nothing, 5);
	console.log(`${'the nodes on the screen / node -e 0'.padEnd(58)} ${(nodes / nothing).toFixed(2)}`);
}

/** The node list as calicoctl prints it, from a practice cluster of that size. */
async function nodeList(count: number): Promise<string> {
	const {exec} = createPracticeCluster({nodes: count, clock: createClock({speed: 1})});
	const {stdout} = await exec('calicoctl', ['get', 'nodes', '-o', 'json'], {timeout: 60_000});
	return stdout;
}

async function atSize(count: number): Promise<void> {
	const text = await nodeList(count);
	const snapshot = {nodes: JSON.parse(text).items, bgpPeers: [], bgpConfigurations: [], ipPools: []};
	const [parse = 1, plan = 0, predict = 0] = await medians(count > 1000 ? 15 : 40, [
		() => void JSON.parse(text),
		() => {
			const made = makePlan(snapshot, {...defaultChoice, reflectors: proposeReflectors(snapshot)});
			totalSessions(plannedSnapshot(made));
		},
		() => void countSessions(preparePeering(snapshot)),
	]);
	report(`plan, ${count} nodes / JSON.parse of the node list`, plan / parse, 5);
	report(`predict summary, ${count} nodes / JSON.parse of the node list`, predict / parse, 5);
}

/** Says at the end of a process how much memory it held at most (kilobytes). */
const peakHook =
	'data:text/javascript,process.on("exit",()=>process.stderr.write("\\npeak "+process.resourceUsage().maxRSS))';

function peak(...args: readonly string[]): number {
	const {stderr} = node('--import', peakHook, program, ...args);
	return Number(/peak (\d+)$/.exec(stderr)?.[1]) / 1024;
}

async function memory(count: number): Promise<void> {
	const file = join(mkdtempSync(join(tmpdir(), 'calico-rr-bench-')), 'nodes.json');
	writeFileSync(file, await nodeList(count));
	report(`peak memory of predict, ${count} nodes`, peak('predict', '-f', file), 300, ' MB');
	report(`peak memory of plan --practice=${count}`, peak('plan', `--practice=${count}`), 300, ' MB');
}

/** kubectl processes on a practice cluster of that size: to read it, and to look once at the gate of a reflector. */
async function processes(count: number): Promise<void> {
	const clock = createClock({speed: 'jump'});
	const {exec} = createPracticeCluster({nodes: count, datastore: 'kubernetes-aggregated', clock});
	let calls = 0;
	const counted: typeof exec = (...command) => {
		calls += 1;
		return exec(...command);
	};
	const cluster = createKubectlCluster({exec: counted, clock, practice: false});
	const {snapshot} = await cluster.read();
	report(`kubectl processes to read ${count} nodes`, calls, 5);
	const plan = makePlan(snapshot, {...defaultChoice, reflectors: proposeReflectors(snapshot)});
	const gate = plan.steps.find(({id}) => id.startsWith('reflector-'))?.gate;
	if (!gate) throw new Error('a reflector has a gate');
	await cluster.visibility(snapshot);
	// The first look at any node finds the pods; from then on they are known.
	for await (const _ of cluster.observe(gate.nodes.slice(0, 1), {routes: false}));
	calls = 0;
	for await (const _ of cluster.observe(gate.nodes, {routes: gate.routes}));
	report(`kubectl processes for a reflector's gate, ${count} nodes`, calls, 1 + 5);
}

/** What a migration and its way back lose on practice clusters: a mean of some seeds, fewer where there are more nodes. */
async function losses(): Promise<void> {
	const names = Object.keys(ways) as (keyof typeof ways)[];
	const row = (cells: readonly string[]) =>
		console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(30) : cell.padStart(16))).join(''));
	console.log('\nOn practice clusters, three reflectors, a mean of some runs:');
	row(['', ...names]);
	for (const [nodes, seeds] of [
		[5, 8],
		[20, 3],
		[100, 1],
	] as const) {
		const means = new Map<string, {route: number; pair: number}>();
		for (const name of names) {
			let [route, pair] = [0, 0];
			for (let seed = 1; seed <= seeds; seed++) {
				const {routeSeconds, pairSeconds} = await lossOf(name, {nodes, seed});
				route += routeSeconds / seeds;
				pair += pairSeconds / seeds;
			}
			means.set(name, {route, pair});
		}
		const told = (of: 'route' | 'pair') => names.map(name => (means.get(name)?.[of] ?? Number.NaN).toFixed(1));
		row([`${nodes} nodes: route-seconds`, ...told('route')]);
		row([`${' '.repeat(String(nodes).length)}        pair-seconds`, ...told('pair')]);
		for (const name of names.filter(each => each.endsWith('with hold')))
			report(`${nodes} nodes: pair-seconds, ${name}`, means.get(name)?.pair ?? Number.NaN, 0);
	}
	console.log();
}

await startUp();
await losses();
await processes(1000);
await processes(5000);
await atSize(1000);
await atSize(5000);
await memory(5000);
console.log(missed === 0 ? 'Every aim is met.' : `${missed} missed.`);
process.exit();
