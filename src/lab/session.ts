import type {PracticeCluster} from '../practice/cluster.ts';
import {judgeLab, type LabVerdict} from './judge.ts';
import {scoreOf} from './score.ts';
import type {Lab, LabLook} from './types.ts';
import {type LabGround, type LabWorld, openWorld} from './world.ts';

/** Where a learner stands in a lab. */
export type LabState = {
	readonly hints: number;
	readonly prediction: number | null;
	readonly answers: ReadonlyMap<string, string>;
	readonly verdict: LabVerdict | null;
	readonly points: number;
	/** Mistakes seen at any check since the lab began. */
	readonly mistakes: ReadonlySet<string>;
};

/** A lab under way: its cluster, and what the learner has done beside it. */
export type LabSession = {
	readonly lab: Lab;
	readonly state: () => LabState;
	/** The cluster as it is now; another one after a reset. */
	readonly cluster: () => PracticeCluster;
	look(): Promise<LabLook>;
	/** The learner is about to type something. */
	attend(): void;
	predict(option: number): void;
	answer(id: string, text: string): void;
	/** One hint more; the last one stays. */
	hint(): string;
	check(): Promise<LabVerdict>;
	/** Lets something happen. @throws Error with words for the learner. */
	act(name: string, words: readonly string[]): Promise<string>;
	/** Back to the start: another cluster, exactly as the first one was; what was learned about points stays. */
	reset(): Promise<void>;
	close(): Promise<void>;
};

const untouched: LabState = {
	hints: 0,
	prediction: null,
	answers: new Map(),
	verdict: null,
	points: 0,
	mistakes: new Set(),
};

/** Opens a lab. `onSolved` hears of each check that finds it solved. */
export async function openLab(
	lab: Lab,
	ground: LabGround,
	onSolved: (state: LabState) => void = () => undefined,
): Promise<LabSession> {
	let world: LabWorld = await openWorld(lab, ground);
	let state = untouched;
	const change = (more: Partial<LabState>): void => {
		state = {...state, ...more};
	};
	const look = () => world.look(state.answers);
	return {
		lab,
		state: () => state,
		cluster: () => world.cluster,
		look,
		attend: () => world.attend(),
		// The first word counts: afterwards everybody knows.
		predict: option => change({prediction: state.prediction ?? option}),
		answer: (id, text) => change({answers: new Map([...state.answers, [id, text]])}),
		hint: () => {
			const text = lab.hints[Math.min(state.hints, lab.hints.length - 1)] ?? '';
			change({hints: Math.min(state.hints + 1, lab.hints.length)});
			return text;
		},
		check: async () => {
			const verdict = judgeLab(lab, await look());
			const {solved, wrongWays} = verdict;
			const attempt = {hints: state.hints, prediction: state.prediction, solved};
			const mistakes = new Set([...state.mistakes, ...wrongWays.map(({id}) => id)]);
			change({verdict, mistakes, points: Math.max(state.points, scoreOf(lab, attempt))});
			if (solved) onSolved(state);
			return verdict;
		},
		act: async (name, words) => {
			const action = lab.actions?.find(each => each.name === name);
			if (!action) throw new Error(noAction(lab, name));
			world.attend();
			return action.run(world.control, words, await look());
		},
		reset: async () => {
			// The old cluster's meter would look on through every day that the new one's start skips.
			await world.close();
			world = await openWorld(lab, ground);
			change({answers: new Map(), verdict: null});
		},
		close: () => world.close(),
	};
}

function noAction({actions = []}: Lab, name: string): string {
	if (actions.length === 0) return 'There is nothing to let happen in this lab.';
	const known = actions.map(action => `lab do ${action.name} ${action.words}`.trim()).join(', ');
	return name === ''
		? `Say what shall happen: ${known}`
		: `There is no 'lab do ${name}' in this lab. There is: ${known}`;
}
