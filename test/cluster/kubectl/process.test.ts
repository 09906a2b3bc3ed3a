import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, dirname, join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {startRun} from '../../../src/apply/engine.ts';
import {createKubectlCluster, type KubectlClusterOptions} from '../../../src/cluster/kubectl/cluster.ts';
import {createRealExec} from '../../../src/cluster/real-exec.ts';
import {makeWayBack} from '../../../src/core/plan/back.ts';
import {defaultChoice, makePlan} from '../../../src/core/plan/make.ts';
import {createClock} from '../../../src/practice/clock.ts';
import {createPracticeCluster, type PracticeCluster} from '../../../src/practice/cluster.ts';
import {type PracticeServer, servePractice} from '../../../src/practice/server.ts';
import {endOf, maskedResources, readRun} from '../../support/practice-run.ts';
import {practiceBin} from '../../support/program.ts';
import {itemsOf} from './table-exec.ts';

/** The adapter over real processes: an executable `kubectl` on the PATH, and one practice cluster behind it. */
let practice: PracticeCluster;
let server: PracticeServer;
beforeEach(async () => {
	practice = createPracticeCluster({datastore: 'kubernetes-native', clock: createClock({speed: 50})});
	server = await servePractice(practice, join(mkdtempSync(join(tmpdir(), 'practice-')), 'socket'));
});
afterEach(() => server.close());

function clusterOf(options: Partial<KubectlClusterOptions> = {}) {
	const PATH = [practiceBin, dirname(process.execPath)].join(delimiter);
	const exec = createRealExec({env: {PATH, PRACTICE_SOCKET: server.path}, grace: 500});
	return createKubectlCluster({exec, clock: practice.clock, practice: false, ...options});
}

const nodes = ['ip-172-31-37-123', 'ip-172-31-40-217', 'ip-172-31-40-30', 'ip-172-31-42-47', 'ip-172-31-45-29'];

async function look(cluster: ReturnType<typeof clusterOf>, signal?: AbortSignal) {
	const rows: {readonly node: string; readonly reason: string | null; readonly after: number}[] = [];
	const began = performance.now();
	for await (const {node, sessions} of cluster.observe(nodes, {routes: false, ...(signal && {signal})})) {
		rows.push({node, reason: sessions.known ? null : sessions.reason, after: performance.now() - began});
	}
	return rows;
}

describe('the adapter over real processes', () => {
	it('migrates and goes back', async () => {
		const cluster = clusterOf();
		const {clock} = practice;
		const before = maskedResources(practice.datastore.snapshot());
		const {snapshot} = await cluster.read();
		expect(cluster.identity.name).toMatch(/^context practice at https:/);
		const plan = makePlan(snapshot, {...defaultChoice, reflectors: nodes.slice(0, 3)});
		expect(endOf(await readRun(startRun({plan, cluster, clock, journal: null})))).toMatchObject({outcome: 'done'});
		const written = plan.steps.flatMap(step => step.writes);
		const back = makeWayBack(written, (await cluster.read()).snapshot).plan;
		expect(endOf(await readRun(startRun({plan: back, cluster, clock, journal: null})))).toMatchObject({
			outcome: 'done',
		});
		expect(maskedResources(practice.datastore.snapshot())).toEqual(before);
	});

	it('a node that answers nothing delays no other row', async () => {
		const cluster = clusterOf({timeouts: {observe: 2500}});
		await cluster.read();
		const pods = await practice.exec('kubectl', ['get', 'pods', '-A', '-o', 'json'], {timeout: 1000});
		const [name = ''] = itemsOf(pods.stdout).flatMap(({spec, metadata}) =>
			(spec as {nodeName: string}).nodeName === 'ip-172-31-40-30' ? [(metadata as {name: string}).name] : [],
		);
		practice.faults.add({
			match: (_file, argv) => argv.includes('exec') && argv.includes(name),
			kind: 'hang-without-effect',
		});
		const rows = await look(cluster);
		expect(rows.map(({node, reason}) => [node, reason]).at(-1)).toEqual([
			'ip-172-31-40-30',
			'the node did not answer in time',
		]);
		const others = rows.slice(0, -1);
		expect(others.map(({reason}) => reason)).toEqual([null, null, null, null]);
		expect(Math.max(...others.map(({after}) => after))).toBeLessThan(2500);
	});

	it('removes its CalicoNodeStatus objects when it is stopped in the middle', async () => {
		const cluster = clusterOf({live: 'calico-node-status'});
		await cluster.read();
		const stop = new AbortController();
		practice.faults.add({match: /^kubectl get caliconodestatuses/, kind: 'hang-without-effect'});
		setTimeout(() => stop.abort(), 1500);
		expect(await look(cluster, stop.signal)).toEqual([]);
		expect((await cluster.inspect?.())?.leftovers).toEqual({known: true, value: []});
	});

	it('says that kubectl is not there', async () => {
		await expect(clusterOf({binary: 'no-such-kubectl'}).read()).rejects.toMatchObject({
			kind: 'tool-not-found',
			message: 'no-such-kubectl is not there.',
		});
	});

	it('gives up on an API server that never answers', async () => {
		practice.faults.add({match: /--raw/, kind: 'hang-without-effect'});
		const cluster = clusterOf({timeouts: {read: 1000}});
		await expect(cluster.read()).rejects.toMatchObject({
			kind: 'timeout',
			message: 'kubectl did not answer within 1 s.',
		});
	});
});
