import {ClusterError} from '../cluster/errors.ts';
import type {Cluster, ReadResult} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {proposeReflectors} from '../core/candidates.ts';
import {examine, examineUnread, type Unread} from '../core/doctor/examine.ts';
import {factsFromSnapshot} from '../core/doctor/facts-from-snapshot.ts';
import {createDoctorInput} from '../core/doctor/input.ts';
import {doctorLines, doctorReport, verdictLine, verdictOf} from '../core/doctor/report.ts';
import type {Finding} from '../core/doctor/types.ts';
import {type ClusterFacts, unknownFacts} from '../core/facts.ts';
import {gateEverywhere} from '../core/plan/gate-scope.ts';
import {defaultChoice} from '../core/plan/make.ts';
import type {Choice, Plan} from '../core/plan/types.ts';
import {lookAtNodes} from '../plain/status-text.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {done, failed} from './exit-codes.ts';
import type {Io} from './io.ts';
import {presetOf} from './preset.ts';
import type {Options} from './table.ts';

/** `doctor`: whether this cluster can be migrated, and whether it should be. Changes nothing. */
export const doctor: Command = async ({options}, io) => {
	const {cluster} = await connect(options, io);
	const findings = await findingsOf(cluster, options, io);
	if (options.json) io.print(JSON.stringify(doctorReport(findings)));
	else {
		for (const line of doctorLines(findings)) io.print(sanitize(line));
		io.print(`\n${verdictLine(findings)}`);
	}
	return verdictOf(findings) === 'block' ? failed : done;
};

async function findingsOf(cluster: Cluster, options: Options, io: Io): Promise<readonly Finding[]> {
	const {signal} = io.interrupts;
	const read = await tryRead(cluster, signal);
	if ('id' in read) return examineUnread(read);
	const {snapshot} = read;
	const choiceWith = (facts?: ClusterFacts): Choice | null => {
		const reflectors = options.reflectors ?? proposeReflectors(snapshot, 3, facts);
		return reflectors.length === 0 ? null : {...defaultChoice, ...presetOf(options), reflectors};
	};
	const allowVersionMismatch = options['allow-version-mismatch'] === true;
	const nothing = {snapshot, observations: new Map(), allowVersionMismatch};
	// The rights that are asked about are those of a plan's writes, and whoever is chosen, these are the same.
	const draft = createDoctorInput({...nothing, facts: unknownFacts('not asked yet.'), choice: choiceWith()});
	const facts = await inspect(cluster, read, draft.plan, signal);
	const choice = choiceWith(facts);
	if (!options.reflectors && choice) {
		io.progress(`Examined for the proposed route reflectors ${choice.reflectors.map(sanitize).join(', ')}.`);
	}
	const {reflectors} = createDoctorInput({...nothing, facts, choice});
	const names = gateEverywhere(snapshot, reflectors).nodes;
	const observations = await lookAtNodes(cluster, snapshot, names, signal);
	return examine(createDoctorInput({snapshot, facts, observations, choice, allowVersionMismatch}));
}

/** A cluster that cannot be read is a finding too, except where the user ended it. */
async function tryRead(cluster: Cluster, signal: AbortSignal): Promise<ReadResult | Unread> {
	try {
		return await cluster.read(signal);
	} catch (error) {
		if (!(error instanceof ClusterError) || error.kind === 'aborted') throw error;
		const {words, next} = error.detail;
		const id = error.kind === 'version-mismatch' ? 'version-mismatch' : 'reachable';
		return {id, reason: [error.message, words].filter(Boolean).join(' '), next};
	}
}

async function inspect(
	cluster: Cluster,
	{snapshot, information}: ReadResult,
	plan: Plan | null,
	signal: AbortSignal,
): Promise<ClusterFacts> {
	if (!cluster.inspect) {
		const tool = {known: false, reason: `${cluster.identity.via} was not asked for its version.`} as const;
		return factsFromSnapshot({snapshot, information, tool});
	}
	try {
		return await cluster.inspect(plan ?? undefined, signal);
	} catch (error) {
		if (!(error instanceof ClusterError) || error.kind === 'aborted') throw error;
		return unknownFacts(error.message);
	}
}
