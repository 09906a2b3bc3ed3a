import {asCompleted} from '../cluster/concurrency.ts';
import {ClusterError} from '../cluster/errors.ts';
import type {Cluster} from '../cluster/port.ts';
import type {Plan} from '../core/plan/types.ts';
import {UserError} from '../core/user-error.ts';
import type {Write} from '../core/write.ts';

/** What the API server says to a write that is only tried. */
export type Verdict =
	| {readonly state: 'accepted'}
	| {readonly state: 'refused'; readonly message: string; readonly words: string; readonly next: readonly string[]}
	| {readonly state: 'unasked'; readonly reason: string};

export type Verdicts = ReadonlyMap<Write, Verdict>;

type Tried = {readonly write: Write; readonly verdict: Verdict};

/**
 * Tries every write of a plan at once, each verdict as soon as it is there: validation, admission and rights speak
 * before the first real write. A write to what an earlier step writes cannot be tried: it needs the earlier one done,
 * unless it deletes what is there already.
 * Gives nothing where the tool cannot try. Throws ClusterError only where it is stopped.
 */
export async function* tryWrites(plan: Plan, cluster: Cluster, signal?: AbortSignal): AsyncGenerator<Tried> {
	if (!cluster.dryRun) return;
	/** The first write to each resource. */
	const first = new Map<string, Write>();
	const trials = plan.steps
		.flatMap(step => step.writes)
		.map(async (write): Promise<Tried> => {
			const id = `${write.kind} ${write.name}`;
			const earlier = first.get(id);
			if (earlier && (write.verb !== 'delete' || earlier.verb === 'create')) {
				return {write, verdict: {state: 'unasked', reason: 'an earlier step writes it too'}};
			}
			first.set(id, earlier ?? write);
			return {write, verdict: await tryWrite(write, cluster, signal)};
		});
	yield* asCompleted(trials);
	signal?.throwIfAborted();
}

/** All verdicts on a plan; empty where the tool cannot try. */
export async function tryAll(plan: Plan, cluster: Cluster, signal?: AbortSignal): Promise<Verdicts> {
	const verdicts = new Map<Write, Verdict>();
	for await (const {write, verdict} of tryWrites(plan, cluster, signal)) verdicts.set(write, verdict);
	return verdicts;
}

/** Failures that say nothing about the write. */
const silent: readonly ClusterError['kind'][] = ['unreachable', 'timeout', 'tool-not-found', 'aborted', 'no-dry-run'];

async function tryWrite(write: Write, cluster: Cluster, signal: AbortSignal | undefined): Promise<Verdict> {
	try {
		await cluster.dryRun?.(write, signal);
		return {state: 'accepted'};
	} catch (error) {
		// Everything else is a mistake of ours, but asCompleted takes no rejection; as words it is seen all the same.
		if (!(error instanceof ClusterError)) return {state: 'unasked', reason: String(error)};
		if (silent.includes(error.kind)) return {state: 'unasked', reason: error.message};
		const {words, next} = error.detail;
		return {state: 'refused', message: error.message, words, next};
	}
}

/**
 * Stops before a plan of which the server refused a write; what it was not asked about stops nothing.
 * @throws UserError (exit code 1).
 */
export function refuseRefused(plan: Plan, verdicts: Verdicts): void {
	const [first] = refusals(plan, verdicts);
	if (!first) return;
	const words = first.verdict.words.split('\n').filter(Boolean);
	throw new UserError(refusalSentence(plan, verdicts) ?? '', {
		exitCode: 1,
		next: [
			...words,
			...first.verdict.next,
			'Nothing was written. See all that is missing with: calico-rr-wizard doctor',
		],
	});
}

/** The writes that the server refuses, each with its step's number. */
export function refusals(
	plan: Plan,
	verdicts: Verdicts,
): ReadonlyArray<{
	readonly step: number;
	readonly write: Write;
	readonly verdict: Extract<Verdict, {state: 'refused'}>;
}> {
	return plan.steps.flatMap(({writes}, index) =>
		writes.flatMap(write => {
			const verdict = verdicts.get(write);
			return verdict?.state === 'refused' ? [{step: index + 1, write, verdict}] : [];
		}),
	);
}

/** Why a plan must not be begun, in one sentence; undefined where no write of it was refused. */
export function refusalSentence(plan: Plan, verdicts: Verdicts): string | undefined {
	const all = refusals(plan, verdicts);
	const [first] = all;
	if (!first) return undefined;
	const {step, write, verdict} = first;
	const more = all.length > 1 ? `, and ${all.length - 1} more` : '';
	return `The server refuses to ${write.verb} ${write.kind} ${write.name} in step ${step}${more}: ${verdict.message}`;
}
