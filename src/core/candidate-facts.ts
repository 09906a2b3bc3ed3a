import type {NodeFacts} from './facts.ts';
import type {Seen} from './session.ts';

/** What Kubernetes says of the nodes, as far as it is known. */
export type KnownNodes = {readonly nodes: Seen<ReadonlyMap<string, NodeFacts>>};

/** One thing that Kubernetes knows for or against a node as a reflector. */
export type FactVerdict = {readonly text: string; readonly score: number; readonly excludes?: boolean};

/** Taints of a node that is about to go (Kubernetes, cluster-autoscaler, Karpenter). */
const leaving: ReadonlySet<string> = new Set([
	'ToBeDeletedByClusterAutoscaler',
	'DeletionCandidateOfClusterAutoscaler',
	'karpenter.sh/disrupted',
	'karpenter.sh/disruption',
	'node.kubernetes.io/out-of-service',
]);
/** Taints that say what `ready` and `schedulable` say already, or that every control-plane node has. */
const usual =
	/^(node\.kubernetes\.io\/(unschedulable|not-ready|unreachable)|node-role\.kubernetes\.io\/(control-plane|master))$/;

/** What the others are like: a node's pods and age count only beside theirs. */
type Field = {readonly workloads: number | null; readonly old: string | null};

type Check = (node: NodeFacts, field: Field) => FactVerdict | undefined;

const checks: readonly Check[] = [
	({ready}) => (ready ? undefined : {text: 'not ready', score: 0, excludes: true}),
	({os}) => (os === 'windows' ? {text: 'runs Windows, which cannot reflect', score: 0, excludes: true} : undefined),
	({schedulable}) => (schedulable ? undefined : {text: 'cordoned: kept free, or about to be taken down', score: -2}),
	({taints}) => {
		const found = taints.map(keyOf).filter(key => leaving.has(key));
		return found.length > 0 ? {text: `about to go: taint ${found.join(', ')}`, score: -4} : undefined;
	},
	({taints}) => {
		const found = taints.filter(taint => !leaving.has(keyOf(taint)) && !usual.test(keyOf(taint)));
		return found.length > 0 ? {text: `taint ${found.join(', ')}: kept for something else`, score: 0} : undefined;
	},
	// Pods on the node are without their routes for about 2 s while it becomes a reflector.
	({workloads}, field) => {
		if (workloads === null) return undefined;
		if (workloads === 0) return {text: 'no pods but DaemonSets: nobody misses the 2 s', score: 2};
		const few = field.workloads !== null && workloads * 2 <= field.workloads;
		return few ? {text: `few pods (${workloads})`, score: 1} : {text: `${workloads} pods`, score: 0};
	},
	// "Old ones have more chance to survive": what autoscaling brought last, it takes away first.
	({createdAt}, {old}) =>
		old !== null && createdAt !== '' && createdAt <= old
			? {text: `one of the oldest nodes (since ${createdAt.slice(0, 10)})`, score: 1}
			: undefined,
];

/** `key=value:NoSchedule`, `key:NoExecute` or `key` → `key`. */
function keyOf(taint: string): string {
	return taint.split(/[=:]/)[0] ?? taint;
}

/** Makes the judge of a cluster's nodes by what Kubernetes says of them; it is silent about nodes without facts. */
export function createFactJudge(facts: KnownNodes | undefined): (name: string) => readonly FactVerdict[] {
	if (!facts?.nodes.known) return () => [];
	const nodes = facts.nodes.value;
	const field = fieldOf([...nodes.values()]);
	return name => {
		const node = nodes.get(name);
		return node ? checks.flatMap(check => check(node, field) ?? []) : [];
	};
}

/** The median of the pods, and the moment by which the oldest quarter was there; null where it is not a few nodes only. */
function fieldOf(nodes: readonly NodeFacts[]): Field {
	const workloads = nodes.flatMap(node => node.workloads ?? []).sort((left, right) => left - right);
	const ages = nodes.flatMap(node => node.createdAt || []).sort();
	const old = ages[Math.max(1, Math.floor(ages.length / 4)) - 1];
	const few = old !== undefined && ages.filter(age => age <= old).length * 2 <= ages.length;
	return {workloads: workloads[Math.floor(workloads.length / 2)] ?? null, old: few ? old : null};
}
