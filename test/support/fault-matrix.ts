import type {Fault, Harm} from './fault-kinds.ts';
import type {Call, Ended} from './fault-process.ts';
import {
	applyArgs,
	createFaultWorld,
	type FaultWorld,
	hasResume,
	isAs,
	type Resources,
	resumeArgs,
	rollbackArgs,
} from './fault-world.ts';

/** How a cell ended: in one of the three allowed ways, or in words how else. */
export type End = 'original' | 'finished' | 'recoverable' | {readonly other: string};

export type Direction = 'forward' | 'back';

/** A run without any fault: its calls, and what the cluster is before and after it. */
export type Baseline = {
	readonly direction: Direction;
	readonly calls: readonly Call[];
	/** How many lines its journal got. */
	readonly lines: number;
	readonly original: Resources;
	readonly finished: Resources;
};

const argsOf = {forward: applyArgs, back: rollbackArgs} as const;

/** A world in which this direction's run can begin. */
async function begin(direction: Direction): Promise<FaultWorld> {
	const world = createFaultWorld();
	if (direction === 'back') {
		const {exitCode, stderr} = await world.run(applyArgs);
		if (exitCode !== 0) throw new Error(`the migration to take back failed: ${stderr}`);
	}
	return world;
}

/** Runs without a fault and keeps what it did. */
export async function baselineOf(direction: Direction): Promise<Baseline> {
	const world = await begin(direction);
	const before = world.resources();
	let lines = 0;
	const {calls, exitCode, stderr} = await world.run(argsOf[direction], {
		onDisk: (text, index, _process, write) => {
			lines = index + 1;
			return write(text);
		},
	});
	if (exitCode !== 0 || world.held().length > 0) throw new Error(`the ${direction} run failed: ${stderr}`);
	const after = world.resources();
	world.dispose();
	const [original, finished] = direction === 'forward' ? [before, after] : [after, before];
	return {direction, calls, lines, original, finished};
}

/** Where faults strike: every write, every hold call, and the first call of every gate. */
export function targetsOf({calls}: Baseline): readonly Call[] {
	return calls.filter(
		(call, index) =>
			call.role === 'write' ||
			call.role === 'hold' ||
			(call.role === 'gate' && !(calls[index - 1]?.role === 'gate' && calls[index - 1]?.step === call.step)),
	);
}

/** Runs one cell: the fault at the target, then what a person would do. */
export async function runCell(baseline: Baseline, fault: Fault, target: Call): Promise<End | undefined> {
	const {calls} = baseline;
	const near =
		calls.findLast(call => call.role === 'write' && call.index <= target.index) ??
		calls.find(call => call.role === 'write');
	// Before the first write its subject is not there yet, or not changed yet: then that is the field another one changes.
	return judge(baseline, world => fault(world, target, near)).catch((error: Error) => ({other: error.message}));
}

/** Runs a cell of any harm: through it, and from copies of what it left with `rollback` and with `resume`. */
export async function judge(
	baseline: Baseline,
	harmIn: (world: FaultWorld) => Harm | undefined,
): Promise<End | undefined> {
	const {direction, original, finished} = baseline;
	const isOneOf = (world: FaultWorld, harm: Harm, ends: readonly Resources[]) =>
		ends.some(end => isAs(world.resources(), end, harm.foreign));
	const struck = async () => {
		const world = await begin(direction);
		const harm = harmIn(world);
		return harm ? {world, harm, ended: await world.run(argsOf[direction], harm)} : undefined;
	};
	const first = await struck();
	if (!first) return undefined;
	const {world, harm, ended} = first;
	try {
		const unnamed = await unnamedHolds(world);
		if (unnamed.length > 0) return {other: `hold status does not name ${unnamed.join(', ')}`};
		const isClean = mustGo(world, harm).length === 0;
		const isOriginal = isOneOf(world, harm, [original]);
		const isFinished = isOneOf(world, harm, [finished]);
		const wasKilled = ended.exitCode === null;
		if (!wasKilled && isClean && isOriginal) return 'original';
		if (!wasKilled && isClean && isFinished) return 'finished';
		const back = await world.run(rollbackArgs);
		const isBack = isOneOf(world, harm, [original]) || keepsForOthers(world, harm, original, back);
		if (!isBack || mustGo(world, harm).length > 0) {
			return {other: `rollback did not reach the original state: ${tell(world, [ended, back])}`};
		}
		if (hasResume) {
			const second = await struck();
			if (!second) return undefined;
			const before = second.world.resources();
			const on = await second.world.run(resumeArgs);
			const reached = isOneOf(second.world, harm, direction === 'forward' ? [finished] : [original, finished]);
			// Where nothing is under way, where somebody else changed a field of the run, or where a node is lost, it says so.
			const mayRefuse = isOriginal || harm.foreign !== undefined || harm.mayRefuse === true || direction === 'back';
			const refused =
				mayRefuse &&
				on.exitCode !== 0 &&
				on.stderr !== '' &&
				(isAs(second.world.resources(), before) || isOneOf(second.world, harm, [original]));
			const words = tell(second.world, [second.ended, on]);
			second.world.dispose();
			if (!reached && !refused) return {other: `resume did not reach its end: ${words}`};
		}
		return isOriginal && isClean ? 'original' : isFinished && isClean ? 'finished' : 'recoverable';
	} finally {
		world.dispose();
	}
}

/**
 * Where another administrator made a node a reflector of their own, the BGPPeers that are all it has left stay; each
 * resource that is not as it was has to be named.
 */
function keepsForOthers(world: FaultWorld, {foreign}: Harm, original: Resources, {stderr}: Ended): boolean {
	if (!foreign?.path.includes('routeReflectorClusterID')) return false;
	const now = world.resources();
	const isNamed = (key: string) => stderr.includes(`Stays: ${key.replace('/', ' ')}:`);
	const rest = (all: Resources) => new Map([...all].filter(([key]) => !isNamed(key)));
	return (
		isNamed(foreign.key) &&
		isAs(new Map([...now].filter(([key]) => key === foreign.key)), new Map(), foreign) &&
		isAs(rest(now), rest(original))
	);
}

/**
 * Copies that must be gone. Not where a node is lost, or another administrator made one a reflector without peers: BIRD
 * has no routes of its own there, so the copies rightly stay, and are named.
 */
function mustGo(world: FaultWorld, {foreign, mayRefuse}: Harm): readonly string[] {
	return mayRefuse || foreign?.path.includes('routeReflectorClusterID') ? [] : reachableHolds(world);
}

/** Held copies on nodes that can be reached. */
function reachableHolds({held, practice}: FaultWorld): readonly string[] {
	return held().filter(hold => {
		const reply = practice.run({file: 'node-exec', argv: [hold.split(' ')[0] ?? '', 'ip', 'route', 'show']});
		return reply !== 'silence' && !(reply instanceof Promise) && reply.exitCode === 0;
	});
}

/** Copies that `hold status` does not tell of: neither by name, nor as a node that cannot be asked. */
async function unnamedHolds(world: FaultWorld): Promise<readonly string[]> {
	const held = world.held();
	if (held.length === 0) return [];
	const {stdout} = await world.run(['hold', 'status', ...rollbackArgs.slice(1, 5), '--json']);
	const rows: {node: string; error: string | null; held: string[]}[] = JSON.parse(stdout).nodes;
	const named = rows.flatMap(row => row.held.map(destination => `${row.node} ${destination}`));
	const unknown = rows.filter(row => row.error !== null).map(row => row.node);
	return held.filter(hold => !named.includes(hold) && !unknown.includes(hold.split(' ')[0] ?? ''));
}

function tell(world: FaultWorld, runs: readonly Ended[]): string {
	const said = runs.map(({exitCode, stderr}) => `exit ${exitCode}\n${stderr.split('\n').slice(-12).join('\n')}`);
	return `${said.join('\n--\n')}\nheld: ${world.held().join(', ') || 'none'}\n${JSON.stringify([...world.resources().values()])}`;
}

/** Runs every fault at every target, prints the table, and gives the cells that ended in no allowed way. */
export async function runMatrix(
	direction: Direction,
	faults: Readonly<Record<string, Fault>>,
): Promise<readonly string[]> {
	process.setMaxListeners(0);
	const baseline = await baselineOf(direction);
	const targets = targetsOf(baseline);
	const rows = new Map(Object.keys(faults).map(name => [name, emptyTally()]));
	for (const [name, fault] of Object.entries(faults)) {
		for (const target of targets) {
			const where = `${name} at call ${target.index}, ${target.role} in ${target.step}`;
			count(rows.get(name), await runCell(baseline, fault, target), where);
		}
	}
	const roles = (['write', 'gate', 'hold'] as const).map(role => {
		const {length} = targets.filter(target => target.role === role);
		return `${length} ${role}s`;
	});
	print(tableOf(`${direction}: ${roles.join(', ')}`, rows));
	return othersIn(rows);
}

/** Past the test runner, which would put its own heading before every line. */
export function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

export function othersIn(rows: ReadonlyMap<string, Tally>): readonly string[] {
	return [...rows.values()].flatMap(row => row.other);
}

/** What came of all cells of one fault. */
export type Tally = {tried: number; original: number; finished: number; recoverable: number; other: string[]};

export function emptyTally(): Tally {
	return {tried: 0, original: 0, finished: 0, recoverable: 0, other: []};
}

export function count(tally: Tally | undefined, end: End | undefined, where: string): void {
	if (!tally || end === undefined) return;
	tally.tried += 1;
	if (typeof end === 'string') tally[end] += 1;
	else tally.other.push(`${where}: ${end.other}`);
}

/** The matrix as a table. */
export function tableOf(title: string, rows: ReadonlyMap<string, Tally>): string {
	const head = ['fault', 'cells', 'original', 'finished', hasResume ? 'resume and rollback' : 'rollback', 'other'];
	const cells = [...rows].map(([name, {tried, original, finished, recoverable, other}]) =>
		[name, tried, original, finished, recoverable, other.length].map(String),
	);
	const sum = [0, 1, 2, 3, 4].map(column =>
		[...rows.values()].reduce((all, row) => all + (numbers(row)[column] ?? 0), 0),
	);
	const table = [head, ...cells, ['all', ...sum.map(String)]];
	const widths = head.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0)));
	const lines = table.map(row =>
		row
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
			.join('  '),
	);
	return [`\n${title}`, ...lines, ''].join('\n');
}

function numbers({tried, original, finished, recoverable, other}: Tally): readonly number[] {
	return [tried, original, finished, recoverable, other.length];
}
