import {afterEach, describe, expect, test} from 'vitest';
import {handleLab} from '../../src/lab/handle.ts';
import {loadLabs} from '../../src/lab/load.ts';
import {mostPoints} from '../../src/lab/score.ts';
import {type LabSession, openLab} from '../../src/lab/session.ts';
import {createAdjustableClock} from '../../src/practice/adjustable-clock.ts';
import {createPracticeCluster, type ModelCluster} from '../../src/practice/cluster.ts';
import {maskedResources} from '../support/practice-run.ts';

const labs = await loadLabs('src/lab/labs');
const clock = createAdjustableClock({speed: 1, start: Date.UTC(2026, 10, 23, 12)});

let session: LabSession | undefined;
/** The cluster that the lab stands on now; a reset makes another. */
let model: ModelCluster;
afterEach(() => session?.close());

async function open(name: string): Promise<LabSession> {
	session = await openLab(labs.find(lab => lab.name === name) ?? expect.fail(`no lab ${name}`), {
		clock,
		start: options => {
			model = createPracticeCluster({...options, clock});
			return model;
		},
	});
	return session;
}

/** Everything of a cluster that a learner can see, without times. */
function visible({datastore, network}: ModelCluster): unknown {
	const at = clock.now();
	const nodes = datastore.snapshot().nodes.map(node => node.metadata.name);
	return {
		resources: maskedResources(datastore.snapshot()).map(text => text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')),
		nodes: nodes.map(node => ({
			node,
			sessions: ([4, 6] as const).map(family =>
				network.protocols(node, family, at)?.map(({peer, state, bgpState}) => [peer, state, bgpState]),
			),
			routes: ([4, 6] as const).map(family => network.kernelRoutes(node, family, at)),
			added: ([4, 6] as const).map(family => network.added.get(`${node}/${family}`) ?? []),
		})),
	};
}

describe.each(labs.map(({name}) => name))('%s', name => {
	test('a reset is exact, whatever was done', async () => {
		const {reset} = await open(name);
		const before = visible(model);
		const {datastore, network} = model;
		for (const node of datastore.snapshot().nodes.slice(0, 2)) {
			const argv = ['patch', 'node', node.metadata.name, '-p', '{"metadata":{"labels":{"theirs":"yes"}}}'];
			await model.run({file: 'calicoctl', argv});
			network.killBird(node.metadata.name, clock.now());
		}
		await clock.skip(5000);
		expect(visible(model)).not.toEqual(before);
		await reset();
		expect(visible(model)).toEqual(before);
	});
});

test('hints say more and more, cost only points, and leave one point at the least', async () => {
	const lab = await open('mesh-off-first');
	const say = async (...argv: string[]) => (await handleLab(lab, argv)).stdout;
	for (const [index, hint] of lab.lab.hints.entries()) {
		const text = await say('hint');
		expect(text).toContain(`Hint ${index + 1} of 3`);
		expect(text.replaceAll(/\s+/g, ' ')).toContain(hint.replaceAll(/\s+/g, ' ').trim());
	}
	expect(await say('hint')).toContain('Hint 3 of 3');
	await lab.cluster().run({
		file: 'calicoctl',
		argv: ['patch', 'bgpconfiguration', 'default', '-p', '{"spec":{"nodeToNodeMeshEnabled":true}}'],
	});
	await clock.skip(30_000);
	expect(await handleLab(lab, ['check'])).toMatchObject({exitCode: 0});
	expect(lab.state()).toMatchObject({points: 1, hints: 3});
});

test('a right prediction counts, and only the first one', async () => {
	const lab = await open('mesh-off-first');
	const right = String(lab.lab.predict.right + 1);
	const wrong = String(((lab.lab.predict.right + 1) % lab.lab.predict.options.length) + 1);
	await handleLab(lab, ['predict', wrong]);
	await handleLab(lab, ['predict', right]);
	expect(lab.state().prediction).toBe(Number(wrong) - 1);
	expect(mostPoints).toBe(10);
});

test.each([
	[['nonsense'], 'there is no'],
	[['predict'], 'takes a number from 1'],
	[['predict', '9'], 'takes a number from 1'],
	[['answer', 'what', 'x'], 'asks no questions'],
	[['check', 'now'], "takes no 'now'"],
])('lab %j is refused in words, exit 2', async (argv, words) => {
	const {stderr, exitCode} = await handleLab(await open('mesh-off-first'), argv);
	expect(stderr).toContain(words);
	expect(exitCode).toBe(2);
});
