import {type Dispatch, useCallback, useEffect} from 'react';
import type {Progress} from '../../lab/progress.ts';
import type {Asked, LabAction} from '../../lab/screen/reducer.ts';
import type {LabSession} from '../../lab/session.ts';
import {verdictText} from '../../lab/text.ts';
import type {Lab} from '../../lab/types.ts';
import type {AdjustableClock} from '../../practice/adjustable-clock.ts';

/** What the screens need of the room in which the lab lives. */
export type LabRoom = {
	/** Opens the lab, or gives it back where it is open already. */
	enter(lab: Lab): Promise<LabSession>;
	/** The lab that is open; null for none. */
	session(): LabSession | null;
	/** Ends the lab that is open. */
	leave(): Promise<void>;
	readonly clock: AdjustableClock;
	readonly progress: () => Progress;
};

/** Brings a lab's cluster to its start when it is chosen, and ends it when it is left for the list. */
export function useOpening(lab: Lab | undefined, room: LabRoom, dispatch: Dispatch<LabAction>): void {
	useEffect(() => {
		let isGone = false;
		const task = lab ? room.enter(lab) : room.leave();
		task.then(
			session => {
				if (session && !isGone) dispatch({type: 'state', state: session.state(), speed: room.clock.speed()});
			},
			error => {
				if (!isGone) dispatch({type: 'failed', text: wordsOf(error)});
			},
		);
		return () => {
			isGone = true;
		};
	}, [lab, room, dispatch]);
}

/** Milliseconds of real time between two looks. */
const pause = 1000;

/** Looks at the cluster again and again while the lab is open. */
export function useWatchingLab(lab: Lab | undefined, room: LabRoom, dispatch: Dispatch<LabAction>): void {
	useEffect(() => {
		if (!lab) return;
		const controller = new AbortController();
		void watch(room, dispatch, controller.signal);
		return () => controller.abort();
	}, [lab, room, dispatch]);
}

async function watch(room: LabRoom, dispatch: Dispatch<LabAction>, signal: AbortSignal): Promise<void> {
	while (!signal.aborted) {
		try {
			const look = await room.session()?.look();
			if (look && !signal.aborted) dispatch({type: 'looked', look});
		} catch (error) {
			if (!signal.aborted) dispatch({type: 'failed', text: wordsOf(error)});
		}
		await new Promise(resolve => setTimeout(resolve, pause));
	}
}

/** The speeds that a key walks through. */
const speeds: readonly number[] = [1, 10, 60];

/** Does what a key asked of the lab's session, and tells what came of it. */
export function useAsking(room: LabRoom, dispatch: Dispatch<LabAction>): (asked: Asked, key: string) => Promise<void> {
	return useCallback(
		async (asked, key) => {
			try {
				const session = room.session();
				if (!session) return;
				const text = await answerTo(asked, key, session, room);
				if (text === null) dispatch({type: 'state', state: session.state(), speed: room.clock.speed()});
				else dispatch({type: 'told', text, state: session.state(), progress: room.progress()});
			} catch (error) {
				dispatch({type: 'failed', text: wordsOf(error)});
			}
		},
		[room, dispatch],
	);
}

/** What is to be read afterwards; null where the screen itself shows it. */
async function answerTo(asked: Asked, key: string, session: LabSession, {clock}: LabRoom): Promise<string | null> {
	session.attend();
	switch (asked) {
		case 'check':
			return verdictText(session.lab, await session.check(), session.state());
		case 'hint': {
			const text = session.hint();
			return `Hint ${session.state().hints} of ${session.lab.hints.length}:\n\n${text}`;
		}
		case 'predict': {
			const {options} = session.lab.predict;
			const option = options[Number(key) - 1];
			if (option === undefined) throw new Error(`There are ${options.length} answers to choose from.`);
			if (session.state().prediction !== null) throw new Error('You have said what you expect; the first word counts.');
			session.predict(Number(key) - 1);
			return `You expect: ${option}\n\nNow see what happens, in the shell (s) and in the picture. The check (c) tells whether you were right.`;
		}
		case 'reset':
			await session.reset();
			return 'The cluster is as it was at the start of the lab.';
		case 'speed':
			if (clock.isReal) throw new Error('Real BIRD lives in real time, which runs no faster.');
			clock.setSpeed(speeds[(speeds.indexOf(clock.speed()) + 1) % speeds.length] ?? 1);
			return null;
		default:
			return asked satisfies never;
	}
}

function wordsOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
