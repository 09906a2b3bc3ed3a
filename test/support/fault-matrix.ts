import {type Fault, type Harm, subjectOf, type Target} from './fault-kinds.ts';
import type {Call, Ended, Role} from './fault-process.ts';
import {createFaultWorld, type FaultWorld, isAs, type Resources, type WorldOptions} from './fault-world.ts';

/** How a cell ended: in one of the three allowed ways, or in words how else. */
export type End = 'original' | 'finished' | 'recoverable' | {readonly other: string};

export type Direction = 'forward' | 'back';

/** Where faults can strike: every write, every hold call, and the first call of every gate. */
export const places = ['write', 'gate', 'hold'] as const satisfies readonly Role[];

/** A run without any fault: its calls, and what the cluster is before and after it. */
export type Baseline = {
	readonly options: WorldOptions;
	readonly direction: Direction;
	readonly calls: readonly Call[];
	/** How many lines its journal got. */
	readonly lines: number;
	readonly original: Resources;
	readonly finished: Resources;
	/** Makes the world of a cell. */
	readonly create: (options: WorldOptions) => FaultWorld;
};

const runs = {forward: 'apply', back: 'rollback'} as const;

/** A world in which this direction's run can begin. */
async function begin(
	direction: Direction,
	{create, options}: Pick<Baseline, 'create' | 'options'>,
): Promise<FaultWorld> {
	const world = create(options);
	if (direction === 'back') {
		const {exitCode, stderr} = await world.ask('apply');
		if (exitCode !== 0) throw new Error(`the migration to take back failed: ${stderr}`);
	}
	return world;
}

/** Runs without a fault, within this process, and keeps what it did. */
export async function baselineOf(
	direction: Direction,
	options: WorldOptions,
	create: Baseline['create'] = createFaultWorld,
): Promise<Baseline> {
	const world = await begin(direction, {create: createFaultWorld, options});
	const before = world.resources();
	let lines = 0;
	const {calls, exitCode, stderr} = await world.run(runs[direction], {
		onDisk: (text, index, _process, write) => {
			lines = index + 1;
			return write(text);
		},
	});
	if (exitCode !== 0 || world.held().length > 0) throw new Error(`the ${direction} run failed: ${stderr}`);
	const after = world.resources();
	world.dispose();
	const [original, finished] = direction === 'forward' ? [before, after] : [after, before];
	return {options, direction, calls, lines, original, finished, create};
}

/** The calls at which faults strike. */
export function targetsOf({calls}: Baseline): readonly Call[] {
	return calls.filter(
		(call, index) =>
			call.role === 'write' ||
			call.role === 'hold' ||
			(call.role === 'gate' && !(calls[index - 1]?.role === 'gate' && calls[index - 1]?.step === call.step)),
	);
}

/** How a call of one run is found again in another. */
export type Aim = (baseline: Baseline, call: Call) => Pick<Target, 'strikes' | 'looks'>;

/** By its number: a run within this process makes the same calls in the same order. */
const byNumber: Aim = (_, target) => ({
	strikes: ({index}) => index === target.index,
	looks: ({index}) => index === target.index - 1,
});

/**
 * By what it asks and how many writes came before: processes on several nodes overtake each other, and a gate looks as
 * often as it takes. The first such call is the one.
 */
export const byWords: Aim = ({calls}, target) => {
	const ahead = calls[target.index - 1];
	return {strikes: firstLike(target), looks: ahead ? firstLike(ahead) : () => false};
};

function firstLike(wanted: Call): (call: Call) => boolean {
	let found: number | undefined;
	return call => {
		if (found === undefined && call.after === wanted.after && question(call) === question(wanted)) found = call.index;
		return call.index === found;
	};
}

/** The note of a run in what it creates differs from run to run; of routes only the first word matters. */
function question(call: Call): string {
	if (call.role === 'write') return JSON.stringify(subjectOf(call));
	return [call.file, ...call.argv, call.input.split(' ', 2).join(' ')].join(' ');
}

/** Runs one cell: the fault at the target, then what a person would do. */
export async function runCell(
	baseline: Baseline,
	fault: Fault,
	call: Call,
	aim: Aim = byNumber,
): Promise<End | undefined> {
	const {calls} = baseline;
	// Before the first write its subject is not there yet, or not changed yet: then that is the field another one changes.
	const write =
		calls.findLast(({role, index}) => role === 'write' && index <= call.index) ??
		calls.find(({role}) => role === 'write');
	const near = write && {call: write, isDone: write.index < call.index};
	return judge(baseline, world => fault(world, {call, near, ...aim(baseline, call)})).catch((error: Error) => ({
		other: error.stack ?? error.message,
	}));
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
		const world = await begin(direction, baseline);
		const harm = harmIn(world);
		if (!harm) {
			world.dispose();
			return undefined;
		}
		const ended = await world.run(runs[direction], harm);
		if (ended.exitCode === null) harm.afterDeath?.(world);
		return {world, harm, ended};
	};
	const first = await struck();
	if (!first) return undefined;
	const {world, harm, ended} = first;
	try {
		const unnamed = await unnamedLeftovers(world);
		if (unnamed.length > 0) return {other: `${unnamed.join('; ')}\n${tell(world, [ended])}`};
		const isClean = mustGo(world, harm).length === 0;
		const isOriginal = isOneOf(world, harm, [original]);
		const isFinished = isOneOf(world, harm, [finished]);
		const wasKilled = ended.exitCode === null;
		if (!wasKilled && isClean && isOriginal) return 'original';
		if (!wasKilled && isClean && isFinished) return 'finished';
		const back = await world.run('rollback');
		const isBack = isOneOf(world, harm, [original]) || keepsForOthers(world, harm, original, back);
		if (!isBack || mustGo(world, harm).length > 0) {
			return {other: `rollback did not reach the original state: ${tell(world, [ended, back])}`};
		}
		const second = await struck();
		if (!second) return undefined;
		const before = second.world.resources();
		const on = await second.world.run('resume');
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
	return mayRefuse || foreign?.path.includes('routeReflectorClusterID') ? [] : world.held();
}

/** What a run left and nobody would find: neither `hold status` nor the doctor names it, nor the node as not to be asked. */
async function unnamedLeftovers(world: FaultWorld): Promise<readonly string[]> {
	const [held, objects] = [world.held(), world.statusObjects()];
	if (held.length + objects.length + world.locks().length === 0) return [];
	const report = await world.ask('doctor');
	const {findings}: {findings: {reason: string; next: string[]}[]} = JSON.parse(report.stdout);
	const said = findings.map(({reason, next}) => [reason, ...next].join(' ')).join('\n');
	// The locks that are there still: code that was killed in the middle of a synchronous write may end what it was at.
	const unsaid = [...held.map(hold => hold.split(' ')[0] ?? ''), ...world.locks(), ...objects].filter(
		name => !said.includes(name),
	);
	return [
		...unsaid.map(name => `the doctor does not name ${name}`),
		...(held.length > 0 ? await unnamedHolds(world, held) : []),
	];
}

async function unnamedHolds(world: FaultWorld, held: readonly string[]): Promise<readonly string[]> {
	const {stdout} = await world.ask('hold status');
	const rows: {node: string; error: string | null; held: string[]}[] = JSON.parse(stdout).nodes;
	const named = rows.flatMap(row => row.held.map(destination => `${row.node} ${destination}`));
	const unknown = rows.filter(row => row.error !== null).map(row => row.node);
	return held
		.filter(hold => !named.includes(hold) && !unknown.includes(hold.split(' ')[0] ?? ''))
		.map(hold => `hold status does not name ${hold}`);
}

function tell(world: FaultWorld, runs: readonly Ended[]): string {
	const said = runs.map(({exitCode, stderr}) => `exit ${exitCode}\n${stderr.split('\n').slice(-12).join('\n')}`);
	return `${said.join('\n--\n')}\nheld: ${world.held().join(', ') || 'none'}\n${JSON.stringify([...world.resources().values()])}`;
}

/** Runs every fault at every target, within this process; prints the table and gives the cells that ended otherwise. */
export async function runMatrix(
	direction: Direction,
	options: WorldOptions,
	faults: Readonly<Record<string, Fault>>,
	isChosen: (call: Call, fault: string) => boolean = () => true,
): Promise<readonly string[]> {
	process.setMaxListeners(0);
	const baseline = await baselineOf(direction, options);
	const targets = targetsOf(baseline);
	const rows = new Map(Object.keys(faults).map(name => [name, emptyTally()]));
	for (const [name, fault] of Object.entries(faults)) {
		for (const target of targets) {
			if (!isChosen(target, name)) continue;
			count(rows.get(name), await runCell(baseline, fault, target), {place: target.role, where: whereOf(name, target)});
		}
	}
	const where = places.map(role => `${targets.filter(target => target.role === role).length} ${role} calls`).join(', ');
	print(
		tableOf(
			`${options.tool.name}, ${direction}; ${options.nodes} nodes, ${where}; in one process: jumping clock, signals as calls`,
			rows,
		),
	);
	return othersIn(rows);
}

/** A cell's name. */
export function whereOf(fault: string, {index, role, step, argv}: Call): string {
	return `${fault} at call ${index}, ${role} in ${step} (${argv.slice(0, 3).join(' ')})`;
}

/** Past the test runner, which would put its own heading before every line. */
export function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

export function othersIn(rows: ReadonlyMap<string, Tally>): readonly string[] {
	return [...rows.values()].flatMap(row => row.other);
}

/** What came of all cells of one fault, and how many there were at each sort of place. */
export type Tally = {
	readonly places: Map<Role, number>;
	original: number;
	finished: number;
	recoverable: number;
	other: string[];
};

export function emptyTally(): Tally {
	return {places: new Map(), original: 0, finished: 0, recoverable: 0, other: []};
}

/** Counts a cell; one that makes no sense, whose end is undefined, is none. */
export function count(
	tally: Tally | undefined,
	end: End | undefined,
	{place, where}: {readonly place: Role; readonly where: string},
): void {
	if (!tally || end === undefined) return;
	tally.places.set(place, (tally.places.get(place) ?? 0) + 1);
	if (typeof end === 'string') tally[end] += 1;
	else tally.other.push(`${where}: ${end.other}`);
}

const columns: Readonly<Record<string, (tally: Tally) => number>> = {
	...Object.fromEntries(places.map(place => [`at ${place}s`, (tally: Tally) => tally.places.get(place) ?? 0])),
	cells: ({places: all}) => [...all.values()].reduce((sum, each) => sum + each, 0),
	original: tally => tally.original,
	finished: tally => tally.finished,
	'resume and rollback': tally => tally.recoverable,
	OTHER: tally => tally.other.length,
};

/** The matrix as a table: a line for each fault. */
export function tableOf(title: string, rows: ReadonlyMap<string, Tally>): string {
	const numbers = Object.values(columns);
	const sums = numbers.map(of => [...rows.values()].reduce((sum, row) => sum + of(row), 0));
	const table = [
		['fault', ...Object.keys(columns)],
		...[...rows].map(([name, row]) => [name, ...numbers.map(of => String(of(row)))]),
		['all', ...sums.map(String)],
	];
	const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0)));
	const lines = table.map(row =>
		row
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
			.join('  '),
	);
	return [`\n${title}`, ...lines, ''].join('\n');
}
