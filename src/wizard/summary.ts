import type {Outcome} from '../apply/events.ts';
import {formatPeerTable} from '../core/node-status-table.ts';
import {reportLines} from '../core/probe/report.ts';
import {currentReflectors} from '../core/reflectors.ts';
import type {Family, Session} from '../core/session.ts';
import {formatDuration} from './durations.ts';
import type {Look} from './looks.ts';
import {count} from './numbers.ts';
import type {RunView, WriteView} from './run-view.ts';
import {sampleNode} from './selectors.ts';
import {totalSessions} from './session-math.ts';
import type {EndedScreen, Problem, RunScreen, WizardState} from './state.ts';

/** One paragraph or table of the closing words. */
export type SummaryPart = {
	readonly kind: 'headline' | 'text' | 'table' | 'problem';
	/** What stands above a table. */
	readonly heading?: string;
	readonly lines: readonly string[];
};

const headlines: Readonly<Record<Outcome, string>> = {
	done: 'Done: the cluster uses route reflectors.',
	'nothing-to-do': 'Nothing to do: the cluster is as planned already.',
	'not-started': 'Nothing was written: the run ended before its first write.',
	'went-back': 'Gone back: every change was taken back, the cluster is as it was before.',
	left: 'The way back could not be walked to its end. What is left stands below.',
	stopped: 'Stopped at once. What was written so far stands as it is.',
};

/** What changed, where the journal is and how to go back: for the last screen and for the normal screen after it. */
export function runSummary({plan, run}: RunScreen, looks: WizardState['looks']): readonly SummaryPart[] {
	const {ended, journal} = run;
	if (!ended) return [];
	const [before, after] = [totalSessions(plan.original), totalSessions(run.snapshot)];
	const reflectors = currentReflectors(run.snapshot);
	const took = run.startedAt === null ? '' : ` It took ${formatDuration(ended.at - run.startedAt)}.`;
	return [
		{kind: 'headline', lines: [headlines[ended.outcome]]},
		...problemParts(run),
		{
			kind: 'text',
			lines: [
				`BGP sessions in the whole cluster: ${count(before)} before, ${count(after)} now.${took}`,
				`Route reflectors now: ${reflectors.length === 0 ? 'none' : reflectors.join(', ')}.`,
				...changedLines(run),
			],
		},
		...(run.probe?.report ? [{kind: 'text' as const, lines: reportLines(run.probe.report)}] : []),
		...tables(plan, looks),
		...(journal === null ? [] : [{kind: 'text' as const, lines: [`Journal: ${journal}`, ...wayOn(run, journal)]}]),
	];
}

/** The closing words as text for the normal screen. */
export function summaryText(screen: EndedScreen, looks: WizardState['looks']): string {
	const {of, problem} = screen;
	if (!of) return problem ? problemLines(problem).join('\n') : 'Nothing was changed.';
	if (!of.run.ended) {
		const journal = of.run.journal === null ? [] : [`Journal: ${of.run.journal}`, ...wayOn(of.run, of.run.journal)];
		return ['The wizard left while the run was still going back.', ...journal].join('\n');
	}
	return runSummary(of, looks)
		.map(part => [...(part.heading ? [part.heading] : []), ...part.lines].join('\n'))
		.join('\n\n');
}

/** A problem as lines: our sentence, the tool's own words, what to do next. */
export function problemLines({message, words, next}: Problem): readonly string[] {
	return [message, ...words.split('\n').filter(line => line.trim() !== ''), ...next];
}

function problemParts({failures, ended}: RunView): readonly SummaryPart[] {
	const left = ended?.left.map(each => `Left: ${each.kind} ${each.name}: ${each.reason}`) ?? [];
	return [
		...failures.map(failure => ({kind: 'problem' as const, lines: problemLines(failure)})),
		...(left.length === 0 ? [] : [{kind: 'problem' as const, lines: left}]),
	];
}

function changedLines({forward, back}: RunView): readonly string[] {
	const lines = (steps: typeof forward, verbs: Readonly<Record<WriteView['verb'], string>>): readonly string[] =>
		steps
			.flatMap(step => step.writes)
			.filter(write => write.state === 'done')
			.map(({verb, kind, name}) => `  ${verbs[verb]} ${kind} ${name}`);
	return [
		...lines(forward, {create: 'created', patch: 'changed', delete: 'deleted'}),
		...lines(back, {create: 'created again', patch: 'changed back', delete: 'deleted again'}),
	];
}

/** calicoctl's own table of one node that stays no reflector, as it was and as it is. */
function tables(plan: RunScreen['plan'], looks: WizardState['looks']): readonly SummaryPart[] {
	const node = sampleNode(plan);
	if (node === undefined) return [];
	const part = (when: string, look: Look | undefined): readonly SummaryPart[] => {
		if (!look?.seen.known || look.seen.value.sessions === null) return [];
		const {sessions} = look.seen.value;
		return [
			{
				kind: 'table',
				heading: `Peers of ${node}, ${when}:`,
				lines: [...familyTable(sessions, 4), ...familyTable(sessions, 6)],
			},
		];
	};
	return [...part('before', looks.start.get(node)), ...part('now', looks.now.get(node))];
}

/** Rows of a table that the closing words show: a node of a large mesh has thousands. */
const shownPeers = 10;

function familyTable(sessions: readonly Session[], family: Family): readonly string[] {
	const all = sessions.filter(session => session.family === family);
	if (all.length === 0) return [`No IPv${family} peers found.`];
	const rest = all.length - shownPeers;
	const table = formatPeerTable(all.slice(0, shownPeers)).trimEnd().split('\n');
	return rest > 0 ? [...table, `and ${count(rest)} more`] : table;
}

function wayOn({ended}: RunView, journal: string): readonly string[] {
	const rollback = `calico-rr-wizard rollback --journal ${journal}`;
	switch (ended?.outcome) {
		case 'done':
			return [`To go back: ${rollback}`];
		case 'left':
		case 'stopped':
		case undefined:
			return [
				`To take back what is left: ${rollback}`,
				`To go on with it: calico-rr-wizard resume --journal ${journal}`,
			];
		case 'went-back':
		case 'not-started':
		case 'nothing-to-do':
			return [];
	}
}
