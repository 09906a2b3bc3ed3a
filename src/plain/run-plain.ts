import {refusalSentence, refusals, refuseRefused, tryAll, type Verdicts} from '../apply/dry-run.ts';
import {examineCluster} from '../apply/examine-cluster.ts';
import {decideHolding} from '../apply/holding.ts';
import {knownNodes} from '../apply/node-facts.ts';
import {lookAtNodes} from '../cluster/look-at-nodes.ts';
import {quoteForShell} from '../cluster/node-shell.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {doctorLines, verdictLine, verdictOf} from '../core/doctor/report.ts';
import type {Finding} from '../core/doctor/types.ts';
import {makePlan} from '../core/plan/make.ts';
import type {Plan} from '../core/plan/types.ts';
import type {Snapshot} from '../core/snapshot.ts';
import {UserError} from '../core/user-error.ts';
import {type Answers, answersFor, choiceOf, initialAnswers} from '../wizard/answers.ts';
import type {WizardContext, WizardResult} from '../wizard/context.ts';
import {plannedSnapshot, totalSessions} from '../wizard/session-math.ts';
import {confirmationWord} from '../wizard/steps.ts';
import {askAll} from './ask.ts';
import {type Ended, exitCodeOf, followRun, type OnSignal, type Output} from './follow-run.ts';
import {planSummary, planText} from './plan-text.ts';
import {Cancelled, type Prompts} from './questions.ts';
import {addressIn, statusText} from './status-text.ts';

export type PlainOptions = {
	readonly context: WizardContext;
	readonly output: Output;
	readonly onSignal: OnSignal;
	/** Asks the person; null where nobody can be asked. */
	readonly prompts: Prompts | null;
	/** The cluster may be changed without asking. */
	readonly yes: boolean;
	/** Nodes may be proposed as reflectors where nobody named any and nobody can be asked. */
	readonly propose: boolean;
};

/** The tables of more nodes than this would bury the rest; then only the first few are shown. */
const shownNodes = 10;

/**
 * The migration without screens: asks what no flag has answered, one question after the other, shows the plan, asks
 * before it writes, and prints what `calicoctl node status` says on each node before and after. The same steps, plan
 * and engine as the screens.
 * @throws UserError where something must be asked and nobody can be.
 */
export async function runPlain(options: PlainOptions): Promise<WizardResult> {
	const {context, output, prompts} = options;
	const {snapshot} = await context.cluster.read(context.signal);
	const {name, practice, via} = context.cluster.identity;
	output.progress(
		sanitize(`Cluster: ${practice ? 'practice cluster' : `${name}, through ${via}`}, ${snapshot.nodes.length} nodes.`),
	);
	try {
		const plan = await settlePlan(options, snapshot);
		return plan === null ? left : await carryOut(plan, options);
	} catch (error) {
		if (error instanceof Cancelled && prompts) return left;
		throw error;
	}
}

/** What came of it where the person left at a question. */
export const left: WizardResult = {exitCode: 130, summary: 'Left. Nothing was changed.'};

/** The plan that the person, or the flags, agreed to; null where the person left. */
async function settlePlan(options: PlainOptions, snapshot: Snapshot): Promise<Plan | null> {
	const {context, output, prompts, yes, propose} = options;
	const {preset, cluster} = context;
	const holding = await decideHolding(preset, cluster);
	const facts = preset.reflectors ? undefined : await knownNodes(cluster, context.signal);
	let answers: Answers = answersFor(initialAnswers(preset), preset, snapshot, holding, facts);
	for (;;) {
		const unnamed = !preset.reflectors && !propose;
		if (prompts && (!yes || unnamed)) answers = await askAll(prompts, snapshot, preset, answers, facts);
		else if (unnamed) throw notNamed(answers);
		const choice = choiceOf(answers);
		const plan = makePlan(snapshot, choice);
		output.progress(sanitize(`Route reflectors: ${choice.reflectors.join(', ')}.`));
		for (const warning of plan.warnings) output.progress(`Warning: ${sanitize(warning)}`);
		if (plan.steps.length === 0) return plan;
		output.progress(planSummary(plan));
		const verdicts = await tryAll(plan, cluster, context.signal);
		if (yes) {
			refuseRefused(plan, verdicts);
			return plan;
		}
		if (!prompts) throw notAsked();
		output.progress('The doctor is looking at the cluster …');
		const findings = await examineCluster(cluster, {
			choiceFor: () => choice,
			allowVersionMismatch: context.allowVersionMismatch === true,
			signal: context.signal,
			env: context.env,
		});
		const next = await afterPreview({plan, verdicts, findings}, options, prompts);
		if (next === 'leave') return null;
		if (next === 'apply') return plan;
	}
}

function notNamed(answers: Answers): UserError {
	return new UserError('Nobody said which nodes become route reflectors, and there is no terminal to ask on.', {
		next: [`Name them; the proposal is: --reflectors ${(answers.reflectors ?? []).join(',')}`],
	});
}

function notAsked(): UserError {
	return new UserError('The cluster is changed only after a yes, and there is no terminal to ask on.', {
		next: ['Give --yes, or see what would be done with: calico-rr-wizard plan'],
	});
}

type Preview = {readonly plan: Plan; readonly verdicts: Verdicts; readonly findings: readonly Finding[]};

async function afterPreview(
	{plan, verdicts, findings}: Preview,
	{context, output}: PlainOptions,
	prompts: Prompts,
): Promise<'apply' | 'again' | 'leave'> {
	output.result(`\n${planText(plan, context.cluster, verdicts)}\n`);
	output.result(doctorText(findings));
	for (;;) {
		const next = await prompts.one({
			text: 'What next?',
			options: [
				{value: 'apply', label: 'Apply the plan'},
				{value: 'save', label: 'Save the plan as YAML files'},
				{value: 'again', label: 'Answer the questions again'},
				{value: 'leave', label: 'Leave without changing anything'},
			],
		});
		if (next === 'save') output.result(`The plan is in ${sanitize(await context.savePlan(plan))}.`);
		else if (next !== 'apply') return next;
		else if (refusals(plan, verdicts).length > 0) output.result(sanitize(`${refusalSentence(plan, verdicts)}`));
		else if (verdictOf(findings) === 'block') output.result(verdictLine(findings));
		else if (await confirmed(context, prompts)) return 'apply';
	}
}

/** What the doctor found, without what speaks for the migration. */
function doctorText(findings: readonly Finding[]): string {
	const told = findings.filter(({state}) => state !== 'pass');
	return [...doctorLines(told).map(sanitize), verdictLine(findings), ''].join('\n');
}

async function confirmed({cluster}: WizardContext, prompts: Prompts): Promise<boolean> {
	const word = confirmationWord(cluster.identity);
	const typed = await prompts.line({
		text: `Type ${sanitize(word)} to change the cluster, or nothing to go back:`,
		check: value => (['', word].includes(value.trim()) ? undefined : `Type ${sanitize(word)}, or nothing.`),
	});
	return typed.trim() === word;
}

async function carryOut(plan: Plan, {context, output, onSignal}: PlainOptions): Promise<WizardResult> {
	const {cluster, signal} = context;
	const names = plan.original.nodes.map(node => node.metadata.name);
	const shown = names.slice(0, shownNodes);
	const addressOf = addressIn(plan.original);
	const tables = async () => statusText(shown, await lookAtNodes(cluster, plan.original, shown), addressOf);
	// Events are the whole answer where they are what was asked for.
	const show = output.event === undefined;
	if (show) output.result(`Before: ${totalSessions(plan.original)} BGP sessions\n\n${await tables()}`);
	signal.throwIfAborted();
	const ended = await followRun(plan, {context, output, onSignal});
	const {snapshot: now} = show ? await cluster.read() : {snapshot: plannedSnapshot(plan)};
	if (show) output.result(`After: ${totalSessions(now)} BGP sessions\n\n${await tables()}`);
	return {exitCode: exitCodeOf(ended.outcome), summary: summaryOf(ended)};
}

function summaryOf({outcome, journal}: Ended): string {
	if (journal === null || outcome === 'not-started') return '';
	const kept = `Journal: ${sanitize(journal)}`;
	const path = quoteForShell(sanitize(journal));
	const rollback = `calico-rr-wizard rollback --journal ${path}`;
	switch (outcome) {
		case 'done':
			return `${kept}\nTo go back: ${rollback}`;
		case 'left':
		case 'stopped':
			return `${kept}\nTo take back what is left: ${rollback}\nTo go on with it: calico-rr-wizard resume --journal ${path}`;
		case 'went-back':
		case 'nothing-to-do':
			return kept;
	}
}
