import {spawn} from 'node:child_process';
import {tmpdir} from 'node:os';
import {afterAll, describe, expect, test} from 'vitest';
import {commands} from '../../../src/commands/table.ts';
import {cleanEnvironment, type Finished, program, runProgram} from '../../support/program.ts';
import {practiceNodeShell, type SharedPractice, sharePractice} from '../../support/shared-practice.ts';

const reflector = 'ip-172-31-40-217';
const apply = ['apply', ...practiceNodeShell, '--reflectors', reflector, '--yes', '--json'];
const rollback = ['rollback', ...practiceNodeShell, '--yes', '--json'];
const resume = ['resume', ...practiceNodeShell, '--yes', '--json'];

type World = SharedPractice & {readonly home: Record<string, string>; readonly original: string};

async function begin(): Promise<World> {
	const shared = await sharePractice({nodes: 2, speed: 60});
	return {...shared, home: cleanEnvironment(shared.env), original: withoutNote(shared)};
}

/** The datastore without the note that a run leaves in its BGPPeers. */
function withoutNote({datastore}: Pick<SharedPractice, 'datastore'>): string {
	return datastore().replaceAll(/"calico-rr-wizard\/run": ".*"/g, '"calico-rr-wizard/run": "(note)"');
}

function heldIn({cluster}: World): number {
	return [...cluster.network.added.values()].flat().length;
}

/** Runs the program and kills it with SIGKILL when one command reaches the cluster. */
async function runAndKill(
	world: World,
	args: readonly string[],
	match: RegExp,
	moment: 'before' | 'during' | 'after',
): Promise<void> {
	const child = spawn(process.execPath, [program, ...args], {env: world.home, cwd: tmpdir(), stdio: 'ignore'});
	const ended = new Promise<NodeJS.Signals | null>(resolve => child.on('close', (_code, signal) => resolve(signal)));
	let isReached = false;
	const isMoment = (line: string): boolean => {
		if (isReached) return moment === 'after';
		isReached = match.test(line);
		return isReached && moment !== 'after';
	};
	world.cluster.faults.add({
		match: (file, argv) => {
			if (!isMoment([file, ...argv].join(' '))) return false;
			child.kill('SIGKILL');
			return true;
		},
		kind: moment === 'during' ? 'hang-after-effect' : 'hang-without-effect',
		times: 1,
	});
	expect(await ended).toBe('SIGKILL');
	world.cluster.faults.clear();
}

const tally = {tried: 0, original: 0, finished: 0, recovered: 0};
afterAll(() => {
	const {tried, original, finished, recovered} = tally;
	process.stdout.write(
		`\nreal processes: ${tried} cells tried; ${original} original, ${finished} finished, ${recovered} by rollback and resume, ${tried - original - finished - recovered} others\n`,
	);
});

/** A tool that was under way when the program was killed may still end its work: so this looks until both agree. */
async function checkHolds(world: World): Promise<void> {
	let [named, held] = [-1, -2];
	for (let look = 0; look < 10 && named !== held; look++) {
		const {stdout} = await runProgram(['hold', 'status', ...practiceNodeShell, '--json'], {env: world.home});
		const rows: {held: string[]}[] = JSON.parse(stdout).nodes;
		[named, held] = [rows.flatMap(row => row.held).length, heldIn(world)];
	}
	expect(named).toBe(held);
}

describe('SIGKILL of a migration', () => {
	test.each([
		['before', 'a write', /^calicoctl patch node/],
		['during', 'a write', /^calicoctl patch node/],
		['after', 'a write', /^calicoctl patch node/],
		['during', 'taking a hold', /ip -force -batch/],
	] as const)(
		'%s %s: rollback and resume reach their ends',
		async (moment, _what, match) => {
			tally.tried += 1;
			const [one, other] = [await begin(), await begin()];
			await Promise.all([one, other].map(world => runAndKill(world, apply, match, moment)));
			await checkHolds(one);
			const back = await runProgram(rollback, {env: one.home});
			expect(back.exitCode, back.stderr).toBe(0);
			expect(withoutNote(one)).toBe(one.original);
			expect(heldIn(one)).toBe(0);
			if ('resume' in commands) {
				const on = await runProgram(resume, {env: other.home});
				expect(on.exitCode, on.stderr).toBe(0);
				const fresh = await begin();
				expect((await runProgram(apply, {env: fresh.home})).exitCode).toBe(0);
				expect(withoutNote(other)).toBe(withoutNote(fresh));
				expect(heldIn(other)).toBe(0);
				await fresh.close();
			}
			tally.recovered += 1;
			await Promise.all([one.close(), other.close()]);
		},
		240_000,
	);
});

test('SIGKILL of a way back: another one reaches the original', async () => {
	tally.tried += 1;
	const world = await begin();
	expect((await runProgram(apply, {env: world.home})).exitCode).toBe(0);
	await runAndKill(world, rollback, /^calicoctl patch node/, 'during');
	await checkHolds(world);
	const {exitCode, stderr} = await runProgram(rollback, {env: world.home});
	expect(exitCode, stderr).toBe(0);
	expect(withoutNote(world)).toBe(world.original);
	expect(heldIn(world)).toBe(0);
	tally.recovered += 1;
	await world.close();
}, 240_000);

/** No file may grow beyond this: the kernel then takes what fits and refuses the rest with EFBIG, as a full disk would. */
function runWithSmallDisk(world: World, bytes: number): Promise<Finished> {
	const args = [`--fsize=${bytes}`, '--', process.execPath, program, ...apply];
	const child = spawn('prlimit', args, {env: {...world.home, PATH: `${world.home.PATH}:/usr/bin:/bin`}, cwd: tmpdir()});
	let [stdout, stderr] = ['', ''];
	child.stdout.on('data', (data: Buffer) => {
		stdout += data.toString();
	});
	child.stderr.on('data', (data: Buffer) => {
		stderr += data.toString();
	});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', exitCode => resolve({exitCode, stdout, stderr}));
	});
}

test.each([1000, 6000, 9000])(
	'a disk that takes only %i bytes of the journal: the cluster is as it was',
	async bytes => {
		tally.tried += 1;
		const world = await begin();
		const {exitCode, stderr} = await runWithSmallDisk(world, bytes);
		expect(exitCode, stderr).toBe(1);
		expect(stderr).toMatch(/journal cannot be written/i);
		expect(withoutNote(world)).toBe(world.original);
		expect(heldIn(world)).toBe(0);
		tally.original += 1;
		await world.close();
	},
	240_000,
);
