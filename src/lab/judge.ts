import type {Lab, LabLook, LabWrongWay} from './types.ts';

/** What the check of a lab came to. */
export type LabVerdict = {
	readonly solved: boolean;
	readonly checks: readonly {readonly text: string; readonly missing: string | null}[];
	/** Mistakes that are recognised, also where the lab is solved by now. */
	readonly wrongWays: readonly LabWrongWay[];
};

/** Checks the outcome, and looks for the mistakes that the lab knows. */
export function judgeLab({checks, wrongWays}: Pick<Lab, 'checks' | 'wrongWays'>, look: LabLook): LabVerdict {
	const judged = checks.map(({text, judge}) => ({text, missing: judge(look)}));
	return {
		solved: judged.every(({missing}) => missing === null),
		checks: judged,
		wrongWays: wrongWays.filter(({recognise}) => recognise(look)),
	};
}
