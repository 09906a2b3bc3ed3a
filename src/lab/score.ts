import type {Lab} from './types.ts';

/** What a lab is worth: most for solving it, the rest for having said beforehand what would happen. */
export const points = {solved: 8, predicted: 2} as const;
/** What each further hint takes from the points for solving: a nudge is cheap, the full fix leaves one. */
const hintCosts: readonly number[] = [1, 2, 4];
export const mostPoints = points.solved + points.predicted;

/** How a learner came to where he is. */
export type Attempt = {readonly hints: number; readonly prediction: number | null; readonly solved: boolean};

/** Points so far; hints only ever cost points. */
export function scoreOf({predict}: Pick<Lab, 'predict'>, {hints, prediction, solved}: Attempt): number {
	const cost = hintCosts.slice(0, hints).reduce((sum, each) => sum + each, 0);
	return (solved ? points.solved - cost : 0) + (prediction === predict.right ? points.predicted : 0);
}
