import {mkdtempSync, readdirSync, readFileSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {createClock} from '../src/practice/clock.ts';
import {createPracticeCluster} from '../src/practice/cluster.ts';
import {quickBin, serveTools} from '../test/support/fault-tools.ts';
import {nodeBin, program} from '../test/support/program.ts';
import {sharePractice} from '../test/support/shared-practice.ts';
import {TestTerminal} from '../test/support/terminal.ts';
import type {Cast} from './cast-to-svg.ts';
import {mask} from './mask.ts';
import type {Act, Scenario} from './scenarios.ts';

/** How a scenario is played: for people, at a pace that can be followed, or as fast as it goes. */
export type Pace = 'people' | 'test';

/** How much faster than real time the practice cluster runs. */
const speeds: Readonly<Record<Pace, number>> = {people: 4, test: 30};
/** Milliseconds before each key; reading a marked screen takes longer. */
const pauses: Readonly<
	Record<Pace, {readonly key: number; readonly letter: number; readonly again: number; readonly mark: number}>
> = {
	people: {key: 900, letter: 90, again: 200, mark: 1600},
	test: {key: 0, letter: 0, again: 0, mark: 0},
};
const sizes = {program: {cols: 100, rows: 30}, shell: {cols: 80, rows: 24}} as const;

/** A key pressed so often without effect never will have one. */
const mostPresses = 40;

/** Plays a scenario on the built program in a pseudo-terminal and gives its recording. */
export async function record(scenario: Scenario, pace: Pace): Promise<Cast> {
	const stage = await setStage(scenario, pace);
	const size = sizes[stage.shell ? 'shell' : 'program'];
	const terminal = new TestTerminal(stage.args, {...size, env: stage.env}, stage.shell);
	const marks: [number, 'm', string][] = [];
	const mark = (name: string) => marks.push([terminal.seconds(), 'm', name]);
	try {
		for (const act of scenario.acts) {
			await play(act, terminal, pace);
			if ('mark' in act) {
				await settle(terminal);
				mark(act.mark);
				await pause(pauses[pace].mark);
			}
		}
		await terminal.exit;
		// A shell's last screen is all that was ever on it.
		if (!stage.shell) mark('left');
	} finally {
		await terminal.close();
		await stage.clear();
	}
	const events = [...terminal.events, ...marks].sort(([left], [right]) => left - right);
	return {
		header: {version: 2, width: size.cols, height: size.rows, title: scenario.title},
		events: events.map(([seconds, type, data]) => [Number(seconds.toFixed(3)), type, data] as const),
	};
}

async function play(act: Act, terminal: TestTerminal, pace: Pace): Promise<void> {
	if ('see' in act) {
		await terminal.waitUntil(`${act.see}`, text => act.see.test(text), 90_000);
		return;
	}
	if ('until' in act) {
		for (let times = 0; !act.until.test(terminal.text()); times++) {
			if (times === mostPresses) throw new Error(`${act.until} never came; the screen was:\n${terminal.text()}`);
			await pause(pauses[pace].again);
			const before = mask(terminal.text());
			terminal.press(act.press);
			await terminal.waitUntil(`${act.press} to do something`, text => mask(text) !== before);
			await settle(terminal);
		}
		return;
	}
	for (const key of act.type) {
		await pause(act.type.length > 1 ? pauses[pace].letter : pauses[pace].key);
		terminal.press(key);
	}
}

/** Milliseconds for which a screen must stand still, apart from what the mask hides, to count as drawn. */
const still = 300;

/** Waits until nothing moves on the screen any more: a mark must not fall between two frames. */
async function settle(terminal: TestTerminal): Promise<void> {
	let [last, since] = ['', performance.now()];
	await terminal.waitUntil('the screen to stand still', text => {
		const masked = mask(text);
		if (masked !== last) [last, since] = [masked, performance.now()];
		return performance.now() - since > still;
	});
}

function pause(milliseconds: number): Promise<void> {
	return new Promise(resolve => setTimeout(resolve, milliseconds));
}

type Stage = {
	/** What is started instead of the program. */
	readonly shell?: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly clear: () => Promise<void>;
};

async function setStage(scenario: Scenario, pace: Pace): Promise<Stage> {
	// A short path, so that the journal's name fits into a line.
	const env = {XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'rr-'))};
	switch (scenario.cluster) {
		case 'none':
			return {args: scenario.args, env, clear: async () => undefined};
		case 'built-in':
			return {args: [...scenario.args, '--speed', String(speeds[pace])], env, clear: async () => undefined};
		case 'the last patch of a reflector is forbidden': {
			const shared = await sharePractice({speed: speeds[pace]});
			shared.cluster.faults.add({
				match: /^calicoctl patch node .*routeReflectorClusterID":"/,
				after: 2,
				kind: 'fail',
				stderr:
					'hit error: connection is unauthorized: nodes "ip-172-31-42-47" is forbidden: User "trainee" cannot update resource "nodes/status" in API group "" at the cluster scope\n',
			});
			return {
				args: scenario.args,
				env: {...env, ...shared.env, ETCD_ENDPOINTS: 'http://127.0.0.1:2379'},
				clear: shared.close,
			};
		}
		case 'killed at the second reflector':
			return setShell(env, pace);
	}
}

/** A shell that has the program and a kubectl; the program is killed once, when the write has taken effect. */
async function setShell(env: {readonly XDG_STATE_HOME: string}, pace: Pace): Promise<Stage> {
	const nodes = ['ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-45-29'].map((name, index) => ({
		name,
		ipv4Address: `${name.slice('ip-'.length).replaceAll('-', '.')}/20`,
		blocks: [`192.168.${index + 1}.0/26`],
	}));
	const clock = createClock({speed: speeds[pace]});
	const cluster = createPracticeCluster({nodes, datastore: 'kubernetes-v1', clock});
	const tools = await serveTools(async request => {
		const reply = await cluster.run(request);
		return reply === 'silence' ? new Promise<never>(() => undefined) : reply;
	});
	cluster.faults.add({
		match: (_file, argv) => {
			const isMoment = argv[0] === 'patch' && argv[2] === nodes[1]?.name && !argv.includes('--dry-run=server');
			if (isMoment) process.kill(lockOwner(env.XDG_STATE_HOME), 'SIGKILL');
			return isMoment;
		},
		kind: 'hang-after-effect',
	});
	const bin = mkdtempSync(join(tmpdir(), 'rr-bin-'));
	symlinkSync(program, join(bin, 'calico-rr-wizard'));
	return {
		shell: 'bash',
		args: ['--norc', '--noprofile', '--noediting', '-i'],
		env: {
			...env,
			PATH: [bin, quickBin, nodeBin, '/usr/bin', '/bin'].join(delimiter),
			PRACTICE_PORT: String(tools.port),
			PS1: '$ ',
		},
		clear: async () => tools.close(),
	};
}

/** The process that runs on the cluster, as its lock tells. */
function lockOwner(state: string): number {
	const locks = join(state, 'calico-rr-wizard', 'locks');
	const [file = ''] = readdirSync(locks);
	return JSON.parse(readFileSync(join(locks, file), 'utf8')).pid;
}
