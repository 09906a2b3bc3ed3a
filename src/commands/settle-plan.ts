import {refuseRefused, tryAll} from '../apply/dry-run.ts';
import type {Plan} from '../core/plan/types.ts';
import {planText} from '../plain/plan-text.ts';
import {wrapProse} from '../plain/wrap-prose.ts';
import {agreed} from './agreed.ts';
import type {Connection} from './connect.ts';
import type {Io} from './io.ts';
import {outputOf} from './output.ts';
import type {Options} from './table.ts';

/** A command's cluster, flags and process. */
export type Session = {readonly connection: Connection; readonly options: Options; readonly io: Io};

/**
 * Shows a plan with what the server says to each of its writes, and asks; false where the person says no. A server that
 * cannot be asked beforehand stops nothing: a way back must stay open where dry runs do not work.
 * @throws UserError (exit code 1) where the server refuses a write, (2) where nobody can be asked.
 */
export async function settlePlan(plan: Plan, {connection: {cluster}, options, io}: Session): Promise<boolean> {
	const verdicts = await tryAll(plan, cluster, io.interrupts.signal);
	if (!options.json) outputOf(options, io).result(wrapProse(planText(plan, cluster, verdicts), io.columns));
	refuseRefused(plan, verdicts);
	return agreed(options, cluster.identity, io);
}
