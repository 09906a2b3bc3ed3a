import {examineCluster} from '../apply/examine-cluster.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {proposeReflectors} from '../core/candidates.ts';
import {doctorLines, doctorReport, verdictLine, verdictOf} from '../core/doctor/report.ts';
import type {ClusterFacts} from '../core/facts.ts';
import {defaultChoice} from '../core/plan/make.ts';
import type {Choice} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {wrapLine} from '../plain/wrap-prose.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {done, failed} from './exit-codes.ts';
import {presetOf} from './preset.ts';

/** `doctor`: whether this cluster can be migrated, and whether it should be. Changes nothing. */
export const doctor: Command = async ({options}, io) => {
	const {cluster} = await connect(options, io);
	let proposed: readonly string[] = [];
	const choiceFor = (snapshot: Snapshot, facts?: ClusterFacts): Choice | null => {
		proposed = options.reflectors ? [] : proposeReflectors(snapshot, 3, facts);
		const reflectors = options.reflectors ?? proposed;
		return reflectors.length === 0 ? null : {...defaultChoice, ...presetOf(options), reflectors};
	};
	const findings = await examineCluster(cluster, {
		choiceFor,
		allowVersionMismatch: options['allow-version-mismatch'] === true,
		signal: io.interrupts.signal,
		env: io.env,
	});
	if (proposed.length > 0) {
		io.progress(`Examined for the proposed route reflectors ${proposed.map(sanitize).join(', ')}.`);
	}
	if (options.json) io.print(JSON.stringify(doctorReport(findings)));
	else {
		for (const line of doctorLines(findings)) io.print(wrapLine(sanitize(line), io.columns));
		io.print(`\n${wrapLine(verdictLine(findings), io.columns)}`);
	}
	return verdictOf(findings) === 'block' ? failed : done;
};
