import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {parse} from 'yaml';
import {runAnnotation} from '../../src/core/plan/stored-run.ts';
import {patience, shareKubernetes} from '../support/kubectl-program.ts';
import {labKubernetes, labNodes} from '../support/kubernetes-lab.ts';
import {readTranscript, type TranscriptRow} from '../support/practice-transcripts.ts';
import {practiceBin} from '../support/program.ts';

/** The objects that the built program leaves, whole, beside those of real Kubernetes after the same steps. */
type Item = {readonly metadata: Readonly<Record<string, unknown>>; readonly [field: string]: unknown};

/** What no two clusters have in common, and what only one of the two ways to the object writes. */
const differs = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'time', 'lastUpdated']);
const writers = new Set(['kubectl.kubernetes.io/last-applied-configuration', runAnnotation]);

function masked(item: unknown): unknown {
	return JSON.parse(
		JSON.stringify(item, (key, value) => {
			if (differs.has(key)) return `(${key})`;
			if (key !== 'annotations' || typeof value !== 'object') return value;
			const kept = Object.entries(value).filter(([name]) => !writers.has(name));
			return kept.length === 0 ? undefined : Object.fromEntries(kept.map(([name, text]) => [name, maskedText(text)]));
		}),
	);
}

/** An annotation may hold an object as text, with times of its own. */
function maskedText(text: unknown): unknown {
	return String(text).replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/g, '(time)');
}

describe.each([
	{folder: 'kdd-v3.32.1', datastore: 'kubernetes-v1', group: 'crd.projectcalico.org'},
	{folder: 'kdd-native-v3.32.1', datastore: 'kubernetes-native', group: 'projectcalico.org'},
] as const)('$folder', ({folder, datastore, group}) => {
	const rows = readTranscript(`${folder}/kubectl.jsonl`);
	const rowOf = (words: string): TranscriptRow => {
		const row = rows.find(({argv}) => argv.join(' ').startsWith(`kubectl ${words}`));
		if (!row) throw new Error(`no row: ${words}`);
		return row;
	};
	const realNodes: readonly Item[] = JSON.parse(rowOf('get nodes -o json').stdout).items;
	/** What row 17 changed, laid over the Node that row 3 shows. */
	const [, patch = ''] = /-p (.*)$/.exec(rowOf('patch node node-0 --type=merge').argv.join(' ')) ?? [];
	const {metadata: marks} = JSON.parse(patch);
	const realReflector = realNodes
		.filter(({metadata}) => metadata.name === 'node-0')
		.map(node => {
			const {labels, annotations} = node.metadata as Record<string, object>;
			return {
				...node,
				metadata: {
					...node.metadata,
					labels: {...labels, ...marks.labels},
					annotations: {...annotations, ...marks.annotations},
				},
			};
		});
	const realPeer: Item = parse(rowOf('apply -f - --dry-run=server').stdout);
	const realPeers = rows
		.filter(({argv, exit, stdin}) => argv[1] === 'create' && exit === 0 && stdin?.includes('kind: BGPPeer'))
		.map(({stdin}) => parse(stdin ?? '') as Item)
		// A dry run stores nothing, and so has no version.
		.map(({metadata, spec}) => ({
			...realPeer,
			metadata: {...realPeer.metadata, resourceVersion: '1', name: metadata.name},
			spec,
		}));

	test(
		'after apply and after rollback every object is as on real Kubernetes',
		async () => {
			const {shared, env, run} = await shareKubernetes(datastore, {
				nodes: labNodes,
				kubernetes: labKubernetes,
				cluster: {pool: '10.65.0.0/16', clusterGuid: '0a1b2c'},
			});
			/** A real process, as the person's own would be. */
			const kubectl = (...argv: string[]) =>
				new Promise<{stdout: string; stderr: string}>(resolve => {
					execFile(join(practiceBin, 'kubectl'), argv, {env}, (_error, stdout, stderr) => resolve({stdout, stderr}));
				});
			const get = async (...argv: string[]) => JSON.parse((await kubectl('get', ...argv, '-o', 'json')).stdout);
			const untouched = async () => {
				for (const words of [`clusterinformations.${group} default`, `ippools.${group}`]) {
					expect(masked(await get(...words.split(' ')))).toEqual(
						masked(JSON.parse(rowOf(`get ${words} -o json`).stdout)),
					);
				}
			};
			await untouched();
			expect(masked((await get('nodes')).items)).toEqual(masked(realNodes));

			const apply = await run('apply', '--via', 'kubectl', '--reflectors', 'node-0', '--yes');
			expect(apply.stderr).toContain('Done.');
			const others = realNodes.filter(({metadata}) => metadata.name !== 'node-0');
			expect(masked((await get('nodes')).items)).toEqual(masked([...realReflector, ...others]));
			expect(masked((await get(`bgppeers.${group}`)).items)).toEqual(masked(realPeers));
			const configuration = `get bgpconfigurations.${group} default`;
			const real: Item = parse(rowOf(`${configuration} -o yaml`).stdout);
			// There it was created with the mesh on and then patched; the program makes one write of the two.
			expect(masked(await get(`bgpconfigurations.${group}`, 'default'))).toEqual(
				masked({...real, metadata: {...real.metadata, generation: 1}}),
			);
			await untouched();

			expect((await run('rollback', '--via', 'kubectl', '--yes')).exitCode).toBe(0);
			expect(masked((await get('nodes')).items)).toEqual(masked(realNodes));
			expect(await get(`bgppeers.${group}`)).toEqual(JSON.parse(rowOf(`get bgppeers.${group} -o json`).stdout));
			const {exit: _exit, argv: _argv, at: _at, ...gone} = rowOf(`${configuration} -o json`);
			expect(await kubectl('get', `bgpconfigurations.${group}`, 'default', '-o', 'json')).toEqual(gone);
			await untouched();
			await shared.close();
		},
		patience,
	);
});
