import type {Verdict, Verdicts} from '../apply/dry-run.ts';
import type {Cluster} from '../cluster/port.ts';
import {sanitize, sanitizeLines} from '../cluster/sanitize.ts';
import {countWrites, type DiffLine, writeDiff} from '../core/diff.ts';
import {lossText} from '../core/loss/words.ts';
import {canaryCommands} from '../core/plan/canary-step.ts';
import {checkText} from '../core/plan/gate-scope.ts';
import {holdCommands} from '../core/plan/hold-steps.ts';
import type {Plan, Step} from '../core/plan/types.ts';
import {probeCommand} from '../core/probe/scope.ts';
import {plannedSnapshot, totalSessions} from '../wizard/session-math.ts';
import {commandLine} from './command-line.ts';

const marks: Readonly<Record<DiffLine['kind'], string>> = {same: ' ', added: '+', removed: '-', gap: ' '};

/** The plan in one sentence: `1 to create, 4 to change, 0 to delete; BGP sessions 10 now, 9 afterwards.` */
export function planSummary(plan: Plan): string {
	const {create, patch, delete: gone} = countWrites(plan);
	const [before, after] = [totalSessions(plan.original), totalSessions(plannedSnapshot(plan))];
	return `${create} to create, ${patch} to change, ${gone} to delete; BGP sessions: ${before} now, ${after} afterwards.`;
}

/** The whole plan as text: every step with its reason, its effect, its commands and the change they make. */
export function planText(plan: Plan, cluster: Cluster, verdicts: Verdicts = new Map()): string {
	const steps = plan.steps.map((step, index) =>
		stepText(step, {number: index + 1, count: plan.steps.length, cluster, verdicts}),
	);
	const warnings = plan.warnings.map(warning => `Warning: ${sanitize(warning)}`);
	const head = [...warnings, ...probeText(plan)];
	return [...head, ...(head.length > 0 ? [''] : []), ...steps, sanitize(lossText(plan)), planSummary(plan)].join('\n');
}

function probeText({probe}: Plan): readonly string[] {
	return probe ? ['Pings between the nodes during the whole run:', `  $ ${probeCommand(probe)}`] : [];
}

type Shown = {
	readonly number: number;
	readonly count: number;
	readonly cluster: Cluster;
	readonly verdicts: Verdicts;
};

function stepText(step: Step, {number, count, cluster, verdicts}: Shown): string {
	const writes = step.writes.flatMap(write => [
		...indent(commandLine(cluster.commandFor(write)), '  $ '),
		// The here-document of a creation is the whole resource already.
		...(write.verb === 'create'
			? []
			: writeDiff(write).map(line => `    ${marks[line.kind]} ${sanitizeLines(line.text)}`)),
		...verdictLines(verdicts.get(write)),
	]);
	return [
		`Step ${number} of ${count}: ${sanitize(step.title)}`,
		`  Why: ${sanitize(step.why)}`,
		`  Sessions: ${sanitize(step.effect.sessions)}`,
		`  Traffic: ${sanitize(step.effect.traffic)}`,
		...(step.check ? [`  ${checkText(step.check)}`] : []),
		...writes,
		...(step.canary ? canaryCommands.map(text => `  $ ${text}`) : []),
		...(step.hold ? holdCommands(step.hold).map(text => `  $ ${text}`) : []),
		...(step.gate ? [`  Then it waits until ${step.gate.nodes.length} nodes show what is expected.`] : []),
		'',
	].join('\n');
}

/** What the server says to a write that was only tried. */
function verdictLines(verdict: Verdict | undefined): readonly string[] {
	switch (verdict?.state) {
		case undefined:
			return [];
		case 'accepted':
			return ['    server accepts'];
		case 'unasked':
			return [`    server not asked: ${sanitize(verdict.reason)}`];
		case 'refused': {
			const words = sanitizeLines(verdict.words).split('\n').filter(Boolean);
			return [`    server refuses: ${sanitize(verdict.message)}`, ...words.map(each => `    | ${each}`)];
		}
	}
}

function indent(text: string, first: string): readonly string[] {
	return text.split('\n').map((line, index) => `${index === 0 ? first : ' '.repeat(first.length)}${line}`);
}
