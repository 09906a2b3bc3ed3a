import type {ExecResult} from '../../cluster/exec.ts';
import type {AdjustableClock} from '../adjustable-clock.ts';

const units: Readonly<Record<string, number>> = {'': 1, s: 1, m: 60, h: 3600, d: 86_400};
const usage = `lab time        show the practice clock
lab time x10    run ten times as fast as real time
lab time +60    skip 60 seconds; also +5m, +2h, +3d
`;
/** The fastest that makes sense: beyond it a hold timer of 240 s passes between two commands. */
const fastest = 1000;

/** `lab time`, `lab time x10`, `lab time +60`: shows the practice clock, changes its speed, or skips ahead. */
export async function labTime(words: readonly string[], clock: AdjustableClock): Promise<ExecResult> {
	const [word, ...more] = words;
	const [, factor] = /^x(\d+(?:\.\d+)?)$/.exec(word ?? '') ?? [];
	const [, count, unit = ''] = /^\+(\d+)([smhd]?)$/.exec(word ?? '') ?? [];
	if (more.length > 0) return refuse(usage);
	if (word === undefined) return show(clock);
	if (factor !== undefined) {
		if (clock.isReal) return refuse('Real BIRD lives in real time, which runs no faster.\n');
		const speed = Number(factor);
		if (speed <= 0 || speed > fastest) return refuse(`lab time takes x1 to x${fastest}, or a part such as x0.5\n`);
		clock.setSpeed(speed);
		return show(clock);
	}
	if (count === undefined) return refuse(usage);
	const milliseconds = Number(count) * (units[unit] ?? 1) * 1000;
	try {
		await clock.skip(milliseconds);
	} catch {
		return refuse('The cluster was ended meanwhile.\n');
	}
	return show(clock);
}

function show(clock: AdjustableClock): ExecResult {
	const now = new Date(clock.now()).toTimeString().slice(0, 8);
	return {stdout: `It is ${now} on the practice cluster; ${paceOf(clock)}.\n`, stderr: '', exitCode: 0};
}

function paceOf(clock: AdjustableClock): string {
	if (clock.isReal) return 'its BIRDs are real and live in real time';
	const speed = clock.speed();
	return `its time runs ${speed === 1 ? 'as fast as real time' : `${speed} times as fast as real time`}`;
}

function refuse(stderr: string): ExecResult {
	return {stdout: '', stderr, exitCode: 2};
}
