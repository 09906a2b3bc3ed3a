import {type ChildProcess, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, statSync, utimesSync, writeFileSync} from 'node:fs';
import {hostname, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {buildSync} from 'esbuild';
import {afterEach, beforeAll, describe, expect, test} from 'vitest';
import {livingOwner, lockPath, takeLock} from '../../src/apply/lock.ts';
import type {ClusterIdentity} from '../../src/cluster/port.ts';

const cluster: ClusterIdentity = {via: 'calicoctl', practice: false, name: 'one', guid: 'abc'};
const built = join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock.mjs');
const children: ChildProcess[] = [];

beforeAll(() => {
	const entryPoints = [new URL('../../src/apply/lock.ts', import.meta.url).pathname];
	buildSync({entryPoints, outfile: built, bundle: true, platform: 'node', format: 'esm', logLevel: 'error'});
});
afterEach(() => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
});

function newPath(): string {
	return lockPath(cluster, {XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'state-'))});
}

/** Another process that tries to take the lock, says so, and lives on. */
async function takeElsewhere(path: string, then = 'setInterval(() => {}, 1000)') {
	const script = `
		const {takeLock} = await import(${JSON.stringify(pathToFileURL(built).href)});
		for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => process.exit(1));
		try {
			const lock = takeLock(${JSON.stringify(path)});
			console.log(lock.tookOver ? 'took over' : 'taken');
			${then};
		} catch (error) {
			console.log(error.name + ': ' + error.message);
		}
	`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['ignore', 'pipe', 'inherit']});
	children.push(child);
	const words = await new Promise<string>(resolve => child.stdout?.once('data', data => resolve(String(data).trim())));
	const end = async (signal: NodeJS.Signals) => {
		const ended = new Promise(resolve => child.once('exit', resolve));
		child.kill(signal);
		await ended;
	};
	return {words, end, pid: child.pid ?? 0};
}

describe('the lock on a cluster', () => {
	test('goes by the cluster, wherever it is reached from, and only its owner can read it', () => {
		const env = {XDG_STATE_HOME: mkdtempSync(join(tmpdir(), 'state-'))};
		const path = lockPath(cluster, env);
		expect(lockPath({...cluster, via: 'kubectl', name: 'two'}, env)).toBe(path);
		expect(lockPath({...cluster, guid: 'other'}, env)).not.toBe(path);
		const lock = takeLock(path);
		lock.name('/state/journal.jsonl');
		expect(statSync(path).mode & 0o777).toBe(0o600);
		expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
		expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
			pid: process.pid,
			host: hostname(),
			journal: '/state/journal.jsonl',
		});
		lock.release();
		expect(livingOwner(path)).toBeUndefined();
		takeLock(path).release();
	});

	test('keeps a second process out while its owner lives, and says who', async () => {
		const path = newPath();
		const {words, pid, end} = await takeElsewhere(path);
		expect(words).toBe('taken');
		expect(() => takeLock(path)).toThrow(
			expect.objectContaining({
				name: 'UserError',
				exitCode: 1,
				message: expect.stringContaining(`process ${pid} on ${hostname()}, since 20`),
			}),
		);
		expect((await takeElsewhere(path)).words).toContain('UserError: Another run is under way');
		await end('SIGKILL');
	});

	test('is taken over from an owner that was killed, and left alone by its ghost', async () => {
		const path = newPath();
		const {pid, end} = await takeElsewhere(path);
		await end('SIGKILL');
		expect(livingOwner(path)).toBeUndefined();
		const lock = takeLock(path);
		expect(lock.tookOver).toMatchObject({pid, host: hostname()});
		lock.release();
	});

	test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('goes with a process that %s ends', async signal => {
		const path = newPath();
		const {end} = await takeElsewhere(path);
		await end(signal);
		const lock = takeLock(path);
		expect(lock.tookOver).toBeNull();
		lock.release();
	});

	test('is taken over by one of many that find its owner dead', async () => {
		const path = newPath();
		const {end} = await takeElsewhere(path);
		await end('SIGKILL');
		const all = await Promise.all(Array.from({length: 6}, () => takeElsewhere(path)));
		expect(all.filter(({words}) => words === 'took over')).toHaveLength(1);
		for (const {words} of all) expect(words).toMatch(/^took over$|^UserError: Another run is (under way|beginning)/);
	});

	test.each([
		['of a process ID that is used again', {started: 'another boot 1'}, true],
		['of a process on another machine', {host: 'elsewhere', pid: 1}, false],
	])('%s', (_, change, isTaken) => {
		const path = newPath();
		mkdirSync(dirname(path), {recursive: true});
		const owner = {pid: process.pid, host: hostname(), started: '', since: '2026-11-23T12:00:00.000Z', journal: null};
		writeFileSync(path, JSON.stringify({...owner, ...change}));
		if (isTaken) takeLock(path).release();
		else
			expect(() => takeLock(path)).toThrow(
				expect.objectContaining({next: expect.arrayContaining([expect.stringContaining(path)])}),
			);
	});

	test('that was never written to its end counts once nobody can be writing it any more', () => {
		const path = newPath();
		mkdirSync(dirname(path), {recursive: true});
		writeFileSync(path, '{"pid":');
		expect(() => takeLock(path)).toThrow('is beginning on this cluster');
		utimesSync(path, 0, 0);
		takeLock(path).release();
	});
});
