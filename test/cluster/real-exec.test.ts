import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {createRealExec} from '../../src/cluster/real-exec.ts';

const node = process.execPath;
const exec = createRealExec({grace: 300});
let folder = '';
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'real-exec-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

const run = (script: string, options: Partial<Parameters<typeof exec>[2]> = {}) =>
	exec(node, ['-e', script], {timeout: 20_000, ...options});

/** Waits until the file holds something. */
async function contents(file: string): Promise<string> {
	for (;;) {
		const text = await Promise.resolve()
			.then(() => readFileSync(file, 'utf8'))
			.catch(() => '');
		if (text !== '') return text;
		await sleep(10);
	}
}

function alive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}

async function gone(pid: number): Promise<void> {
	while (alive(pid)) await sleep(10);
}

describe('createRealExec', () => {
	it('gives both streams and the exit code, and throws for none', async () => {
		expect(await run('console.log("out\\n"); console.error("err"); process.exitCode = 3')).toEqual({
			stdout: 'out\n\n',
			stderr: 'err\n',
			exitCode: 3,
		});
	});

	it('passes arguments as they are, without a shell', async () => {
		const args = ['$HOME', 'a b', '*', '"', "'", ';exit 1', '', '-n', '\n'];
		const script = 'console.log(JSON.stringify(process.argv.slice(1)))';
		const {stdout} = await exec(node, ['-e', script, '--', ...args], {timeout: 20_000});
		expect(JSON.parse(stdout)).toEqual(args);
	});

	it('passes the environment on', async () => {
		const script = 'console.log(process.env.ETCD_ENDPOINTS, process.env.PATH)';
		const withEnv = createRealExec({env: {ETCD_ENDPOINTS: 'http://etcd:2379'}});
		expect((await withEnv(node, ['-e', script], {timeout: 20_000})).stdout).toBe('http://etcd:2379 undefined\n');
		expect((await run(script)).stdout).toContain(String(process.env.PATH));
	});

	it('writes the input, and closes stdin where there is none', async () => {
		const script = 'process.stdin.on("data", data => process.stdout.write(data)).on("end", () => console.log("end"))';
		expect(await run(script, {input: 'kind: Node\n'})).toMatchObject({stdout: 'kind: Node\nend\n', exitCode: 0});
		expect(await run(script)).toMatchObject({stdout: 'end\n', exitCode: 0});
	});

	it('does not mind a program that never reads its input', async () => {
		expect(await run('process.stdin.destroy()', {input: 'x'.repeat(1_000_000)})).toMatchObject({exitCode: 0});
	});

	it('reads what is no UTF-8 as far as it goes', async () => {
		const {stdout} = await run('process.stdout.write(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62]))');
		expect(stdout).toBe('a\uFFFDb');
	});

	it('tells a missing program from one that cannot be run', async () => {
		const plain = join(folder, 'plain');
		writeFileSync(plain, 'not a program');
		expect(await exec(join(folder, 'nowhere'), [], {timeout: 5000})).toMatchObject({
			exitCode: null,
			failure: 'not-found',
		});
		expect(await exec('no-such-calicoctl', [], {timeout: 5000})).toMatchObject({failure: 'not-found'});
		expect(await exec(plain, [], {timeout: 5000})).toMatchObject({exitCode: null, failure: 'not-executable'});
	});

	it('says that a command line is too long', async () => {
		const result = await exec(node, ['-e', '0', 'x'.repeat(3_000_000)], {timeout: 5000});
		expect(result).toMatchObject({failure: 'not-executable', stderr: expect.stringContaining('E2BIG')});
	});

	it('stops a program that takes too long, keeping what it printed', async () => {
		const started = performance.now();
		const result = await exec('/bin/sh', ['-c', 'echo begun; exec sleep 60'], {timeout: 1500});
		expect(result).toEqual({stdout: 'begun\n', stderr: '', exitCode: null, failure: 'timeout'});
		expect(performance.now() - started).toBeLessThan(20_000);
	});

	it('kills a program that ignores SIGTERM', async () => {
		const script = 'trap "echo no" TERM; echo begun; while :; do sleep 60; done';
		expect(await exec('/bin/sh', ['-c', script], {timeout: 1500})).toMatchObject({
			stdout: 'begun\nno\n',
			exitCode: null,
			failure: 'timeout',
		});
	});

	it('stops what the program itself started', async () => {
		const file = join(folder, 'grandchild');
		const inner = `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
		const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], {stdio: "inherit"})`;
		const abort = new AbortController();
		const result = run(script, {signal: abort.signal});
		const pid = Number(await contents(file));
		abort.abort();
		expect(await result).toMatchObject({failure: 'aborted'});
		await gone(pid);
	});

	it('does not wait for a pipe that something else keeps open', async () => {
		const file = join(folder, 'escaped');
		const inner = `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setTimeout(() => {}, 60000)`;
		const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], {stdio: "inherit", detached: true}).unref()`;
		const abort = new AbortController();
		const result = run(script, {signal: abort.signal});
		const pid = Number(await contents(file));
		abort.abort();
		expect(await result).toMatchObject({failure: 'aborted'});
		process.kill(pid);
	});

	it('aborts, before and after the start', async () => {
		const abort = new AbortController();
		const result = run('setInterval(() => {}, 1000)', {signal: abort.signal});
		abort.abort();
		expect(await result).toMatchObject({exitCode: null, failure: 'aborted'});
		const file = join(folder, 'never');
		const script = `require("fs").writeFileSync(${JSON.stringify(file)}, "ran")`;
		expect(await run(script, {signal: abort.signal})).toMatchObject({failure: 'aborted'});
		expect(() => readFileSync(file)).toThrow('ENOENT');
	});

	it('tells a program that another one killed', async () => {
		expect(await run('process.kill(process.pid, "SIGKILL")')).toMatchObject({exitCode: null, failure: 'killed'});
	});

	it('stops a program that prints without end', async () => {
		const script = 'const b = Buffer.alloc(1 << 20); const go = () => process.stdout.write(b, go); go()';
		expect(await run(script)).toEqual({
			stdout: '',
			stderr: 'it printed more than 64 MiB',
			exitCode: null,
			failure: 'killed',
		});
	});

	it("keeps the terminal's Ctrl+C from the program, and ends it when we end", async () => {
		const file = join(folder, 'pid');
		const inner = `require("fs").writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
		const module = fileURLToPath(new URL('../../src/cluster/real-exec.ts', import.meta.url));
		const outer = join(folder, 'outer.mjs');
		const built = join(folder, 'real-exec.mjs');
		const esbuild = await import('esbuild');
		const banner = {js: "import {createRequire as r} from 'node:module'; const require = r(import.meta.url);"};
		await esbuild.build({entryPoints: [module], bundle: true, platform: 'node', format: 'esm', outfile: built, banner});
		writeFileSync(
			outer,
			`import {createRealExec} from './real-exec.mjs';
process.once('SIGINT', () => console.log('interrupted'));
process.once('SIGTERM', () => process.exit(0));
await createRealExec()(process.execPath, ['-e', ${JSON.stringify(inner)}], {timeout: 60000});`,
		);
		// A process group of its own, as a shell gives a job.
		const parent = spawn(node, [outer], {detached: true, stdio: ['ignore', 'pipe', 'inherit']});
		const pid = Number(await contents(file));
		process.kill(-Number(parent.pid), 'SIGINT');
		expect(String((await once(parent.stdout, 'data'))[0])).toBe('interrupted\n');
		expect(alive(pid)).toBe(true);
		parent.kill('SIGTERM');
		await once(parent, 'exit');
		await gone(pid);
	});
});
