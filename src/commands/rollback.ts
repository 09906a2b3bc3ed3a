import {readFileSync} from 'node:fs';
import {decideHolding} from '../apply/holding.ts';
import {journalFolder, listJournals} from '../apply/journal.ts';
import {type JournaledRun, parseJournal} from '../apply/journal-read.ts';
import type {ClusterIdentity} from '../cluster/port.ts';
import {sanitize} from '../cluster/sanitize.ts';
import {makeWayBack, type WayBack} from '../core/plan/back.ts';
import {UserError} from '../core/user-error.ts';
import {exitCodeOf, followRun} from '../plain/follow-run.ts';
import {planText} from '../plain/plan-text.ts';
import {Cancelled} from '../plain/questions.ts';
import {confirmationWord} from '../wizard/steps.ts';
import type {Command} from './command.ts';
import {connect} from './connect.ts';
import {failed, interrupted} from './exit-codes.ts';
import type {Io} from './io.ts';
import {outputOf} from './output.ts';
import {presetOf} from './preset.ts';
import type {Options} from './table.ts';
import {wizardContext} from './wizard-context.ts';

/** `rollback`: takes an earlier run back, as its journal says and as far as nobody changed the same things since. */
export const rollback: Command = async ({options}, io) => {
	const connection = await connect(options, io, {changesUnasked: true});
	const {cluster} = connection;
	// The cluster says who it is only once it was read.
	const {snapshot} = await cluster.read(io.interrupts.signal);
	const {path, run} = options.journal === undefined ? newestOf(cluster.identity, io.env) : journalAt(options.journal);
	if (run.cluster.guid !== cluster.identity.guid) {
		throw new UserError(`The journal ${path} is about another cluster (${run.cluster.name}).`, {
			next: ['Name the right cluster, or another journal with --journal.'],
		});
	}
	io.progress(sanitize(`Taking back the run of ${run.at}, from ${path}.`));
	const way = makeWayBack(run.written, snapshot, {
		holding: await decideHolding(presetOf(options), cluster),
		held: run.held,
	});
	for (const {kind, name, reason} of way.conflicts) io.progress(sanitize(`Stays: ${kind} ${name}: ${reason}.`));
	const output = outputOf(options, io);
	if (way.plan.steps.length > 0) {
		if (!options.json) output.result(planText(way.plan, cluster));
		if (!(await agreed(options, cluster.identity, io))) return interrupted;
	}
	const context = wizardContext(options, connection, io);
	const ended = await followRun(way.plan, {context, output, onSignal: io.interrupts.onSignal});
	return exitCode(way, exitCodeOf(ended.outcome));
};

function exitCode({conflicts}: WayBack, code: number): number {
	return code === 0 && conflicts.length > 0 ? failed : code;
}

type Found = {readonly path: string; readonly run: JournaledRun};

function journalAt(path: string): Found {
	let text: string;
	try {
		text = readFileSync(path, 'utf8');
	} catch (error) {
		throw new UserError(`The journal ${path} cannot be read: ${(error as Error).message}.`);
	}
	return {path, run: parseJournal(text, path)};
}

/** Outcomes that leave nothing to take back. */
const settled: readonly (string | undefined)[] = ['went-back', 'not-started', 'nothing-to-do'];

/** The newest run on this cluster that went forward and stayed so, unless a later one took it back. */
function newestOf(identity: ClusterIdentity, env: NodeJS.ProcessEnv): Found {
	const folder = journalFolder(env);
	for (const path of listJournals(folder)) {
		const {run} = journalAt(path);
		if (run.cluster.guid !== identity.guid || settled.includes(run.ended)) continue;
		if (run.direction === 'forward') return {path, run};
		if (run.ended === 'done') break;
	}
	throw new UserError(`There is no run on this cluster to take back in ${folder}.`, {
		next: ['Name a journal with --journal.'],
	});
}

async function agreed({yes, json}: Options, identity: ClusterIdentity, io: Io): Promise<boolean> {
	if (yes || (identity.practice && !io.canAsk)) return true;
	if (!io.canAsk || json) {
		throw new UserError('The cluster is changed only after a yes, and there is no terminal to ask on.', {
			next: ['Give --yes.'],
		});
	}
	const word = confirmationWord(identity);
	const {createPrompts} = await import('../plain/prompts.ts');
	try {
		const typed = await createPrompts(io.interrupts.signal).line({
			text: `Type ${sanitize(word)} to change the cluster, or nothing to leave:`,
			check: value => (['', word].includes(value.trim()) ? undefined : `Type ${sanitize(word)}, or nothing.`),
		});
		return typed.trim() === word;
	} catch (error) {
		if (error instanceof Cancelled) return false;
		throw error;
	}
}
