import {readdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {createRealExec} from '../../src/cluster/real-exec.ts';
import type {PracticeCluster, PracticeOptions} from '../../src/practice/cluster.ts';
import {startBirdCluster} from '../../src/practice/engine/bird/cluster.ts';
import {searchPath, thisMachine, whatIsMissing} from '../../src/practice/engine/bird/machine.ts';

const machine = thisMachine(process.env);

/** Why real BIRD cannot run here; '' where it can. */
export const whyNoBird = whatIsMissing(machine)
	.map(({lack}) => lack)
	.join(', and ');

/** Starts a cluster of real BIRDs in this process. */
export async function startRealBird(options: Omit<PracticeOptions, 'clock'> = {}): Promise<PracticeCluster> {
	const path = searchPath(machine);
	return startBirdCluster(options, {exec: createRealExec({env: {...process.env, PATH: path}}), path});
}

/** Namespaces and folders of a process that runs real BIRD, or ran it. */
export function leftBy(pid: number): readonly string[] {
	const isIts = (name: string): boolean => name.startsWith(`calico-rr-${pid}-`);
	return ['/run/netns', tmpdir()].flatMap(folder => readdirSync(folder).filter(isIts));
}
