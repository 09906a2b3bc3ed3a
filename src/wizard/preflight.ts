import type {Finding, FindingState} from '../core/doctor/types.ts';
import type {Choice} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {choiceOf} from './answers.ts';
import {type Problem, planOf, type WizardState} from './state.ts';

/** What the doctor says of a choice on the cluster as it was read; `since` is on the run's clock. */
export type Preflight = {readonly choice: Choice; readonly snapshot: Snapshot; readonly answer: PreflightAnswer};

export type PreflightAnswer =
	| {readonly state: 'asking'; readonly since: number}
	| {readonly state: 'known'; readonly findings: readonly Finding[]}
	| {readonly state: 'failed'; readonly problem: Problem};

/** The choice that the doctor is to be asked about now; null where it is asked nothing, or has answered. */
export function preflightQuestion(state: WizardState): Choice | null {
	const {data, screen, preflight, answers} = state;
	if (!data || !examinedOn.has(screen.name)) return null;
	const isCurrent = preflight?.snapshot === data.snapshot;
	// While reflectors are still being chosen one answer is enough, since most findings do not hang on who is chosen. Each
	// plan is asked about anew: what was found when the nodes were read may be long past.
	const wanted = planOf(screen)?.choice ?? (isCurrent ? preflight.choice : choiceOf(answers));
	const isAnswered = isCurrent && preflight.answer.state !== 'asking' && preflight.choice === wanted;
	return isAnswered ? null : wanted;
}

/** Before the first write. The doctor's own screen asks for what the screen before it asked for. */
const examinedOn: ReadonlySet<WizardState['screen']['name']> = new Set([
	'nodes',
	'reflectors',
	'preview',
	'confirm',
	'doctor',
]);

/** What the doctor says of that plan's choice; null where it was not asked about this plan. */
export function preflightOf({preflight, data}: WizardState, choice: Choice | undefined): PreflightAnswer | null {
	if (!preflight || preflight.snapshot !== data?.snapshot) return null;
	return preflight.choice === choice ? preflight.answer : null;
}

/** The findings in some states, in that order of states. */
export function findingsIn(findings: readonly Finding[], ...states: readonly FindingState[]): readonly Finding[] {
	return states.flatMap(state => findings.filter(finding => finding.state === state));
}

/** Why the first write must not be made, in a sentence; undefined where the doctor has nothing against it. */
export function preflightRefusal(state: WizardState, choice: Choice | undefined): string | undefined {
	const answer = preflightOf(state, choice);
	if (answer?.state !== 'known') return undefined;
	const [first, ...more] = findingsIn(answer.findings, 'block');
	if (!first) return undefined;
	return `The doctor stops this: ${first.reason}${more.length > 0 ? ` And ${more.length} more.` : ''} Read it all with d.`;
}
