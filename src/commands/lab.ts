import {resolve} from 'node:path';
import {nearest} from '../core/nearest.ts';
import {UserError} from '../core/user-error.ts';
import {loadLabs} from '../lab/load.ts';
import {progressFile, readProgress} from '../lab/progress.ts';
import {mostPoints} from '../lab/score.ts';
import type {LabScreenState} from '../lab/screen/state.ts';
import {writeTemplate} from '../lab/template.ts';
import {instructions, verdictText} from '../lab/text.ts';
import type {Lab} from '../lab/types.ts';
import {runInside} from '../practice/host/run-inside.ts';
import type {Command} from './command.ts';
import {done, failed} from './exit-codes.ts';
import {labGround} from './ground.ts';
import type {Io} from './io.ts';
import {keptCluster, serveUntilStopped} from './kept-cluster.ts';
import {createLabRoom, type LabRoom} from './lab-room.ts';
import {isLeftBehind, openShell, stays, whileMaking} from './open-shell.ts';
import {unwatchedSpeed} from './practice-options.ts';
import {ownLabs} from './program-files.ts';
import type {Options} from './table.ts';
import {textTable} from './text-table.ts';
import {codeSignal} from './wizard-context.ts';

type Action = (words: readonly string[], options: Options, io: Io) => Promise<number>;

/** What `lab` knows. `host` serves a kept lab; the program starts it itself. */
const actions: Readonly<Record<string, Action>> = {list, start, run, new: create, host: serveKept};

/** `lab`: learn route reflectors on the practice cluster, with the tutorial's own commands. */
export const lab: Command = async ({positionals, options}, io) => {
	const [name, ...words] = positionals;
	if (options.keep && name !== 'start') {
		throw new UserError('Only lab start can keep its cluster.', {
			next: ['For example: calico-rr-wizard lab start isolated-node --keep'],
		});
	}
	if (name === undefined)
		return io.canAsk && !io.plain && !options.json ? onScreens(options, io) : list([], options, io);
	const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
	if (!action) {
		throw new UserError(`There is no 'lab ${name}'.`, {
			next: ['Use lab list, lab start NAME, lab run NAME --script FILE, or lab new NAME.'],
		});
	}
	return action(words, options, io);
};

async function labsOf({labs: folder}: Options): Promise<readonly Lab[]> {
	return loadLabs(folder ?? ownLabs());
}

/** The lab of that name, or of that number in the list. */
async function labNamed(word: string | undefined, options: Options): Promise<Lab> {
	const labs = await labsOf(options);
	const found = labs.find(({name, order}) => name === word || String(order) === word);
	if (found) return found;
	if (word === undefined) throw new UserError('Which lab?', {next: ['See them all: calico-rr-wizard lab list']});
	const meant = nearest(
		word,
		labs.map(({name}) => name),
	);
	throw new UserError(`There is no lab '${word}'.${meant ? ` Did you mean ${meant}?` : ''}`, {
		next: ['See them all: calico-rr-wizard lab list'],
	});
}

async function list(words: readonly string[], options: Options, io: Io): Promise<number> {
	if (words.length > 0) throw new UserError(`lab list takes no '${words[0]}'.`);
	const labs = await labsOf(options);
	const progress = readProgress(progressFile(io.env));
	if (options.json) {
		io.print(
			JSON.stringify({
				labs: labs.map(({name, title, goal, minutes}) => ({name, title, goal, minutes, solved: progress.has(name)})),
			}),
		);
		return done;
	}
	const rows = labs.map(({order, name, title, minutes}) => {
		const record = progress.get(name);
		return [String(order), name, title, `${minutes} min`, record ? `${record.points}/${mostPoints}` : '-'];
	});
	io.print(textTable(['', 'LAB', 'TITLE', 'TIME', 'POINTS'], rows));
	return done;
}

async function start([word, ...more]: readonly string[], options: Options, io: Io): Promise<number> {
	if (!io.canAsk) {
		throw new UserError('lab start needs a terminal.', {
			next: ['Without one: calico-rr-wizard lab run NAME --script FILE'],
		});
	}
	if (more.length > 0) throw new UserError(`lab start takes one lab, not '${more[0]}' too.`);
	const chosen = await labNamed(word, options);
	const exitCode = (await startKept(chosen, options, io)) ?? (await startOwn(chosen, options, io));
	isLeftBehind();
	return exitCode;
}

/** Opens the shell of the lab that is kept, or shall be; undefined for none. */
async function startKept(chosen: Lab, options: Options, io: Io): Promise<number | undefined> {
	const from = options.labs === undefined ? [] : [`--labs=${resolve(options.labs)}`];
	const command = ['lab', 'host', chosen.name, ...from];
	const kept = await keptCluster({what: keptAs(chosen, options), command, madeBy: ['engine', 'speed']}, options, io);
	if (!kept) return undefined;
	// Ctrl+C is for what runs inside.
	io.interrupts.leaveSigint();
	io.write(`${instructions(chosen)}\n${stays}\n\n`);
	return openShell(kept, io, io.interrupts.signal);
}

function startOwn(chosen: Lab, options: Options, io: Io): Promise<number> {
	return inLab({chosen, options, io, speed: 1}, async room => {
		const host = await room.host(chosen);
		io.write(`${instructions(chosen)}\nLeave with exit or Ctrl+D; that ends the lab.\n\n`);
		return whileMaking(
			() => room.enter(chosen),
			io.interrupts.signal,
			signal => openShell(host, io, signal),
		);
	});
}

async function serveKept([word]: readonly string[], options: Options, io: Io): Promise<number> {
	const chosen = await labNamed(word, options);
	const room = createLabRoom(labGround(options, io, 1), io, keptAs(chosen, options));
	try {
		await room.enter(chosen);
		await serveUntilStopped((await room.host(chosen)).folder, io);
	} finally {
		await room.leave();
	}
	return done;
}

/** What a lab is kept as: two folders may have labs of one name. */
function keptAs({name}: Lab, {labs}: Options): string {
	return labs === undefined ? `lab ${name}` : `lab ${name} of ${resolve(labs)}`;
}

async function run([word, ...more]: readonly string[], options: Options, io: Io): Promise<number> {
	if (more.length > 0) throw new UserError(`lab run takes one lab, not '${more[0]}' too.`);
	const chosen = await labNamed(word, options);
	const {script} = options;
	return inLab({chosen, options, io, speed: unwatchedSpeed}, async room => {
		const session = await room.enter(chosen);
		const host = await room.host(chosen);
		if (script !== undefined) {
			// What the script prints is not the result.
			const ended = await runInside(['/bin/sh', script], {
				env: host.env,
				signal: io.interrupts.signal,
				output: 'stderr',
			});
			if (ended !== 0) io.progress(`The script ended with ${ended}.`);
		}
		const verdict = await session.check();
		const state = session.state();
		if (options.json) {
			const {solved, checks, wrongWays} = verdict;
			io.print(
				JSON.stringify({
					schemaVersion: 1,
					type: 'lab',
					name: chosen.name,
					solved,
					points: state.points,
					of: mostPoints,
					hints: state.hints,
					prediction: state.prediction === null ? null : state.prediction + 1,
					checks: checks.map(({text, missing}) => ({text, passed: missing === null, missing})),
					wrongWays: wrongWays.map(({id, text}) => ({id, text})),
				}),
			);
		} else io.write(verdictText(chosen, verdict, state));
		return verdict.solved ? done : failed;
	});
}

async function create([name, ...more]: readonly string[], {labs: folder = '.'}: Options, io: Io): Promise<number> {
	if (name === undefined || more.length > 0 || !/^[a-z][a-z0-9-]*$/.test(name)) {
		throw new UserError('lab new takes a name of small letters, digits and dashes.', {
			next: ['For example: calico-rr-wizard lab new half-a-reflector'],
		});
	}
	const path = await writeTemplate(folder, name);
	io.print(`The lab's beginning is in ${path}.`);
	io.progress(`Start it: calico-rr-wizard lab start ${name} --labs ${folder}`);
	return done;
}

type Surroundings = {readonly chosen: Lab; readonly options: Options; readonly io: Io; readonly speed: number};

/** Makes a room for a lab, for as long as `work` takes. */
async function inLab(
	{chosen, options, io, speed}: Surroundings,
	work: (room: LabRoom) => Promise<number>,
): Promise<number> {
	const room = createLabRoom(labGround(options, io, speed), io);
	try {
		// Real BIRD may not be there, and takes its time: that is said, and Ctrl+C ends it, before a shell is in front.
		if (options.engine === 'bird') await room.enter(chosen);
		// Ctrl+C is for what runs inside.
		io.interrupts.leaveSigint();
		return await work(room);
	} finally {
		await room.leave();
	}
}

/** What the screens show must not be written across. */
function quietly(io: Io): Io {
	return {...io, progress: () => undefined};
}

/** The labs on screens; the shell of a lab stands on the normal screen, and leaving it leads back. */
async function onScreens(options: Options, io: Io): Promise<number> {
	const labs = await labsOf(options);
	const room = createLabRoom(labGround(options, quietly(io), 1), io);
	const {runLabs} = await import('../tui/lab/run-labs.tsx');
	const signal = codeSignal(io);
	let start: LabScreenState = {labs, progress: room.progress(), cursor: 0, open: null, help: false, end: null};
	try {
		for (;;) {
			const {end, state} = await runLabs(start, {room, signal, env: io.env});
			if (end.type === 'quit') return io.interrupts.exitCode() ?? end.exitCode;
			const host = await room.host(end.lab);
			io.write('The shell of the lab; exit or Ctrl+D leads back to its screen.\n');
			// Only the shell has Ctrl+C for itself: one that comes before the screens read keys is a signal, and ends them.
			const takeSigint = io.interrupts.leaveSigint();
			await openShell(host, io, io.interrupts.signal).finally(takeSigint);
			if (isLeftBehind() || signal.aborted) return io.interrupts.exitCode() ?? failed;
			start = {...state, progress: room.progress()};
		}
	} finally {
		await room.leave();
	}
}
